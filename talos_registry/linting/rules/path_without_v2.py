"""An endpoint has the path of a project, without /v2 and without overridePath.

Flags: endpoints with a path of one segment, as Harbor's projects have, and any path on a host with harbor in its name.
Paths that a server routes itself, such as ``/repository/docker-hub`` of Nexus, ``/artifactory/...`` and ``/oci``, are
not flagged.

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

Source: https://github.com/bottlerocket-os/bottlerocket/issues/4422
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Add, Finding, ProposedFix, Put
from talos_registry.linting.hostnames import bare
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
        if endpoint.url_path and not endpoint.override_path and _is_project(endpoint):
            request = view.request(mirror, endpoint)
            right = endpoint.with_path(f"/v2{endpoint.url_path.rstrip('/')}")
            message = (
                f"Nodes request {request}; if {quoted(endpoint.host)} serves projects as Harbor does, write "
                f"{quoted(right)} and set overridePath: true."
            )
            yield Finding(endpoint.path, message, _fix(mirror, endpoint, right))


def _is_project(endpoint: Endpoint) -> bool:
    segments = [segment for segment in endpoint.url_path.split("/") if segment]
    if not segments or "v2" in segments or segments[0].lower() in _ROUTED or endpoint.host in {"http:", "https:"}:
        return False
    return len(segments) == 1 or "harbor" in bare(endpoint.host)


def _fix(mirror: Mirror, endpoint: Endpoint, right: str) -> ProposedFix | None:
    if mirror.is_legacy and len(mirror.endpoints) > 1:
        return None  # the flag is for all endpoints
    holder = mirror.path if mirror.is_legacy else endpoint.path[:-1]
    changes = (Put(endpoint.path, right), Add(holder, "overridePath", "true"))
    return ProposedFix("Put /v2 before the path and set overridePath", changes)
