"""A cluster without fallback lacks a mirror for a registry that Talos itself needs.

Flags: a config whose mirrors of public registries all have skipFallback, without a mirror for ``registry.k8s.io``,
``ghcr.io`` or (before Talos 1.12) ``gcr.io``.

Because: skipFallback everywhere says that nodes have no way to the internet. Then the images of etcd, kubelet and the
control plane cannot be pulled without a mirror for their registries.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://10.5.0.1:5004
    skipFallback: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://10.5.0.1:5004
    skipFallback: true
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.k8s.io
    endpoints:
      - url: http://10.5.0.1:5001
    skipFallback: true

Fix: add a mirror for the registry, or a catch-all.

Source: https://github.com/siderolabs/talos/issues/8859; siderolabs/talos, pkg/machinery/constants/constants.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import PUBLIC_REGISTRIES
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_ETCD_MOVED = (1, 12)


def check(view: View) -> Iterator[Finding]:
    """Registries that nodes need and cannot reach."""
    if not view.is_whole:
        return
    public = [mirror for mirror in view.mirrors.values() if mirror.name in PUBLIC_REGISTRIES]
    if view.catch_all or not public or not all(mirror.skip_fallback for mirror in public):
        return
    for host in _needed(view):
        if host not in view.mirrors:
            message = f"No public registry has a fallback, and there is no mirror for {quoted(host)}, which holds images that Talos itself needs."
            yield Finding(public[0].name_path, message)


def _needed(view: View) -> tuple[str, ...]:
    always = ("registry.k8s.io", "ghcr.io")
    return always if view.release.number >= _ETCD_MOVED else (*always, "gcr.io")
