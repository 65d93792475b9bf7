"""Credentials for Docker Hub are not named registry-1.docker.io.

Flags: credentials named ``docker.io``, ``index.docker.io`` or another host of Docker's, unless there are some named
``registry-1.docker.io`` or the host is that of an endpoint and serves images.

Because: credentials are looked up by the host that is asked, and that is ``registry-1.docker.io``. For pods, Talos 1.10
and later translate ``docker.io``; Talos' own puller, which pulls the installer, kubelet and etcd, does not.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: docker.io
    username: example
    password: ${DOCKERHUB_TOKEN}

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry-1.docker.io
    username: example
    password: ${DOCKERHUB_TOKEN}

Fix: name them ``registry-1.docker.io``.

Source: https://github.com/siderolabs/talos/issues/8639; siderolabs/talos,
internal/pkg/containers/cri/containerd/containerd.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import is_docker_hub, is_docker_site
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View
    from talos_registry.loading import Setting

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_RIGHT = "registry-1.docker.io"
_TRANSLATED_SINCE = (1, 10)


def check(view: View) -> Iterator[Finding]:
    """Credentials for Docker Hub that not every puller finds."""
    if _RIGHT in view.auths:
        return
    for auth in view.auths.values():
        is_asked = auth.name in view.by_host and not is_docker_site(auth.name)
        if is_docker_hub(auth.name) and not is_asked:
            message = f"{_who_misses(view, auth)}, because Docker Hub's registry is {_RIGHT}; name the credentials so."
            fix = ProposedFix(f"Name them {_RIGHT}", (Put(auth.name_path, _RIGHT, is_key=auth.is_legacy),))
            yield Finding(auth.name_path, message, fix)


def _who_misses(view: View, auth: Setting) -> str:
    if auth.name == "docker.io" and view.release.number >= _TRANSLATED_SINCE:
        return f"Talos' own puller (installer, kubelet, etcd) never uses credentials named {quoted(auth.name)}"
    return f"No puller uses credentials named {quoted(auth.name)}"
