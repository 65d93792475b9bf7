"""Make a CA and a client certificate for a trial: ca.crt, client.crt and client.key."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

CA = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "trial CA")])
CLIENT = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "talos")])


def signed(subject: x509.Name, key: EllipticCurvePrivateKey, ca_key: EllipticCurvePrivateKey) -> bytes:
    """A certificate of ``subject``, valid for a year."""
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(CA, subject, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=365))
    builder = builder.add_extension(x509.BasicConstraints(ca=subject == CA, path_length=None), critical=True)
    return builder.sign(ca_key, SHA256()).public_bytes(Encoding.PEM)


ca_key, client_key = generate_private_key(SECP256R1()), generate_private_key(SECP256R1())
Path("ca.crt").write_bytes(signed(CA, ca_key, ca_key))
Path("client.crt").write_bytes(signed(CLIENT, client_key, ca_key))
Path("client.key").write_bytes(client_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
