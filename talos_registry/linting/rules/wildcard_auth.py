"""Credentials are named by a wildcard.

Flags: credentials with a ``*`` in their name.

Because: ``*`` is special as the name of a mirror only. Credentials are looked up by the exact host of an endpoint, so these are
never sent.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: "*"
    username: puller
    password: ${PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: cache.example
    username: puller
    password: ${PASSWORD}

Fix: write one document for each endpoint host.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import printable, quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_MOST_SHOWN = 3


def check(view: View) -> Iterator[Finding]:
    """Credentials for every host, which are for none."""
    hosts = sorted(host for host in view.by_host if host)
    where = f" ({', '.join(map(printable, hosts))})" if 0 < len(hosts) <= _MOST_SHOWN else ""
    for auth in view.auths.values():
        if "*" in auth.name and "/" not in auth.name:
            message = f"Credentials named {quoted(auth.name)} are never used: they are looked up by the exact host of an endpoint{where}."
            yield Finding(auth.name_path, message)
