"""Writes the configs that the benchmarks read into a folder: ``python benchmarks/inputs.py FOLDER``.

The same bytes come out of every run, but for the secrets of the fleet. ``small.yaml`` is twelve documents (seven mirrors, three auth, two TLS with real
certificates); the larger files repeat that cycle under other names. The folder ``fleet`` has whole machine configs, made by
Talos' own generator.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from itertools import chain, count, islice
from pathlib import Path
from string import Template
from subprocess import run
from textwrap import indent
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
CYCLE = Template(Path(__file__).with_name("cycle.yaml.template").read_text())
SEPARATOR = "\n---\n"
SIZES = {"small.yaml": 12, "500.yaml": 500, "5000.yaml": 5000}
FILES = 500
CA_SECRET, OTHER_CA_SECRET, CLIENT_SECRET = 0x7A105, 0xCAC4E, 0xC11E47
ORGANISATION = "OU=Platform engineering,O=Example,L=Utrecht,C=NL"
SERIAL_NUMBER = 0x7A10_5E61_57E2
FROM, UNTIL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2055, 1, 1, tzinfo=UTC)


def private_key(secret: int) -> ec.EllipticCurvePrivateKey:
    """The P-256 key of a number, so that every run has the same one."""
    return ec.derive_private_key(secret, ec.SECP256R1())


def certificate(name: str, key: ec.EllipticCurvePrivateKey, issuer: str, issuer_key: ec.EllipticCurvePrivateKey) -> str:
    """A certificate in PEM, with what a private authority puts into one; an authority is issued by itself."""
    extensions = (
        x509.BasicConstraints(ca=name == issuer, path_length=None),
        x509.SubjectKeyIdentifier.from_public_key(key.public_key()),
        x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()),
        x509.SubjectAlternativeName([x509.DNSName("harbor.example"), x509.DNSName("cache.example")]),
    )
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name.from_rfc4514_string(f"CN={name},{ORGANISATION}"))
        .issuer_name(x509.Name.from_rfc4514_string(f"CN={issuer},{ORGANISATION}"))
        .public_key(key.public_key())
        .serial_number(SERIAL_NUMBER)
        .not_valid_before(FROM)
        .not_valid_after(UNTIL)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=isinstance(extension, x509.BasicConstraints))
    return builder.sign(issuer_key, hashes.SHA256(), ecdsa_deterministic=True).public_bytes(Encoding.PEM).decode()


def certificates() -> dict[str, str]:
    """The PEM texts that the cycle asks for, by their names there, indented as they stand in a document."""
    key, other_key, client_key = (private_key(secret) for secret in (CA_SECRET, OTHER_CA_SECRET, CLIENT_SECRET))
    client_pem = client_key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return {
        "authority": indent(certificate("Registry CA", key, "Registry CA", key).rstrip(), "  "),
        "other_authority": indent(certificate("Cache CA", other_key, "Cache CA", other_key).rstrip(), "  "),
        "client_certificate": indent(certificate("node", client_key, "Registry CA", key).rstrip(), "    "),
        "client_key": indent(client_pem.rstrip(), "    "),
    }


def cycle(prefix: str, catch_all: str, pem: dict[str, str]) -> list[str]:
    """Twelve documents; another ``prefix`` gives every one of them another name."""
    return CYCLE.substitute(pem, prefix=prefix, catch_all=catch_all).rstrip().split(SEPARATOR)


def documents() -> Iterator[str]:
    """Documents without end, no two of the same kind and name."""
    pem = certificates()
    later = (cycle(f"n{number}.", f"n{number}.any.example", pem) for number in count(1))
    return chain(cycle("", "'*'", pem), chain.from_iterable(later))


def main(folder: Path) -> None:
    """Writes the streams of 12 to 5,000 documents, and the folders ``files``, of one document a file, and ``fleet``.

    ``one.yaml`` is a TLS document: reading it loads all that the larger files need.
    """
    texts = list(islice(documents(), max(SIZES.values())))
    for name, size in SIZES.items():
        (folder / name).write_text(SEPARATOR.join(texts[:size]) + "\n")
    (folder / "one.yaml").write_text(next(text for text in texts if "clientIdentity" in text) + "\n")
    (folder / "files").mkdir()
    for number, text in enumerate(texts[:FILES]):
        (folder / "files" / f"{number:03}.yaml").write_text(f"{text}\n")
    run([sys.executable, "-m", "tests.oracle.fleet", folder.resolve() / "fleet"], cwd=ROOT, check=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
