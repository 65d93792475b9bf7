"""TLS settings for a registry take it out of the catch-all mirror, for pods only.

Flags: TLS settings for a registry without a mirror of its own, beside a mirror ``*``. Settings for an endpoint of a
mirror, such as the CA of the cache itself, are not flagged.

Because: TLS settings of a registry become a directory of containerd's hosts directory, and containerd uses that one
instead of the catch-all. Pods pull such images directly; Talos' own puller still goes through the mirror.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: http://10.5.0.1:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: git.example:5050
    insecureSkipVerify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: https://cache.example:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: cache.example:5000
    insecureSkipVerify: true

Fix: give the registry a mirror of its own, with the endpoints of the catch-all and the registry itself.

Source: siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go; containerd/containerd,
core/remotes/docker/config/hosts.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import is_docker_hub
from talos_registry.linting.view import says_something
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings that make pods pass by the catch-all."""
    if view.catch_all is None or not view.catch_all.endpoints:
        return
    for tls in view.tls.values():
        if says_something(tls) and tls.name not in view.mirrors and _is_served(view, tls.name):
            message = (
                f"With these settings containerd has a directory of its own for {quoted(tls.name)} and does not use the "
                "mirror *; only Talos' own puller does. Give the registry a mirror of its own."
            )
            yield Finding(tls.path, message)


def _is_served(view: View, name: str) -> bool:
    """Whether a registry host is one that the catch-all would serve, and not nearly the host of an endpoint."""
    is_host = bool(name) and not set(name) & set("*/") and (name == "docker.io" or not is_docker_hub(name))
    return is_host and view.near_hosts.same(name) is None
