"""The ca is not the certificate of a CA.

Flags: a ``ca`` of which no certificate may sign others.

Because: this is most often the certificate of the server itself. It is trusted for that one server until it is renewed,
and signs for no other; then pulls fail with "certificate signed by unknown authority".

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{SERVER_CERTIFICATE}"

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{CA}"

Fix: put in the certificate of the CA that signed the server's.

Source: Go, crypto/x509/x509.go (CheckSignatureFrom)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.certificates import of_ca
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """CAs that sign nothing."""
    for tls in view.tls.values():
        path, certificates = of_ca(tls)
        if certificates and not any(certificate.may_sign for certificate in certificates):
            message = (
                f"The ca for {quoted(tls.name)} is no CA's certificate: it is good for that very server at most, until "
                "its certificate is renewed."
            )
            yield Finding(path, message)
