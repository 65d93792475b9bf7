"""The client certificate or its key cannot be read.

Flags: a client identity that Talos refuses in a document, and one that it takes and no puller can read: in the legacy
section, where nothing is looked at, and in a document since Talos 1.14, where only the PEM blocks are.

Because: without both, a certificate and its private key, the node cannot say who it is. Talos' own puller fails with
"error parsing client identity", containerd with "failed to load X509 key pair", for every pull from that host.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    clientIdentity:
      cert: "{CLIENT_KEY}"
      key: "{CLIENT_CERTIFICATE}"

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    clientIdentity:
      cert: "{CLIENT_CERTIFICATE}"
      key: "{CLIENT_KEY}"

Fix: paste the whole PEM block of the certificate and that of the private key, each in its field.

Source: siderolabs/talos, pkg/machinery/config/types/meta/certificate_key.go; Go, crypto/tls/tls.go (X509KeyPair)
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

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Client identities that Talos takes and nobody can read."""
    for tls in view.tls.values():
        fault = identity_fault(tls)
        if fault is not None and not fault.is_mismatch:
            message = (
                f"The client identity for {quoted(tls.name)} cannot be read, so pulls from there fail: {fault.reason}."
            )
            yield Finding((*tls.path, "clientIdentity"), message)
