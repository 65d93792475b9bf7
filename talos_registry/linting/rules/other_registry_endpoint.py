"""An endpoint is a public registry of another name.

Flags: the mirror of a public registry, or the catch-all, with an endpoint that is another public registry and has no
path. Registries that are known to have the same images are not flagged, such as ``registry.k8s.io`` for ``k8s.gcr.io``,
and neither is ``mirror.gcr.io``. A path, as in ``https://public.ecr.aws/v2/docker``, leads to a copy.

Because: nodes ask every endpoint for the same repository. Under that name another registry has nothing, and answers with
401 or 404, or it has an image of somebody else, which then runs in the place of the right one.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
      - url: https://quay.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
      - url: https://mirror.gcr.io

Fix: leave the endpoint out, or name a mirror by the registry that it is.

Source: https://github.com/rancher/rke2/issues/1829; siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import (
    DOCKER_HUB_REGISTRIES,
    PUBLIC_REGISTRIES,
    bare,
    is_docker_hub,
    is_public,
)
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_SAME_IMAGES = {
    "docker.n8n.io": DOCKER_HUB_REGISTRIES,
    "k8s.gcr.io": {"registry.k8s.io"},
    "lscr.io": {"ghcr.io"},
    "registry.access.redhat.com": {"registry.redhat.io"},
    "registry.k8s.io": {"k8s.gcr.io"},
    "registry.redhat.io": {"registry.access.redhat.com"},
}
"""Public registries that have the images of another one, under the same names."""
_OF_THEIR_OWN = (PUBLIC_REGISTRIES | DOCKER_HUB_REGISTRIES) - {"mirror.gcr.io"}


def check(view: View) -> Iterator[Finding]:
    """Endpoints that have other images under the same names."""
    for mirror, endpoint in view.endpoints():
        if _is_registry_itself(endpoint) and _is_another(mirror.name, bare(endpoint.host)):
            whose = "every registry" if mirror.name == "*" else quoted(mirror.name)
            message = (
                f"{quoted(endpoint.host)} is a registry of its own, asked here for the images of {whose}: under the same "
                "names it has other images, or none."
            )
            yield Finding(endpoint.path, message)


def _is_registry_itself(endpoint: Endpoint) -> bool:
    return bare(endpoint.host) in _OF_THEIR_OWN and endpoint.url_path.strip("/") in {"", "v2"}


def _is_another(name: str, host: str) -> bool:
    registry = "docker.io" if is_docker_hub(name) else bare(name)
    if registry != "*" and not is_public(registry):
        return False
    is_same = registry == "docker.io" if is_docker_hub(host) else registry == host
    return not is_same and host not in _SAME_IMAGES.get(registry, ())
