"""A private certificate authority, made for one run."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509

from tests.certificates import Issuer, KeyPair, certificate, certificate_pem, key_pem, new_key

if TYPE_CHECKING:
    from tests.certificates import Key

DAY = timedelta(days=1)


class Authority:
    def __init__(self) -> None:
        self._issuer = Issuer("private CA", new_key())
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        self.pem = self._signed(self._issuer.key, self._issuer.name, constraints)

    def issue(self, address: str, *, days: int = 0) -> KeyPair:
        """A server certificate for an IP address, valid for two days around the one in ``days``."""
        key = new_key()
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        return KeyPair(self._signed(key, "", names, days), key_pem(key))

    def _signed(self, key: Key, subject: str, extension: x509.ExtensionType, days: int = 0) -> str:
        middle = datetime.now(UTC) + timedelta(days=days)
        valid = (middle - DAY, middle + DAY)
        return certificate_pem(
            certificate(key, subject=subject, valid=valid, extensions=[extension], issuer=self._issuer)
        )
