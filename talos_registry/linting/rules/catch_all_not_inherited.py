"""A mirror replaces the catch-all, its skipFallback included.

Flags: mirrors without skipFallback beside a mirror ``*`` that has it. A mirror that says ``skipFallback: false`` means
it and is not flagged.

Because: for a registry with a mirror of its own the catch-all is not consulted at all. Its endpoints are not tried, and
its skipFallback does not hold: these images are pulled from the upstream when the mirror does not have them.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: http://10.5.0.1:5000
    skipFallback: true
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.k8s.io
    endpoints:
      - url: http://10.5.0.1:5001

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: http://10.5.0.1:5000
    skipFallback: true
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.k8s.io
    endpoints:
      - url: http://10.5.0.1:5001
    skipFallback: true

Fix: set skipFallback on the mirror as well, or ``skipFallback: false`` if the fallback is wanted.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Add, Finding, ProposedFix
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Mirrors that open a way that the catch-all closes."""
    if view.catch_all is None or not view.catch_all.skip_fallback:
        return
    for mirror in view.mirrors.values():
        if mirror.name != "*" and mirror.skip_fallback is None:
            message = (
                f"The mirror {quoted(mirror.name)} replaces the mirror * with its skipFallback, so nodes fall back to the "
                "upstream for these images; set skipFallback here too."
            )
            yield Finding(
                mirror.name_path,
                message,
                ProposedFix("Set skipFallback: true", (Add(mirror.path, "skipFallback", "true"),)),
            )
