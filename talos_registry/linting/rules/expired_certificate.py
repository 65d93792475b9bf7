"""A certificate has expired.

Flags: a ``ca`` whose certificates have all expired, and an expired client certificate.

Because: who trusts nothing but an expired CA trusts nobody, and a registry refuses an expired client.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{EXPIRED_CA}"

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{CA}"

Fix: put in the renewed certificate.

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
    """Certificates whose time is over."""
    for tls in view.tls.values():
        for path, certificates in (of_ca(tls), of_client(tls)):
            if certificates and all(certificate.not_after < view.now for certificate in certificates):
                last = max(certificate.not_after for certificate in certificates)
                message = f"The certificate for {quoted(tls.name)} expired on {last:%Y-%m-%d}; pulls from there fail."
                yield Finding(path, message)
