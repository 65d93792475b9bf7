"""TLS settings are named by a host that is nearly, but not exactly, the host of an https endpoint.

Flags: TLS names that no endpoint has and that differ from the host of an https endpoint by port, case, or labels in
front, or are its first label (``myreg:5000`` for ``myreg.example.com:5000``). A name that resembles no endpoint is taken
for a registry that is pulled from directly.

Because: names are compared with the host of an endpoint character by character, port included. The settings are not
used, and the pull fails with "certificate signed by unknown authority".

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://cache.example:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: cache.example
    insecureSkipVerify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://cache.example:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: cache.example:5000
    insecureSkipVerify: true

Fix: name the settings exactly as the endpoint is written.

Source: https://github.com/rancher/rke2/issues/2167; siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import NearHosts
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings that an endpoint nearly gets."""
    if not view.is_complete:
        return
    hosts = NearHosts(
        host for host, endpoints in view.by_host.items() if any(endpoint.scheme == "https" for _, endpoint in endpoints)
    )
    upstreams = {upstream_host(name) for name in view.mirrors}
    known = view.by_host.keys() | view.hosts_without_scheme
    for tls in view.tls.values():
        if tls.name in known or tls.name in upstreams or "/" in tls.name or "*" in tls.name or not tls.name:
            continue
        near = hosts.nearest(tls.name)
        if near is not None and near not in view.tls:
            message = f"No endpoint has the host {quoted(tls.name)}, so these TLS settings are not used for {quoted(near)}; name them {quoted(near)}."
            # The legacy key may name credentials as well, so only a document is renamed.
            fix = None if tls.is_legacy else ProposedFix(f"Name them {quoted(near)}", (Put(tls.name_path, near),))
            yield Finding(tls.path, message, fix)
