"""The private key does not belong to the client certificate.

Flags: a client identity whose certificate and key cannot be used together.

Because: Talos checks that both are PEM, not that they fit. Talos' own puller fails when it reads them, and containerd
cannot log in.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    clientIdentity:
      cert: "{CLIENT_CERTIFICATE}"
      key: "{OTHER_KEY}"

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    clientIdentity:
      cert: "{CLIENT_CERTIFICATE}"
      key: "{CLIENT_KEY}"

Fix: put in the key that the certificate was made for.

Source: Go, crypto/tls/tls.go (X509KeyPair)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding
from talos_registry.hostnames import has_placeholder
from talos_registry.legacy import REDACTED_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.view import Tls, View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Client identities that identify nobody."""
    for tls in view.tls.values():
        fault = _fault(tls)
        if fault:
            message = f"The client certificate and key for {quoted(tls.name)} cannot be used together: {fault.removeprefix('tls: ')}."
            yield Finding((*tls.path, "clientIdentity", "key"), message)


def _fault(tls: Tls) -> str | None:
    identity = tls.values.get("clientIdentity") or {}
    cert, key = identity.get("cert") or "", identity.get("key") or ""
    if not (cert and key) or key == REDACTED_KEY or has_placeholder(cert) or has_placeholder(key):
        return None
    from talos_registry.gostring import text_bytes  # noqa: PLC0415 - few configs have a client identity
    from talos_registry.pem import identity_problem, key_pair_error  # noqa: PLC0415 - likewise

    if not tls.is_legacy and identity_problem(cert, key) is not None:
        return None  # Talos says so itself
    return key_pair_error(text_bytes(cert), text_bytes(key))
