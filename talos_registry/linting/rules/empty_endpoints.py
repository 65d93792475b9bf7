"""A mirror has no endpoints.

Flags: mirrors without endpoints, unless they have skipFallback and the image cache is on: it then is their endpoint.

Because: an empty list blocks nothing. Pods go to the upstream, the catch-all is not used for that registry, and with
skipFallback Talos' own puller has nowhere to go.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints: []

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: https://cache.example
    skipFallback: true

Fix: list an endpoint, or remove the mirror. To keep nodes from a registry use a firewall.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go; internal/pkg/containers/cri/containerd/hosts.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Mirror, View

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
NEEDS_CONFIG = True


def check(view: View) -> Iterator[Finding]:
    """Mirrors that mirror nothing."""
    for mirror in view.mirrors.values():
        is_for_cache = view.has_image_cache and mirror.skip_fallback
        if not mirror.endpoints and not is_for_cache:
            yield Finding(
                (*mirror.path, "endpoints"),
                f"The mirror {quoted(mirror.name)} has no endpoints: {_consequence(view, mirror)}.",
            )


def _consequence(view: View, mirror: Mirror) -> str:
    pods = (
        "pods go to the upstream"
        if mirror.name == "*" or not view.catch_all
        else "pods go to the upstream and not to the mirror *"
    )
    return (
        f"{pods}, and with skipFallback Talos' own puller has nowhere to go"
        if mirror.skip_fallback
        else f"it blocks nothing, {pods}"
    )
