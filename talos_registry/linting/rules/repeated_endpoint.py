"""The same endpoint is listed twice in one mirror.

Flags: the second of two equal endpoint URLs; as a hint, the second of two that lead to the same requests.

Because: each endpoint becomes a table of containerd's hosts.toml, and two tables of one name make the file invalid.
containerd then uses no mirror for that registry. Talos' own puller just tries the endpoint twice.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: remove the second one.

Source: https://github.com/k3s-io/k3s/issues/9693
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Remove
from talos_registry.messages import quoted
from talos_registry.resolution.containerd import api_path
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_PAIR = 2


def check(view: View) -> Iterator[Finding]:
    """Endpoints that are in their mirror already."""
    before = view.before.mirrors if view.before else {}
    for mirror in view.mirrors.values():
        if len(mirror.endpoints) < _PAIR:
            continue
        first_merged = _first_appended(mirror, before)
        by_text: dict[str, Endpoint] = {}
        by_target: dict[tuple[str, str, str], Endpoint] = {}
        for at, endpoint in enumerate(mirror.endpoints):
            first = by_text.setdefault(endpoint.text, endpoint)
            alike = by_target.setdefault(_target(endpoint), endpoint)
            if at >= first_merged:
                continue  # repeated-after-merge says so
            if first is not endpoint and endpoint.text:
                yield _finding(view, mirror, endpoint, first)
            elif alike is not endpoint and endpoint.host:
                message = f"The endpoint {quoted(endpoint.text)} leads to the same requests as {quoted(alike.text)}: it is tried twice."
                yield Finding(endpoint.path, message, severity=Severity.INFO)


def _first_appended(mirror: Mirror, before: Mapping[str, Mirror]) -> int:
    """Where the endpoints begin that patches put behind those of the config."""
    earlier = before.get(mirror.name)
    is_same = earlier is not None and earlier.is_legacy == mirror.is_legacy
    return len(earlier.endpoints if earlier and is_same else mirror.endpoints)


def _target(endpoint: Endpoint) -> tuple[str, str, str]:
    return (
        endpoint.scheme,
        endpoint.host.lower(),
        api_path(endpoint.url_path, override=endpoint.override_path).strip("/"),
    )


def _finding(view: View, mirror: Mirror, endpoint: Endpoint, first: Endpoint) -> Finding:
    is_fatal = all(host.role == "fallback" for host in view.hosts(mirror.name, "cri").hosts)
    consequence = "containerd cannot read its hosts.toml and pods get no mirror" if is_fatal else "it is tried twice"
    item = endpoint.path if mirror.is_legacy else endpoint.path[:-1]
    is_same = first.override_path == endpoint.override_path
    return Finding(
        endpoint.path,
        f"The endpoint {quoted(endpoint.text)} is already in the mirror {quoted(mirror.name)}: {consequence}.",
        ProposedFix("Remove the second one", (Remove(item),), safe=is_same) if is_same else None,
    )
