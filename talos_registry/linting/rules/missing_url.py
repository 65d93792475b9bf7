"""An endpoint has no URL.

Flags: an item of ``endpoints`` without ``url`` or with an empty one. Talos refuses it in a document; in the legacy
section, where an endpoint is plain text, it takes an empty one.

Because: there is nobody to ask.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - overridePath: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io
        overridePath: true

Fix: write the URL, or remove the item. ``url`` and ``overridePath`` of one endpoint stand behind one ``-``.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go (Validate)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Legacy endpoints that are empty."""
    for mirror, endpoint in view.endpoints():
        if mirror.is_legacy and not endpoint.text:
            yield Finding(
                endpoint.path, f"An endpoint of {quoted(mirror.name)} is empty, so every pull through it fails."
            )
