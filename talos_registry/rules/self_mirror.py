"""The upstream is listed as an endpoint although it is tried last anyway.

Flags: an https endpoint that is the upstream of its own mirror, with nothing that makes a difference: no skipFallback,
no TLS settings, no other path.

Because: after its endpoints a mirror falls back to the upstream by itself.

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

from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding, Mend, Remove
from talos_registry.hosts import upstream_host

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_FALLBACK_SINCE = (1, 9)


def check(view: View) -> Iterator[Finding]:
    """Endpoints that the fallback makes superfluous."""
    if view.release.number < _FALLBACK_SINCE:
        return
    for mirror, endpoint in view.endpoints():
        if not mirror.skip_fallback and _is_upstream(mirror, endpoint) and endpoint.host not in view.tls:
            message = f"{quoted(endpoint.text)} is the upstream of {quoted(mirror.name)}, which is tried last without being listed."
            item = endpoint.path if mirror.is_legacy else endpoint.path[:-1]
            yield Finding(endpoint.path, message, Mend("Leave it to the fallback", (Remove(item),)))


def _is_upstream(mirror: Mirror, endpoint: Endpoint) -> bool:
    is_plain = endpoint.url_path.strip("/") in {"", "v2"} and not endpoint.override_path
    return endpoint.scheme == "https" and endpoint.host == upstream_host(mirror.name) and is_plain
