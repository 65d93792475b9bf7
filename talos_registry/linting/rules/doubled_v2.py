"""An endpoint path goes on after /v2 while overridePath is off.

Flags: endpoints with ``/v2/`` inside their path, a path that does not end in ``/v2``, and no overridePath.

Because: without overridePath nodes add ``/v2`` to a path that does not end in it. ``https://harbor.example/v2/proxy``
becomes ``/v2/proxy/v2/...``, for which Harbor answers with a web page or 404.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io
        overridePath: true

Fix: set ``overridePath: true``.

Source: https://github.com/siderolabs/talos/issues/5195, https://github.com/siderolabs/talos/pull/6577
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Add, Finding, ProposedFix
from talos_registry.linting.rules.docker_hub_endpoint import has_wrong_path
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["OVERRIDE_SINCE", "SEVERITY", "check"]

SEVERITY = Severity.WARNING

OVERRIDE_SINCE = (1, 4)
"""The release line that brought overridePath."""


def check(view: View) -> Iterator[Finding]:
    """Endpoints to whose path nodes add a second /v2."""
    for mirror in view.mirrors.values():
        doubled = [endpoint for endpoint in mirror.endpoints if _wants_override(mirror, endpoint)]
        can_override = bool(doubled) and _can_override(view, mirror)
        for endpoint in doubled:
            request = view.request(mirror, endpoint)
            message = f"Nodes add /v2 to the path of {quoted(endpoint.text)} and request {request}; {_advice(view)}."
            yield Finding(endpoint.path, message, _fix(mirror, endpoint) if can_override else None)


def _wants_override(mirror: Mirror, endpoint: Endpoint) -> bool:
    return not endpoint.override_path and has_inner_v2(endpoint.url_path) and not has_wrong_path(mirror, endpoint)


def has_inner_v2(url_path: str) -> bool:
    """Whether a path goes on after ``/v2``."""
    if "/v2/" not in url_path:
        return False
    from talos_registry.go.url import clean_path

    path = clean_path(url_path)
    return "/v2/" in path and not path.endswith("/v2")


def _advice(view: View) -> str:
    if view.release.number < OVERRIDE_SINCE:
        return f"Talos {view.release.text} has no overridePath yet, so use an endpoint without a path, or Talos 1.4 or later"
    return "set overridePath: true to use the path as it is"


def _can_override(view: View, mirror: Mirror) -> bool:
    """Whether overridePath can be set; in the legacy section it is for all endpoints, and others would break."""
    if view.release.number < OVERRIDE_SINCE:
        return False
    return not mirror.is_legacy or all(_wants_override(mirror, endpoint) for endpoint in mirror.endpoints)


def _fix(mirror: Mirror, endpoint: Endpoint) -> ProposedFix:
    holder = mirror.path if mirror.is_legacy else endpoint.path[:-1]
    return ProposedFix("Set overridePath: true", (Add(holder, "overridePath", "true"),))
