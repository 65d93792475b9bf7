"""TLS settings of a mirrored registry are not used by pods when the pull falls back to it.

Flags: TLS settings named by the upstream of a mirror that falls back to it and does not list it as an endpoint.

Because: containerd gets TLS settings with the endpoints of a mirror. The implicit fallback has none, so it fails with
"certificate signed by unknown authority". Talos' own puller does use them.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: git.example
    endpoints:
      - url: http://10.5.0.1:5006
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: git.example
    insecureSkipVerify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: git.example
    endpoints:
      - url: http://10.5.0.1:5006
      - url: https://git.example
    skipFallback: true
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: git.example
    insecureSkipVerify: true

Fix: list the upstream as the last endpoint.

Source: siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.view import says_something
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings that pods lose on fallback."""
    if not view.tls:
        return
    for mirror in view.mirrors.values():
        upstream = upstream_host(mirror.name)
        tls = view.tls.get(upstream) or view.tls.get(mirror.name)
        if tls is None or not says_something(tls) or mirror.skip_fallback or set("*/") & set(mirror.name):
            continue
        if all(endpoint.host != tls.name for endpoint in mirror.endpoints):
            message = (
                f"When pods fall back to {quoted(upstream)}, these TLS settings are not used, because the mirror "
                f"{quoted(mirror.name)} does not list it; add {quoted(f'https://{upstream}')} as its last endpoint."
            )
            yield Finding(tls.path, message)
