"""overridePath is on and the path does not begin with /v2.

Flags: endpoints with overridePath and a path that neither begins with ``/v2`` nor ends in it. On hosts that are known to
serve the registry API at their root only, such as ghcr.io, it must begin with ``/v2``.

Because: with overridePath nodes use the path as it is. The registry API is served under ``/v2``, by Harbor under
``/v2/PROJECT``; a path without it leads to the web pages of the server.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://harbor.example/proxy-ghcr.io
        overridePath: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://harbor.example/v2/proxy-ghcr.io
        overridePath: true

Fix: put ``/v2`` before the path.

Source: https://github.com/siderolabs/talos/issues/8543
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.go.url import clean_path
from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import serves_at_root_only
from talos_registry.linting.rules.docker_hub_endpoint import has_wrong_path
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Endpoints whose path is used as it is and is not one of the registry API."""
    for mirror, endpoint in view.endpoints():
        if endpoint.override_path and _lacks_v2(endpoint) and not has_wrong_path(mirror, endpoint):
            request = view.request(mirror, endpoint)
            right = endpoint.below_v2()
            message = (
                f"overridePath is on, so nodes request {request}; the registry API is below /v2: write {quoted(right)}."
            )
            yield Finding(endpoint.path, message, ProposedFix("Put /v2 before the path", (Put(endpoint.path, right),)))


def _lacks_v2(endpoint: Endpoint) -> bool:
    path = clean_path(endpoint.url_path or "/")
    if path in {"/", "/v2"} or path.startswith("/v2/"):
        return False
    return serves_at_root_only(endpoint.host) or not path.endswith("/v2")
