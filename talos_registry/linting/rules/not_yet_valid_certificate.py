"""A certificate is not valid yet.

Flags: a ``ca`` of which no certificate is valid yet, and a client certificate that is not valid yet.

Because: until that time every handshake with the registry fails.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{FUTURE_CA}"

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{CA}"

Fix: check the dates of the certificate, and the clock of the machine that made it.

Source: Go, crypto/x509/verify.go (isValid)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.certificates import of_ca, of_client
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Certificates whose time has not come."""
    for tls in view.tls.values():
        for path, certificates in (of_ca(tls), of_client(tls)):
            if certificates and all(certificate.not_before > view.now for certificate in certificates):
                first = min(certificate.not_before for certificate in certificates)
                message = f"The certificate for {quoted(tls.name)} is valid from {first:%Y-%m-%d} on; until then pulls from there fail."
                yield Finding(path, message)
