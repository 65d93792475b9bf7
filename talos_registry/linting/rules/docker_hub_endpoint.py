"""An endpoint is Docker's web site instead of its registry.

Flags: endpoints on ``docker.io``, ``hub.docker.com`` and other hosts of Docker's that are no registry.

Because: Docker Hub's registry is ``registry-1.docker.io``. The web site answers registry requests with pages and
redirects, and the pull ends in "manifest unknown" or an error about text/html.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
      - url: https://docker.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: leave the endpoint out, since the upstream is tried last anyway; with skipFallback write
``https://registry-1.docker.io``.

Source: https://github.com/lhns/docker-registry-cache/issues/204; containerd/containerd, core/remotes/docker/resolver.go
(DefaultHost)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put, Remove
from talos_registry.linting.hostnames import is_docker_site
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Endpoints that serve web pages."""
    for mirror, endpoint in view.endpoints():
        if is_docker_site(endpoint.host):
            message = (
                f"{quoted(endpoint.host)} belongs to Docker's web site and serves no registry API; Docker Hub's registry "
                "is registry-1.docker.io, which is tried last anyway unless skipFallback is on."
            )
            yield Finding(endpoint.path, message, _fix(mirror, endpoint))


def _fix(mirror: Mirror, endpoint: Endpoint) -> ProposedFix:
    if mirror.name == "docker.io" and not mirror.skip_fallback and len(mirror.endpoints) > 1:
        item = endpoint.path if mirror.is_legacy else endpoint.path[:-1]
        return ProposedFix("Leave it to the fallback", (Remove(item),))
    right = endpoint.text.replace(endpoint.host, "registry-1.docker.io", 1)
    return ProposedFix("Write registry-1.docker.io", (Put(endpoint.path, right),))
