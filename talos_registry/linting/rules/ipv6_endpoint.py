"""An endpoint is an IPv6 address, which the containerd of this Talos cannot read.

Flags: endpoints and mirror names with an IPv6 address, for Talos before 1.9.

Because: containerd before 2.0 cannot read a table of hosts.toml whose name has brackets in it. It drops the whole
file, and pods get no mirror for that registry. It takes no image reference that begins with such an address either.

Flagged:

    # --talos-version 1.7
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - https://[2001:db8::7]:5000
              - https://registry-1.docker.io

Clean:

    # --talos-version 1.7
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - https://cache.example:5000
              - https://registry-1.docker.io

Fix: give the cache a name in DNS, or use Talos 1.9 or later.

Source: https://github.com/containerd/containerd/issues/10055, https://github.com/k3s-io/k3s/issues/9897
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import is_ipv6
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_CONTAINERD_2_SINCE = (1, 9)


def check(view: View) -> Iterator[Finding]:
    """IPv6 endpoints on a release whose containerd cannot read them."""
    if view.release.number >= _CONTAINERD_2_SINCE:
        return
    for mirror in view.mirrors.values():
        if is_ipv6(mirror.name):
            message = f"The containerd of Talos {view.release.text} takes no image reference that begins with {quoted(mirror.name)}; use a DNS name, or Talos 1.9 or later."
            yield Finding(mirror.name_path, message)
    for mirror, endpoint in view.endpoints():
        if is_ipv6(endpoint.host):
            message = (
                f"The containerd of Talos {view.release.text} cannot read {quoted(endpoint.host)} in hosts.toml, so pods "
                f"get no mirror for {quoted(mirror.name)}; use a DNS name, or Talos 1.9 or later."
            )
            yield Finding(endpoint.path, message)
