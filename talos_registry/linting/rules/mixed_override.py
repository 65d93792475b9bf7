"""A legacy mirror has one overridePath for endpoints that need different ones.

Flags: legacy mirrors with an endpoint that goes on after ``/v2`` beside one without a path.

Because: in the legacy section overridePath is one flag for the whole mirror. Whichever value it has, one of the
endpoints gets the wrong URL.

Flagged:

    # also: override-without-path
    machine:
      registries:
        mirrors:
          quay.io:
            endpoints:
              - https://harbor.example/v2/proxy-quay.io
              - https://quay-cache.example
            overridePath: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: quay.io
    endpoints:
      - url: https://harbor.example/v2/proxy-quay.io
        overridePath: true
      - url: https://quay-cache.example

Fix: use a RegistryMirrorConfig document (Talos 1.12 or later), where each endpoint has its own flag; or write
``/v2`` as the path of the plain endpoint and set overridePath.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_provider.go (the flag is copied to every endpoint)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.rules.doubled_v2 import OVERRIDE_SINCE, has_inner_v2
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_PAIR = 2


def check(view: View) -> Iterator[Finding]:
    """Legacy mirrors for which no value of the flag is right."""
    if view.release.number < OVERRIDE_SINCE:
        return
    for mirror in view.mirrors.values():
        if not mirror.is_legacy or len(mirror.endpoints) < _PAIR:
            continue
        wants = next((endpoint for endpoint in mirror.endpoints if has_inner_v2(endpoint.url_path)), None)
        breaks = next(
            (endpoint for endpoint in mirror.endpoints if endpoint.host and not endpoint.url_path.strip("/")), None
        )
        if wants and breaks:
            message = (
                f"{quoted(wants.text)} needs overridePath and {quoted(breaks.text)} breaks with it, but the flag is for "
                f"the whole mirror {quoted(mirror.name)}; write {quoted(breaks.text.rstrip('/') + '/v2')} and set the "
                "flag, or use a RegistryMirrorConfig document, where each endpoint has its own."
            )
            yield Finding(wants.override_at, message)
