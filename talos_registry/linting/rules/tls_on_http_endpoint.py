"""There are TLS settings for a host that is reached over http.

Flags: TLS settings named by the host of an http endpoint.

Because: Talos' own puller refuses the whole list of hosts: "TLS config specified for non-HTTPS registry". The
installer, kubelet and etcd cannot be pulled any more, and the next upgrade fails, although pods may still get their
images.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://harbor.example/v2/proxy-ghcr.io
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecureSkipVerify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://harbor.example/v2/proxy-ghcr.io
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecureSkipVerify: true

Fix: make the endpoint https, or remove the TLS settings.

Source: https://github.com/siderolabs/talos/issues/10450; siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings that break every pull through their host."""
    for tls in view.tls.values():
        plain = [(mirror, endpoint) for mirror, endpoint in view.by_host.get(tls.name, ()) if endpoint.scheme == "http"]
        if plain:
            mirror, endpoint = plain[0]
            message = (
                f"{quoted(endpoint.text)} is plain http, and with TLS settings for its host Talos' own puller fails for "
                f"{_named(mirror.name)} (installer, kubelet, etcd); use https there or remove the settings."
            )
            yield Finding(tls.path, message)


def _named(mirror: str) -> str:
    return "every image without a mirror of its own" if mirror == "*" else f"all images of {quoted(mirror)}"
