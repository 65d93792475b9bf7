from __future__ import annotations

from base64 import encodebytes
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from talos_registry.go.pem import (
    PemBlock,
    identity_problem,
    is_ca_accepted,
    key_pair_error,
    parsed_identity_problems,
    pem_blocks,
)
from tests.certificates import CERTIFICATE, ED25519, KEY, certificate

if TYPE_CHECKING:
    from tests.certificates import Key

OTHER_ED25519 = ed25519.Ed25519PrivateKey.from_private_bytes(bytes(32))
P256 = ec.derive_private_key(0x1234567, ec.SECP256R1())


def der(key: Key) -> bytes:
    return certificate(key).public_bytes(Encoding.DER)


def pkcs8(key: Key) -> bytes:
    return key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())


def armoured(kind: str, der: bytes, *, headers: str = "") -> str:
    return f"-----BEGIN {kind}-----\n{headers}{encodebytes(der).decode()}-----END {kind}-----\n"


ABC = PemBlock("A", has_headers=False, der=b"abc")
WITH_HEADERS = PemBlock("A", has_headers=True, der=b"abc")


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("no PEM here", []),
        ("-----BEGIN A-----\nYWJj\n-----END A-----\n", [ABC]),
        ("-----BEGIN A-----\nYWJj\n-----END A-----", [ABC]),
        ("-----BEGIN A-----\r\nYWJj\r\n-----END A-----\r\n", [ABC]),
        ("junk\n-----BEGIN A-----\nYW\n\n Jj\t\n-----END A----- \t\njunk", [ABC]),
        ("-----BEGIN A-----  \nYWJj\n-----END A-----", [ABC]),
        ("-----BEGIN A-----\nYWJj\n-----END A-----\n" * 2, [ABC, ABC]),
        ("-----BEGIN A-----\n-----END A-----", [PemBlock("A", has_headers=False, der=b"")]),
        ("-----BEGIN A-----\nX: y\n\nYWJj\n-----END A-----", [WITH_HEADERS]),
        ("-----BEGIN A-----\nX: y\nYWJj\n-----END A-----", [WITH_HEADERS]),
        ("-----BEGIN B-----\nYWJj\n-----BEGIN A-----\nYWJj\n-----END A-----", [ABC]),
        ("-----BEGIN B-----\nYWJj\n-----END C-----\n-----BEGIN A-----\nYWJj\n-----END A-----", [ABC]),
        ("-----BEGIN B-----\nYW-j\n-----END B-----\n-----BEGIN A-----\nYWJj\n-----END A-----", [ABC]),
        ("-----BEGIN \udcff-----\nYWJj\n-----END \udcff-----", [PemBlock("\udcff", has_headers=False, der=b"abc")]),
        (" -----BEGIN A-----\nYWJj\n-----END A-----", []),
        ("-----BEGIN A-----\nYWJj\n -----END A-----", []),
        ("-----BEGIN A-----\nYWJj\n-----END A----- x", []),
        ("-----BEGIN A-----\nYWJj\n-----END A-----\r", []),
        ("-----BEGIN A----\nYWJj\n-----END A----", []),
        ("-----BEGIN A-----\nX: y\n-----END A-----", []),
        ("-----BEGIN A-----\nX: y", []),
        ("-----BEGIN A-----\nYWJjZ\n-----END A-----", []),
        ("-----BEGIN A-----\nYWI\n-----END A-----", []),
        ("-----BEGIN A-----\nYWI=YWJj\n-----END A-----", []),
    ],
)
def test_blocks_are_found_as_go_finds_them(text: str, blocks: list[PemBlock]) -> None:
    assert list(pem_blocks(text)) == blocks


def test_bytes_are_scanned_like_texts() -> None:
    assert list(pem_blocks(b"-----BEGIN A-----\nYWJj\n-----END A-----\n")) == [ABC]


def test_unused_bits_of_base64_are_ignored() -> None:
    (block,) = pem_blocks("-----BEGIN A-----\nYR==\n-----END A-----")
    assert block.der == b"a"


@pytest.mark.parametrize(
    ("text", "accepted"),
    [
        (CERTIFICATE, True),
        (CERTIFICATE.replace("\n", "\r\n"), True),
        (f"a comment\n{KEY}{CERTIFICATE}", True),
        (armoured("CERTIFICATE", b"not DER") + CERTIFICATE, True),
        (armoured("CERTIFICATE", b"not DER"), False),
        (armoured("CERTIFICATE", der(ED25519) + b"\0"), False),
        (armoured("CERTIFICATE", der(ED25519), headers="Comment: x\n\n"), False),
        (armoured("TRUSTED CERTIFICATE", der(ED25519)), False),
        (armoured("X509 CERTIFICATE", der(ED25519)), False),
        (encodebytes(CERTIFICATE.encode()).decode(), False),
        ("-----BEGIN CERTIFICATE-----\nMIID...IDAQAB\n-----END CERTIFICATE-----", False),
        (KEY, False),
        ("", False),
    ],
)
def test_a_ca_needs_one_certificate(text: str, accepted: bool) -> None:
    assert is_ca_accepted(text) is accepted


@pytest.mark.parametrize(
    ("cert", "key", "problem"),
    [
        (CERTIFICATE, KEY, None),
        (armoured("CERTIFICATE", b""), armoured("FOO", b""), None),
        (CERTIFICATE, CERTIFICATE, None),
        ("", "", "certificate is required"),
        ("x", "", "key is required"),
        ("x", "y", "certificate: no PEM blocks found"),
        (KEY, KEY, 'certificate: unexpected PEM block type "PRIVATE KEY", expected one of ["CERTIFICATE"]'),
        (
            CERTIFICATE + armoured('A "B"', b"x"),
            "y",
            r'certificate: unexpected PEM block type "A \"B\"", expected one of ["CERTIFICATE"]',
        ),
        (CERTIFICATE, "y", "key: no PEM blocks found"),
    ],
)
def test_the_first_problem_of_an_identity_is_told(cert: str, key: str, problem: str | None) -> None:
    assert identity_problem(cert, key) == problem


@pytest.mark.parametrize(
    ("cert", "key", "problems"),
    [
        (CERTIFICATE, KEY, ()),
        (armoured("ANYTHING", der(ED25519)), armoured("ANYTHING", pkcs8(OTHER_ED25519)), ()),
        (
            "",
            "",
            (
                "client identity certificate is invalid: failed to parse PEM block",
                "client identity key is invalid: failed to parse PEM block",
            ),
        ),
        (
            armoured("CERTIFICATE", b"x"),
            KEY,
            ("client identity certificate is invalid: failed to parse certificate: x509: malformed certificate",),
        ),
        (
            CERTIFICATE,
            armoured(
                "EC PRIVATE KEY",
                P256.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
            ),
            (
                "client identity key is invalid: failed to parse key: x509: failed to parse private key (use ParseECPrivateKey instead for this key format)",
            ),
        ),
    ],
)
def test_older_talos_parses_an_identity(cert: str, key: str, problems: tuple[str, ...]) -> None:
    assert parsed_identity_problems(cert, key) == problems


@pytest.mark.parametrize(
    ("cert", "key", "error"),
    [
        (CERTIFICATE, KEY, None),
        (KEY + CERTIFICATE, CERTIFICATE + KEY, None),
        (armoured("CERTIFICATE", der(P256)), armoured("EC PRIVATE KEY", pkcs8(P256)), None),
        ("", KEY, "tls: failed to find any PEM data in certificate input"),
        (
            KEY,
            CERTIFICATE,
            "tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may have been switched",
        ),
        (
            armoured("A", b"") + armoured("B C", b""),
            KEY,
            'tls: failed to find "CERTIFICATE" PEM block in certificate input after skipping PEM blocks of the following types: [A B C]',
        ),
        (CERTIFICATE, "", "tls: failed to find any PEM data in key input"),
        (CERTIFICATE, CERTIFICATE, "tls: found a certificate rather than a key in the PEM for the private key"),
        (
            CERTIFICATE,
            armoured("MYPRIVATE KEY", pkcs8(ED25519)),
            'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input after skipping PEM blocks of the following types: [MYPRIVATE KEY]',
        ),
        (armoured("CERTIFICATE", b"x") + CERTIFICATE, KEY, "x509: malformed certificate"),
        (CERTIFICATE, armoured("PRIVATE KEY", b"x"), "tls: failed to parse private key"),
        (
            CERTIFICATE,
            armoured("PRIVATE KEY", pkcs8(OTHER_ED25519)),
            "tls: private key does not match public key",
        ),
        (CERTIFICATE, armoured("PRIVATE KEY", pkcs8(P256)), "tls: private key type does not match public key type"),
        (
            armoured("CERTIFICATE", der(ed448.Ed448PrivateKey.from_private_bytes(bytes(57)))),
            KEY,
            "tls: unknown public key algorithm",
        ),
    ],
)
def test_a_key_pair_is_judged_as_tls_judges_it(cert: str, key: str, error: str | None) -> None:
    assert key_pair_error(cert.encode(), key.encode()) == error
