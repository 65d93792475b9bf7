"""The private key does not belong to the client certificate.

Flags: a client identity whose certificate and key can be read and are no pair.

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

from talos_registry.linting.certificates import identity_fault
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Client identities of two halves that are no whole."""
    for tls in view.tls.values():
        fault = identity_fault(tls)
        if fault is not None and fault.is_mismatch:
            message = f"The client certificate and key for {quoted(tls.name)} cannot be used together: {fault.reason}."
            yield Finding((*tls.path, "clientIdentity", "key"), message)
