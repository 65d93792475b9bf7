"""A registry on the loopback host, which the two pullers reach in different ways.

Flags: a mirror named ``localhost`` or ``127.0.0.1`` with an endpoint elsewhere, and one for which the two pullers do
not try the same URLs; and such a registry without a mirror, if an image of it is given with ``--image``.

Because: a mirror applies to images whose reference begins with its name; an image called ``10.5.0.1:5000/app`` never
matches a mirror called ``localhost``. And containerd tries http on the loopback host where Talos' own puller uses https.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: localhost
    endpoints:
      - url: http://192.0.2.1:5005

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: 192.0.2.1:5005
    endpoints:
      - url: http://192.0.2.1:5005
    skipFallback: true

Fix: name the mirror as images name the registry.

Source: https://github.com/siderolabs/talos/issues/13423; containerd/containerd, core/remotes/docker/registry.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import is_loopback
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO


def check(view: View) -> Iterator[Finding]:
    """Mirrors of the loopback host that are hardly what is meant, and images of it without a mirror."""
    for mirror in view.mirrors.values():
        if is_loopback(mirror.name):
            elsewhere = next(
                (endpoint for endpoint in mirror.endpoints if endpoint.host and not is_loopback(endpoint.host)), None
            )
            if elsewhere is not None:
                message = (
                    f"The mirror {quoted(mirror.name)} applies to images named {mirror.name}/..., but its endpoint is "
                    f"{quoted(elsewhere.host)}; if images are named by that host, name the mirror so."
                )
                yield Finding(mirror.name_path, message)
            elif _pullers_differ(view, mirror.name):
                message = f"For {quoted(mirror.name)} the two pullers do not try the same URLs; skipFallback or an endpoint of its own makes them."
                yield Finding(mirror.name_path, message)
    for host in dict.fromkeys(image.registry_host for image in view.images):
        if is_loopback(host) and not view.serves(host) and _pullers_differ(view, host):
            message = (
                f"Images of {quoted(host)} are pulled from each node itself, and the two pullers do not try the same URLs; "
                f"if the registry is elsewhere, add a mirror named {quoted(host)}."
            )
            yield Finding(view.start, message)


def _pullers_differ(view: View, registry_host: str) -> bool:
    talos, cri = (view.hosts(registry_host, puller) for puller in ("talos", "cri"))
    return [(host.scheme, host.host, host.https_first) for host in talos.hosts] != [
        (host.scheme, host.host, host.https_first) for host in cri.hosts
    ]
