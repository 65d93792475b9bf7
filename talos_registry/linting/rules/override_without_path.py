"""overridePath is on and the endpoint has no path.

Flags: endpoints with overridePath and no path.

Because: overridePath means "use the path as it is". Without one, nodes request ``/library/nginx/manifests/latest``
instead of ``/v2/library/nginx/manifests/latest``, and every pull through the endpoint ends in 404.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
        overridePath: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io

Fix: remove overridePath.

Source: https://github.com/kubermatic/operating-system-manager/pull/611; siderolabs/talos,
internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Remove
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Endpoints that are asked outside of /v2."""
    for mirror in view.mirrors.values():
        bare = [
            endpoint
            for endpoint in mirror.endpoints
            if endpoint.override_path and endpoint.host and not endpoint.url_path.strip("/")
        ]
        is_for_all = bool(bare) and _is_for_all(mirror)
        for endpoint in bare:
            request = view.request(mirror, endpoint)
            advice = "remove overridePath" if is_for_all else f"write {quoted(endpoint.text.rstrip('/') + '/v2')}"
            message = f"overridePath is on and {quoted(endpoint.text)} has no path, so nodes request {request}, without /v2; {advice}."
            fix = ProposedFix("Remove overridePath", (Remove(endpoint.override_at),)) if is_for_all else None
            yield Finding(endpoint.override_at, message, fix)


def _is_for_all(mirror: Mirror) -> bool:
    """Whether the flag can go without breaking another endpoint; in the legacy section all share it."""
    return not mirror.is_legacy or not any(endpoint.url_path.strip("/") for endpoint in mirror.endpoints)
