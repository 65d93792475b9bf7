"""Credentials are sent over plain http.

Flags: credentials for a host that is an http endpoint of a mirror, unless it is the loopback host.

Because: user name and password cross the network for everyone to read.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://harbor.example/v2/proxy-docker.io
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: harbor.example
    username: puller
    password: ${PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: harbor.example
    username: puller
    password: ${PASSWORD}

Fix: serve the registry over https. Where that is not to be had, say so with
``# talos-registry: ignore[cleartext-credentials]`` on the line of the name.

Source: containerd/containerd, core/remotes/docker/authorizer.go
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

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Credentials that anyone on the network can read."""
    for auth in view.auths.values():
        plain = next((endpoint for _, endpoint in view.by_host.get(auth.name, ()) if endpoint.scheme == "http"), None)
        if plain is not None and not is_loopback(plain.host):
            message = f"The credentials for {quoted(auth.name)} are sent in clear text, because {quoted(plain.text)} is plain http; use https."
            yield Finding(auth.path, message)
