"""A mirror, auth or TLS name is a URL or has a path.

Flags: names with a scheme or a ``/`` in them.

Because: a mirror is looked up by the first segment of an image reference, credentials and TLS settings by the host of
an endpoint. Both are ``HOST[:PORT]``; a name with anything more is never looked up.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: https://registry.example:5000
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example:5000
    endpoints:
      - url: http://10.5.0.1:5000

Fix: write the host alone. A repository prefix cannot be mirrored on its own: the whole registry host is.

Source: https://github.com/k3s-io/k3s/issues/13255; siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding, Mend, Put
from talos_registry.hostnames import is_docker_config_key, without_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.view import Auth, Mirror, Tls, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_PLACEHOLDERS = re.compile(r"\$\{[^}]*\}|\{\{.*?\}\}|<[^<>]*>")


def check(view: View) -> Iterator[Finding]:
    """Names that cannot be the name of a host."""
    for mirror in view.mirrors.values():
        if _is_no_host(mirror.name):
            yield _finding(mirror, "no image reference begins with it, so this mirror is never used")
    for entry in view.named_by_host():
        if _is_no_host(entry.name) and not is_docker_config_key(entry.name):
            yield _finding(entry, "it is compared with the host of an endpoint, so these settings are never used")


def _is_no_host(name: str) -> bool:
    return "/" in name and "/" in _PLACEHOLDERS.sub("", name)


def _finding(entry: Mirror | Auth | Tls, consequence: str) -> Finding:
    host = without_url(entry.name)
    mend = Mend(f"Name it {host}", (Put(entry.name_path, host, is_key=entry.is_legacy),)) if host else None
    advice = f"; write {quoted(host)}" if host else ""
    return Finding(entry.name_path, f"{quoted(entry.name)} is not a registry host: {consequence}{advice}.", mend)
