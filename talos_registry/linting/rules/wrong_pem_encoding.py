"""PEM text where base64 belongs, or base64 where PEM text belongs.

Flags: PEM text in the legacy section and base64 in a document (refused by Talos), a field called ``crt`` in a document
or ``cert`` in the legacy section (refused too), and legacy base64 of what is base64 or DER already (accepted).

Because: the legacy section takes ``ca``, ``crt`` and ``key`` as base64 of the PEM text; a RegistryTLSConfig takes ``ca``,
``cert`` and ``key`` as the PEM text itself. What is encoded twice, or not PEM, holds no certificate for the pullers.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUIK

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    ca: "{CA}"

Fix: in a document paste the PEM text, from its BEGIN line to its END line, as a block (``ca: |-``); in the legacy
section give ``base64 --wrap=0 FILE``.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_tls.go; siderolabs/crypto, x509/certificate_key.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.certificates import is_der, is_encoded_pem
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View
    from talos_registry.loading import Setting

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Legacy fields whose base64 holds no PEM text."""
    for tls in view.tls.values():
        if tls.is_legacy:
            for key, text in _fields(tls):
                what = _other_form(text)
                if what:
                    message = f"{key[-1]} of {quoted(tls.name)} is base64 of {what}; it must be base64 of the PEM text."
                    yield Finding((*tls.path, *key), message)


def _fields(tls: Setting) -> Iterator[tuple[tuple[str, ...], str]]:
    yield ("ca",), tls.values.get("ca") or ""
    identity = tls.values.get("clientIdentity") or {}
    yield ("clientIdentity", "crt"), identity.get("cert") or ""
    yield ("clientIdentity", "key"), identity.get("key") or ""


def _other_form(text: str) -> str:
    if is_encoded_pem(text):
        return "base64"
    return "DER" if is_der(text) else ""
