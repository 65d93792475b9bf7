"""The certificates of TLS settings: when they are valid, whether they may sign others, whether their keys fit."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.documents.shapes import REDACTED_KEY
from talos_registry.placeholders import has_placeholder

if TYPE_CHECKING:
    from datetime import datetime

    from talos_registry.diagnostic import Path
    from talos_registry.loading import Setting

__all__ = ["Certificate", "IdentityFault", "identity_fault", "is_der", "is_encoded_pem", "of_ca", "of_client"]


class Certificate(NamedTuple):
    """What rules want to know of a certificate; times are in UTC."""

    not_before: datetime
    not_after: datetime
    may_sign: bool


class IdentityFault(NamedTuple):
    """Why a client identity that Talos takes cannot be used; ``is_mismatch``: both halves can be read."""

    reason: str
    is_mismatch: bool


def of_ca(tls: Setting) -> tuple[Path, tuple[Certificate, ...]]:
    """Where the CA is, and its certificates that can be read."""
    return (*tls.path, "ca"), _certificates(tls.values.get("ca") or "")


def of_client(tls: Setting) -> tuple[Path, tuple[Certificate, ...]]:
    """Where the client certificate is, and the certificate itself, without those that signed it."""
    identity = tls.values.get("clientIdentity") or {}
    path = (*tls.path, "clientIdentity", "crt" if tls.is_legacy else "cert")
    return path, _certificates(identity.get("cert") or "")[:1]


def identity_fault(tls: Setting) -> IdentityFault | None:
    """What is wrong with a client identity; nothing that Talos says itself, nor what is in another encoding."""
    identity = tls.values.get("clientIdentity")
    if identity is None:
        return None
    cert, key = identity.get("cert") or "", identity.get("key") or ""
    if key == REDACTED_KEY or any(
        is_encoded_pem(half) or is_der(half) or has_placeholder(half) for half in (cert, key)
    ):
        return None
    if tls.is_legacy:
        return _identity_fault(cert, key)
    from talos_registry.go.pem import identity_problem

    return _identity_fault(cert, key) if identity_problem(cert, key) is None else None


@lru_cache(maxsize=256)
def _identity_fault(cert: str, key: str) -> IdentityFault | None:
    if not (cert and key):
        return IdentityFault("the certificate or its key is missing", is_mismatch=False)
    from talos_registry.go.pem import key_pair_error
    from talos_registry.go.strings import text_bytes

    error_text = key_pair_error(text_bytes(cert), text_bytes(key))
    return IdentityFault(error_text.removeprefix("tls: "), "does not match" in error_text) if error_text else None


def is_encoded_pem(text: str) -> bool:
    """Whether a text is base64 of PEM text."""
    return text.lstrip().startswith("LS0tLS1CRUdJTi")


def is_der(text: str) -> bool:
    """Whether a text is the bytes of a certificate or key, without PEM around them."""
    return text.startswith("\x30") and "-----BEGIN " not in text


@lru_cache(maxsize=256)
def _certificates(text: str) -> tuple[Certificate, ...]:
    if "-----BEGIN " not in text:
        return ()
    from talos_registry.go.pem import certificates
    from talos_registry.go.x509 import validity

    return tuple(Certificate(*validity(der)) for der in certificates(text))
