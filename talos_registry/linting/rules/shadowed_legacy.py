"""A document replaces a legacy entry of the same name.

Flags: entries of ``machine.registries`` for which there is a document of the same name.

Because: a document replaces the legacy entry as a whole. Endpoints, skipFallback and TLS settings that are only in the
legacy entry are gone, without a message.

Flagged:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - https://cache-a.example
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://cache-b.example

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://cache-a.example
      - url: https://cache-b.example

Fix: move what is still wanted into the document and remove the legacy entry; ``talos-registry migrate`` does the rest.

Source: siderolabs/talos, pkg/machinery/config/container/container.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Remove
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Legacy entries that have no effect."""
    for shadowed in view.shadowed:
        message = f"The {shadowed.kind} document {quoted(shadowed.name)} replaces this legacy entry as a whole; nothing in it has any effect."
        yield Finding(
            shadowed.path, message, ProposedFix("Remove the legacy entry", (Remove(shadowed.path),), safe=True)
        )
