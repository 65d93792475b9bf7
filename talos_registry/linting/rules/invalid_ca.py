"""The CA holds no certificate.

Flags: a ``ca`` in which no PEM block is a certificate that can be read. Talos refuses it in a document and takes it in
the legacy section.

Because: a certificate that was shortened, or a file that holds something else, gives the pullers nothing to trust.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: |-
      -----BEGIN CERTIFICATE-----
      MIID...IDA=
      -----END CERTIFICATE-----

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{CA}"

Fix: paste the whole block, from its BEGIN line to its END line.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_tls.go (Validate); Go, crypto/x509/cert_pool.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.certificates import is_der, is_encoded_pem
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Legacy CAs without a certificate."""
    for tls in view.tls.values():
        ca = tls.values.get("ca") if tls.is_legacy else None
        if ca and not (is_encoded_pem(ca) or is_der(ca) or has_placeholder(ca)) and not _is_accepted(ca):
            message = f"The ca of {quoted(tls.name)} holds no certificate that can be read; pulls from there will fail."
            yield Finding((*tls.path, "ca"), message)


def _is_accepted(ca: str) -> bool:
    from talos_registry.go.pem import is_ca_accepted

    return is_ca_accepted(ca)
