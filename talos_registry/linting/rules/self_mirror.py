"""The upstream is listed as an endpoint although it is tried last anyway.

Flags: an https endpoint that is the upstream of its own mirror, with nothing that makes a difference: no TLS settings,
no other path, no skipFallback beside other endpoints, no catch-all from which it keeps its registry.

Because: after its endpoints a mirror falls back to the upstream by itself, and without a mirror nodes ask nobody else.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
      - url: https://registry-1.docker.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io

Fix: leave the endpoint out.

Source: https://github.com/siderolabs/talos/issues/10274; siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Remove
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_FALLBACK_SINCE = (1, 9)


def check(view: View) -> Iterator[Finding]:
    """Endpoints that the fallback makes superfluous."""
    if view.release.number < _FALLBACK_SINCE:
        return
    for mirror, endpoint in view.endpoints():
        is_only = len(mirror.endpoints) == 1
        if not _is_upstream(mirror, endpoint) or endpoint.host in view.tls:
            continue
        if view.catch_all is not None if is_only else mirror.skip_fallback:
            continue  # it keeps the registry out of the catch-all, or is the fallback itself
        reason = f"{quoted(endpoint.text)} is the upstream of {quoted(mirror.name)}"
        if is_only:
            yield Finding(endpoint.path, f"{reason}: nodes do the same without this mirror.")
        else:
            item = endpoint.path if mirror.is_legacy else endpoint.path[:-1]
            fix = ProposedFix("Leave it to the fallback", (Remove(item),))
            yield Finding(endpoint.path, f"{reason}, which is tried last without being listed.", fix)


def _is_upstream(mirror: Mirror, endpoint: Endpoint) -> bool:
    path = endpoint.url_path.strip("/")
    is_plain = path == "v2" or (path == "" and not endpoint.override_path)
    return endpoint.scheme == "https" and mirror.is_upstream(endpoint.host) and is_plain
