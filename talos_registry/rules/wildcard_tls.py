"""TLS settings are named *.

Flags: TLS settings with the name ``*``.

Because: TLS settings are looked up by the exact host of an endpoint, so Talos' own puller never uses these. For pods it
is worse: unless there is a mirror ``*``, Talos cannot write the hosts directory and the node has no mirror at all.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: "*"
    insecureSkipVerify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: cache.example:5000
    insecureSkipVerify: true

Fix: write one document for each endpoint host.

Source: siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings for every host, which are for none."""
    tls = view.tls.get("*")
    if tls is not None:
        error = view.hosts("*", "cri").error
        consequence = f"; the node writes no mirrors for pods at all ({error})" if error else ""
        message = (
            f"TLS settings named * are never used: they are looked up by the exact host of an endpoint{consequence}."
        )
        yield Finding(tls.path, message)
