"""An endpoint is Docker's web site instead of its registry, or has a path that Docker Hub does not serve.

Flags: endpoints on ``docker.io``, ``hub.docker.com`` and other hosts of Docker's that are no registry; and endpoints on
Docker Hub with a path such as ``/library`` or, as mirror of Docker Hub itself, any but ``/v2``.

Because: Docker Hub's registry is ``registry-1.docker.io``. The web site answers registry requests with pages and
redirects, and the pull ends in "manifest unknown" or an error about text/html. The registry serves its API below
``/v2/`` alone; nodes name the repository themselves, ``library/`` included.

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

Source: https://github.com/lhns/docker-registry-cache/issues/204, https://github.com/project-zot/zot/issues/3795;
containerd/containerd, core/remotes/docker/resolver.go (DefaultHost)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.go.url import clean_path
from talos_registry.linting.finding import Finding, ProposedFix, Put, Remove
from talos_registry.linting.hostnames import is_docker_hub, is_docker_site
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check", "has_wrong_path"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Endpoints of Docker's that have no images where nodes look for them."""
    for mirror, endpoint in view.endpoints():
        if is_docker_site(endpoint.host):
            message = (
                f"{quoted(endpoint.host)} belongs to Docker's web site and serves no registry API; Docker Hub's registry "
                "is registry-1.docker.io, which is tried last anyway unless skipFallback is on."
            )
            yield Finding(endpoint.path, message, _fix(mirror, endpoint))
        elif has_wrong_path(mirror, endpoint):
            message = (
                f"Docker Hub serves its images below /v2/ alone, and nodes request {view.request(mirror, endpoint)}; "
                "leave the path out."
            )
            yield Finding(endpoint.path, message, _fix(mirror, endpoint))


def has_wrong_path(mirror: Mirror, endpoint: Endpoint) -> bool:
    """Whether an endpoint on Docker Hub has a path below which nothing is; a mirror of another name may be of one user."""
    if not is_docker_hub(endpoint.host):
        return False
    path = clean_path(f"/{endpoint.url_path}")
    return path not in {"/", "/v2"} and (is_docker_hub(mirror.name) or not path.startswith("/v2/"))


def _fix(mirror: Mirror, endpoint: Endpoint) -> ProposedFix | None:
    if mirror.name == "docker.io" and not mirror.skip_fallback and len(mirror.endpoints) > 1:
        item = endpoint.path if mirror.is_legacy else endpoint.path[:-1]
        return ProposedFix("Leave it to the fallback", (Remove(item),))
    drops_path = has_wrong_path(mirror, endpoint)
    if drops_path and endpoint.override_path and mirror.is_legacy and len(mirror.endpoints) > 1:
        return None  # the flag is for all endpoints
    right = endpoint.with_path("") if drops_path else endpoint.text
    if is_docker_site(endpoint.host):
        right = right.replace(endpoint.host, "registry-1.docker.io", 1)
    flag = (Remove(endpoint.override_at),) if drops_path and endpoint.override_path else ()
    return ProposedFix(f"Write {quoted(right)}", (Put(endpoint.path, right), *flag))
