"""A private registry is mirrored by a public one.

Flags: a mirror whose name is no public registry while its endpoint is one.

Because: the name of a mirror is the registry whose images are asked for, the endpoint is where they are fetched from.
With the two exchanged, images of the private registry are looked for in the public one.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example:5000
    endpoints:
      - url: https://registry.k8s.io

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.k8s.io
    endpoints:
      - url: https://registry.example:5000

Fix: exchange name and endpoint.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go (RegistryEndpoints)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import PUBLIC_REGISTRIES, bare, is_docker_hub, is_public
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Mirrors that point the wrong way."""
    for mirror, endpoint in view.endpoints():
        if _is_public_registry(endpoint.host) and _is_private(mirror.name):
            message = (
                f"Images of {quoted(mirror.name)} are looked for at the public {quoted(endpoint.host)}; "
                "the name is what images are called, the endpoint is where they are fetched from: are the two exchanged?"
            )
            yield Finding(mirror.name_path, message)


def _is_public_registry(host: str) -> bool:
    return bare(host) in PUBLIC_REGISTRIES or is_docker_hub(host)


def _is_private(name: str) -> bool:
    is_part = any(host.endswith(f".{bare(name)}") for host in PUBLIC_REGISTRIES)
    is_host = bool(name) and not set(name) & set("*/") and not has_placeholder(name)
    return is_host and not is_part and not is_public(name)
