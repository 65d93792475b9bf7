"""Make the CA of a trial: ca.crt."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

key, name = generate_private_key(SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "inside CA")])
now = datetime.now(UTC)
builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
builder = builder.not_valid_before(now).not_valid_after(now + timedelta(days=365))
builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
Path("ca.crt").write_bytes(builder.sign(key, SHA256()).public_bytes(Encoding.PEM))
