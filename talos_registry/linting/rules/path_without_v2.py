"""An endpoint has the path of a project, without /v2 and without overridePath.

Flags: endpoints with a path of one segment, as Harbor's projects have, any path on a host with harbor in its name, any on
a host that is known to serve the registry API at its root only (ghcr.io, quay.io, gcr.io, registry.gitlab.com and the
registries of Amazon, Google and Azure), and GitLab's ``/GROUP/dependency_proxy/containers``. Paths that a server routes
itself, such as ``/repository/docker-hub`` of Nexus, ``/artifactory/...`` and ``/oci``, are not flagged. For Docker Hub
see ``docker-hub-endpoint``.

Because: nodes add ``/v2`` behind the path and request ``/proxy-ghcr.io/v2/...``; Harbor and its like serve the project
under ``/v2/proxy-ghcr.io/...``.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://harbor.example/proxy-ghcr.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://harbor.example/v2/proxy-ghcr.io
        overridePath: true

Fix: put ``/v2`` before the path and set ``overridePath: true``.

Source: https://github.com/bottlerocket-os/bottlerocket/issues/4422, https://github.com/k3s-io/k3s/issues/3490,
https://github.com/mysticaltech/terraform-hcloud-kube-hetzner/issues/687
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Add, Finding, ProposedFix, Put
from talos_registry.linting.hostnames import bare, is_docker_hub, serves_at_root_only
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_ROUTED = frozenset(
    {"api", "artifactory", "cache", "mirror", "mirrors", "nexus", "oci", "registries", "registry", "repositories"}
    | {"repository", "v1", "v2"}
)
"""First segments behind which a whole registry is served."""


def check(view: View) -> Iterator[Finding]:
    """Endpoints whose project is not where nodes look for it."""
    for mirror, endpoint in view.endpoints():
        if endpoint.url_path and not endpoint.override_path and _lacks_v2(endpoint):
            request = view.request(mirror, endpoint)
            right = endpoint.below_v2()
            advice = f"write {quoted(right)} and set overridePath: true"
            if serves_at_root_only(endpoint.host):
                reason = (
                    f"{quoted(endpoint.host)} serves images below /v2/ alone, and nodes request {request}; {advice}"
                )
            elif _is_dependency_proxy(endpoint):
                reason = f"Nodes request {request}, and GitLab serves its dependency proxy below /v2; {advice}"
            else:
                reason = f"Nodes request {request}; if {quoted(endpoint.host)} serves projects as Harbor does, {advice}"
            yield Finding(endpoint.path, f"{reason}.", _fix(mirror, endpoint, right))


_LONGEST_PATH = 2_000
"""Characters of a path that can be one of a project; no registry takes more."""


def _lacks_v2(endpoint: Endpoint) -> bool:
    if len(endpoint.url_path) > _LONGEST_PATH:
        return False
    segments = [segment for segment in endpoint.url_path.split("/") if segment]
    if not segments or segments[0] == "v2" or is_docker_hub(endpoint.host) or endpoint.host in {"http:", "https:"}:
        return False
    return serves_at_root_only(endpoint.host) or _is_dependency_proxy(endpoint) or _is_project(endpoint.host, segments)


def _is_dependency_proxy(endpoint: Endpoint) -> bool:
    return endpoint.url_path.rstrip("/").endswith("/dependency_proxy/containers")


def _is_project(host: str, segments: list[str]) -> bool:
    is_routed = segments[0].lower() in _ROUTED or "v2" in segments
    return not is_routed and (len(segments) == 1 or "harbor" in bare(host))


def _fix(mirror: Mirror, endpoint: Endpoint, right: str) -> ProposedFix | None:
    if mirror.is_legacy and len(mirror.endpoints) > 1:
        return None  # the flag is for all endpoints
    holder = mirror.path if mirror.is_legacy else endpoint.path[:-1]
    changes = (Put(endpoint.path, right), Add(holder, "overridePath", "true"))
    return ProposedFix("Put /v2 before the path and set overridePath", changes)
