"""A cluster without fallback lacks a mirror for a registry that Talos itself needs.

Flags: a config whose mirrors of public registries all have skipFallback, without a mirror for a public registry that holds
what Talos needs: flannel, etcd, kubelet, the control plane and the installer, as the config names them, and otherwise
those of the targeted release. They come from ``registry.k8s.io``, ``ghcr.io``, since Talos 1.14 also
``factory.talos.dev`` (the installer), and before Talos 1.12 also ``gcr.io``.

Because: skipFallback everywhere says that nodes have no way to the internet. Then these images cannot be pulled without a
mirror for their registries: the cluster does not start, or the next upgrade fails.

Flagged:

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
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: factory.talos.dev
    endpoints:
      - url: http://10.5.0.1:5005
    skipFallback: true

Fix: add a mirror for the registry, or a catch-all; or name images of a registry that the nodes reach, for the installer in
``machine.install.image``.

Source: https://github.com/siderolabs/talos/issues/8859; siderolabs/talos, pkg/images/list.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.documents import default_images, legacy
from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import PUBLIC_REGISTRIES, is_public
from talos_registry.messages import quoted
from talos_registry.resolution import Reference
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.INFO
NEEDS_CONFIG = True

_ETCD_MOVED = (1, 12)

_CNI = ("cluster", "network", "cni", "name")
_NAMED_BY = (
    ("installer", legacy.KIND, ("machine", "install", "image")),
    ("installer", "UnattendedInstallConfig", ("installer", "image")),
    ("kubelet", legacy.KIND, ("machine", "kubelet", "image")),
    ("kubelet", "KubeletConfig", ("image",)),
    ("etcd", legacy.KIND, ("cluster", "etcd", "image")),
    ("coredns", legacy.KIND, ("cluster", "coreDNS", "image")),
    ("coredns", "KubeCoreDNSConfig", ("image",)),
    ("kube-apiserver", legacy.KIND, ("cluster", "apiServer", "image")),
    ("kube-apiserver", "KubeAPIServerConfig", ("image",)),
    ("kube-controller-manager", legacy.KIND, ("cluster", "controllerManager", "image")),
    ("kube-controller-manager", "KubeControllerManagerConfig", ("image",)),
    ("kube-scheduler", legacy.KIND, ("cluster", "scheduler", "image")),
    ("kube-scheduler", "KubeSchedulerConfig", ("image",)),
    ("kube-proxy", legacy.KIND, ("cluster", "proxy", "image")),
    ("kube-proxy", "KubeProxyConfig", ("image",)),
)
"""The images of a release that a config can replace, by the documents and keys that name others."""


def check(view: View) -> Iterator[Finding]:
    """Registries that nodes need and cannot reach."""
    if not view.is_complete:
        return
    public = [mirror for mirror in view.mirrors.values() if mirror.name in PUBLIC_REGISTRIES]
    if view.catch_all or not public or not all(mirror.skip_fallback for mirror in public):
        return
    for host, names in _needed(view).items():
        if host not in view.mirrors and is_public(host):
            message = (
                f"No public registry has a fallback, and there is no mirror for {quoted(host)}, "
                f"which holds what Talos itself needs: {', '.join(names)}."
            )
            yield Finding(public[0].name_path, message)


def _needed(view: View) -> dict[str, list[str]]:
    """What Talos needs, by the registry hosts of the images."""
    hosts = {image.name: _host(image.reference) for image in default_images(view.release.text)}
    if view.release.number < _ETCD_MOVED:
        hosts["etcd"] = "gcr.io"
    if any(name not in {"", "flannel"} for name in _values(view, legacy.KIND, _CNI)):
        del hosts["flannel"]
    for name, kind, keys in _NAMED_BY:
        for reference in filter(None, _values(view, kind, keys)):
            hosts[name] = _host(reference)
    by_host: dict[str, list[str]] = {}
    for name, host in hosts.items():
        by_host.setdefault(host, []).append(name)
    return by_host


def _values(view: View, kind: str, keys: tuple[str, ...]) -> Iterator[str]:
    """The text at some keys, "" where there is none, of each document of a kind."""
    for entry in view.config.entries:
        if entry.kind == kind and entry.values is not None:
            value: Any = entry.values
            for key in keys:
                value = (value or {}).get(key)
            yield value or ""


def _host(reference: str) -> str:
    """The registry host of an image, "" where that is not known yet."""
    try:
        return Reference.parse(reference).registry_host
    except InvalidReferenceError:
        return ""
