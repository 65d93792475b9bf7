"""RegistryTLSConfig: whom to trust, and who to be, at an endpoint host.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_tls.go and types/meta/certificate_key.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Problem
from talos_registry.documents.shapes import BOOL, STRING, Kind, Struct, Values
from talos_registry.messages import missing_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.versions import Release

__all__ = ["TLS"]

_IDENTITY = Struct("meta.CertificateAndKey", {"cert": STRING, "key": STRING}, is_pointer=True)

_STRUCT = Struct(
    "cri.RegistryTLSConfigV1Alpha1",
    {
        "apiVersion": STRING,
        "kind": STRING,
        "name": STRING,
        "clientIdentity": _IDENTITY,
        "ca": STRING,
        "insecureSkipVerify": BOOL,
    },
    frozenset({"kind", "name"}),
)


def _problems(values: Values, release: Release) -> Iterator[Problem]:
    if not values.get("name"):
        yield missing_name("the endpoint host it is for, with its port")
    if values.get("ca"):
        yield from _ca_problems(values["ca"])
    identity = values.get("clientIdentity")
    if identity is not None:
        yield from _identity_problems(identity.get("cert", ""), identity.get("key", ""), release)


def _ca_problems(ca: str) -> Iterator[Problem]:
    from talos_registry.go.pem import is_ca_accepted

    if is_ca_accepted(ca):
        return
    error_text = "ca must be a valid PEM-encoded certificate"
    encoding = _other_encoding(ca)
    if encoding:
        yield Problem("wrong-pem-encoding", ("ca",), error_text, _wrong_encoding("ca", encoding))
    else:
        message = (
            "ca holds no certificate that can be read; paste the whole PEM block, from its BEGIN line to its END line."
        )
        yield Problem("invalid-ca", ("ca",), error_text, message)


def _identity_problems(cert: str, key: str, release: Release) -> Iterator[Problem]:
    from talos_registry.go import pem

    if release.parses_identity:
        problems = tuple(pem.parsed_identity_problems(cert, key))
    else:
        problem = pem.identity_problem(cert, key)
        problems = () if problem is None else (f"client identity: {problem}",)
    for error_text in problems:
        yield _identity_problem(error_text, cert, key)


def _identity_problem(error_text: str, cert: str, key: str) -> Problem:
    member, text = (
        ("key", key) if error_text.startswith(("client identity: key", "client identity key")) else ("cert", cert)
    )
    path = ("clientIdentity", member) if text else ("clientIdentity",)
    encoding = _other_encoding(text)
    if encoding:
        return Problem("wrong-pem-encoding", path, error_text, _wrong_encoding(f"clientIdentity.{member}", encoding))
    reason = error_text.removeprefix("client identity: ").removeprefix("client identity ")
    return Problem("invalid-client-identity", path, error_text, f"The client identity cannot be used: {reason}.")


_ENCODED_PEM, _ENCODED_DER = "LS0tLS1CRUdJTi", re.compile(r"MI[A-Za-z0-9+/\s]{40,}=*")
"""How base64 of a PEM block begins, and what base64 of a certificate or key looks like."""


def _other_encoding(text: str) -> str:
    if text.lstrip().startswith(_ENCODED_PEM):
        return "base64 of a PEM file, as the legacy section wants it"
    return "base64 without its BEGIN and END lines" if _ENCODED_DER.fullmatch(text.strip()) else ""


def _wrong_encoding(field: str, encoding: str) -> str:
    return f"{field} is {encoding}; a document takes the PEM text itself."


TLS = Kind("RegistryTLSConfig", _STRUCT, named=True, problems=_problems)
