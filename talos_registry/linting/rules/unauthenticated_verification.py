"""Signatures are verified for images of a registry without credentials.

Flags: rules of an ImageVerificationConfig about a registry for which there are no credentials. Registries that never
ask for any are not flagged.

Because: signatures are fetched with the credentials of the node, never with the pull secrets of a pod. Without some the
rule works for public images only; private ones end in 401 and are not started.

Flagged:

    apiVersion: v1alpha1
    kind: ImageVerificationConfig
    rules:
      - image: ghcr.io/example/*
        keyless:
          issuer: https://token.actions.githubusercontent.com
          subjectRegex: https://github.com/example/.*

Clean:

    apiVersion: v1alpha1
    kind: ImageVerificationConfig
    rules:
      - image: ghcr.io/example/*
        keyless:
          issuer: https://token.actions.githubusercontent.com
          subjectRegex: https://github.com/example/.*
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: ghcr.io
    username: example
    password: ${GHCR_TOKEN}

Fix: nothing for public images; else add a RegistryAuthConfig for the registry.

Source: https://github.com/devantler-tech/platform/pull/1849
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence
from talos_registry.goyaml.paths import walk
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.nodes import Node
    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_OPEN = frozenset({"registry.k8s.io", "factory.talos.dev", "gcr.io", "mcr.microsoft.com"})


def check(view: View) -> Iterator[Finding]:
    """Rules that only public images can pass."""
    if not view.is_complete:
        return
    wanted = {index for index, _ in view.opaque("ImageVerificationConfig")}
    if not wanted:
        return
    for tree in view.config.trees:
        if tree.index in wanted:
            for at, image in _images(tree.root):
                host = _registry_host(image)
                if host and host not in _OPEN and not _has_credentials(view, host):
                    message = (
                        f"Signatures of {quoted(image)} are fetched with the node's credentials, and there are none for "
                        f"{quoted(host)}: this works for public images only."
                    )
                    yield Finding((tree.index, "rules", at, "image"), message)


def _images(root: Node) -> Iterator[tuple[int, str]]:
    listed = list(walk(root, ("rules",)))[-1].node
    if not isinstance(listed, Sequence):
        return
    for at, rule in enumerate(listed.content):
        if isinstance(rule, Mapping):
            image = list(walk(rule, ("image",)))[-1].node
            if isinstance(image, Scalar):
                yield at, image.value


def _registry_host(pattern: str) -> str | None:
    """The registry host of an image pattern, None when the pattern leaves it open."""
    first, slash, _ = pattern.partition("/")
    if not slash or not ("." in first or ":" in first):
        return None if "*" in first else "docker.io"
    return None if "*" in first else first


def _has_credentials(view: View, host: str) -> bool:
    if host in view.auths or upstream_host(host) in view.auths:
        return True
    mirror = view.mirrors.get(host)
    return any(endpoint.host in view.auths for endpoint in mirror.endpoints) if mirror else view.catch_all_has_auth
