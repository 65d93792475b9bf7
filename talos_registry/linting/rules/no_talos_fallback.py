"""Before Talos 1.9 its own puller never falls back to the upstream.

Flags: mirrors that do not list their upstream, for Talos before 1.9.

Because: until 1.9 Talos' own puller asks the endpoints and nothing else. When they are down, the installer, kubelet and
etcd cannot be pulled, although pods fall back.

Flagged:

    # --talos-version 1.8
    machine:
      registries:
        mirrors:
          factory.talos.dev:
            endpoints:
              - http://10.5.0.1:5000

Clean:

    # --talos-version 1.8
    machine:
      registries:
        mirrors:
          factory.talos.dev:
            endpoints:
              - http://10.5.0.1:5000
              - https://factory.talos.dev

Fix: list the upstream as the last endpoint.

Source: https://github.com/siderolabs/talos/issues/9613
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_FALLBACK_SINCE = (1, 9)


def check(view: View) -> Iterator[Finding]:
    """Mirrors without which a node cannot be installed or upgraded."""
    if view.release.number >= _FALLBACK_SINCE:
        return
    for mirror in view.mirrors.values():
        upstream = upstream_host(mirror.name)
        if mirror.endpoints and not any(mirror.is_upstream(endpoint.host) for endpoint in mirror.endpoints):
            advice = "" if mirror.name == "*" else f"; add {quoted(f'https://{upstream}')} as the last endpoint"
            message = (
                f"Before Talos 1.9 its own puller tries the endpoints of {quoted(mirror.name)} and nothing else, so "
                f"what Talos itself pulls from there (installer, kubelet, etcd) depends on them{advice}."
            )
            yield Finding(mirror.name_path, message)
