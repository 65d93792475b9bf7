"""The certificates of TLS settings: when they are valid, and whether they may sign others."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from datetime import datetime

    from talos_registry.diagnostic import Path
    from talos_registry.view import Tls

__all__ = ["Certificate", "of_ca", "of_client"]


class Certificate(NamedTuple):
    """What rules want to know of a certificate; times are in UTC."""

    not_before: datetime
    not_after: datetime
    may_sign: bool


def of_ca(tls: Tls) -> tuple[Path, tuple[Certificate, ...]]:
    """Where the CA is, and its certificates that can be read."""
    return (*tls.path, "ca"), _certificates(tls.values.get("ca") or "")


def of_client(tls: Tls) -> tuple[Path, tuple[Certificate, ...]]:
    """Where the client certificate is, and the certificate itself, without those that signed it."""
    identity = tls.values.get("clientIdentity") or {}
    path = (*tls.path, "clientIdentity", "crt" if tls.is_legacy else "cert")
    return path, _certificates(identity.get("cert") or "")[:1]


@lru_cache(maxsize=256)
def _certificates(text: str) -> tuple[Certificate, ...]:
    if "-----BEGIN " not in text:
        return ()
    from talos_registry.pem import certificates  # noqa: PLC0415 - cryptography is slow to import
    from talos_registry.x509 import validity  # noqa: PLC0415 - likewise

    return tuple(Certificate(*validity(der)) for der in certificates(text))
