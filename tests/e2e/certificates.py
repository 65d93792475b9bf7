"""A private certificate authority, made for one run."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

DAY = timedelta(days=1)


class KeyPair(NamedTuple):
    """A certificate and its key, as PEM."""

    cert: str
    key: str


class Authority:
    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "private CA")])
        constraints = x509.BasicConstraints(ca=True, path_length=0)
        self._cert = self._signed(self._name, self._key.public_key(), constraints)

    @property
    def pem(self) -> str:
        return self._cert.public_bytes(serialization.Encoding.PEM).decode()

    def issue(self, address: str) -> KeyPair:
        """A server certificate for an IP address."""
        key = ec.generate_private_key(ec.SECP256R1())
        names = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))])
        cert = self._signed(x509.Name([]), key.public_key(), names)
        encoding, no_encryption = serialization.Encoding.PEM, serialization.NoEncryption()
        private = key.private_bytes(encoding, serialization.PrivateFormat.PKCS8, no_encryption)
        return KeyPair(cert.public_bytes(encoding).decode(), private.decode())

    def _signed(
        self, name: x509.Name, key: ec.EllipticCurvePublicKey, extension: x509.ExtensionType
    ) -> x509.Certificate:
        now = datetime.now(UTC)
        serial = x509.random_serial_number()
        builder = x509.CertificateBuilder(self._name, name, key, serial, now - DAY, now + DAY)
        return builder.add_extension(extension, critical=True).sign(self._key, hashes.SHA256())
