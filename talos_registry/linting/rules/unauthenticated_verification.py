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

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.INFO
NEEDS_CONFIG = True

_OPEN = frozenset({"registry.k8s.io", "factory.talos.dev", "gcr.io", "mcr.microsoft.com"})


def check(view: View) -> Iterator[Finding]:
    """Rules that only public images can pass."""
    if not view.is_complete:
        return
    for path, image in view.image_patterns():
        host = _registry_host(image)
        if host and host not in _OPEN and not _has_credentials(view, host):
            message = (
                f"Signatures of {quoted(image)} are fetched with the node's credentials, and there are none for "
                f"{quoted(host)}: this works for public images only."
            )
            yield Finding(path, message)


def _registry_host(pattern: str) -> str | None:
    """The registry host of an image pattern, None when the pattern leaves it open or has none."""
    first, slash, _ = pattern.partition("/")
    return first if slash and "*" not in first and set(first) & set(".:") else None


def _has_credentials(view: View, host: str) -> bool:
    if host in view.auths or upstream_host(host) in view.auths:
        return True
    mirror = view.mirrors.get(host)
    return any(endpoint.host in view.auths for endpoint in mirror.endpoints) if mirror else view.catch_all_has_auth
