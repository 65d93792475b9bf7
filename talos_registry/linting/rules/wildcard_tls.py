"""TLS settings are named by a wildcard.

Flags: TLS settings with a ``*`` in their name.

Because: TLS settings are looked up by the exact host of an endpoint, so Talos' own puller never uses these. For pods
the name ``*`` is worse: unless there is a mirror ``*``, Talos cannot write the hosts directory and the node has no
mirror at all.

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

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View
    from talos_registry.loading import Setting

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """TLS settings for every host, which are for none."""
    for tls in view.tls.values():
        if "*" in tls.name and "/" not in tls.name:
            message = f"TLS settings named {quoted(tls.name)} are never used: they are looked up by the exact host of an endpoint{_consequence(view, tls)}."
            yield Finding(tls.name_path, message)


def _consequence(view: View, tls: Setting) -> str:
    is_fatal = tls.name == "*" and view.hosts("*", "cri").error is not None
    return "; with them the node writes no mirrors for pods at all" if is_fatal else ""
