"""Certificates and keys, made on the spot: none is stored."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

    Key = ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey | rsa.RSAPrivateKey

__all__ = [
    "CA",
    "CERTIFICATE",
    "ED25519",
    "KEY",
    "Issuer",
    "KeyPair",
    "certificate",
    "certificate_pem",
    "key_pem",
    "new_key",
]


class Issuer(NamedTuple):
    """Who signs certificates."""

    name: str
    key: Key


class KeyPair(NamedTuple):
    """A certificate and its key, as PEM."""

    cert: str
    key: str


def certificate(
    key: Key,
    *,
    subject: str = "Test CA",
    valid: tuple[datetime, datetime] = (datetime(2024, 1, 1, tzinfo=UTC), datetime(2034, 1, 1, tzinfo=UTC)),
    extensions: Iterable[x509.ExtensionType] = (),
    issuer: Issuer | None = None,
) -> x509.Certificate:
    """The certificate of a key, signed by ``issuer`` or else by the key itself; the extensions are critical."""
    signer = issuer or Issuer(subject, key)
    serial = int.from_bytes(x509.SubjectKeyIdentifier.from_public_key(key.public_key()).digest[1:])
    builder = x509.CertificateBuilder(_name(signer.name), _name(subject), key.public_key(), serial, *valid)
    for extension in extensions:
        builder = builder.add_extension(extension, critical=True)
    hashes_itself = not isinstance(signer.key, ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey)
    return builder.sign(signer.key, None if hashes_itself else SHA256())


def certificate_pem(certificate: x509.Certificate) -> str:
    return certificate.public_bytes(Encoding.PEM).decode()


def key_pem(key: Key) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)] if common_name else [])


ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
CERTIFICATE = certificate_pem(certificate(ED25519))
KEY = key_pem(ED25519)
CA = certificate_pem(certificate(ED25519, extensions=[x509.BasicConstraints(ca=True, path_length=None)]))
