"""PEM as Go scans it, and what Talos says about the certificates and keys of a RegistryTLSConfig."""

from __future__ import annotations

import re
from binascii import a2b_base64
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.go.strings import go_quote, text_bytes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = [
    "PemBlock",
    "certificates",
    "identity_problem",
    "is_ca_accepted",
    "key_pair_error",
    "parsed_identity_problems",
    "pem_blocks",
]

_BEGIN, _END, _DASHES = b"-----BEGIN ", b"\n-----END ", b"-----"
_BASE64 = re.compile(rb"[A-Za-z0-9+/]*={0,2}").fullmatch
_CERTIFICATE, _PRIVATE_KEY = "CERTIFICATE", "PRIVATE KEY"


class PemBlock(NamedTuple):
    """One PEM block: its type (``CERTIFICATE``), whether it has headers, and its content, decoded."""

    type: str
    has_headers: bool
    der: bytes


def pem_blocks(source: str | bytes) -> Iterator[PemBlock]:
    """The PEM blocks of a text, in order; whatever else the text holds is skipped.

    Source: ``Decode`` of ``encoding/pem/pem.go`` (Go standard library), called until it finds nothing.
    """
    data = text_bytes(source) if isinstance(source, str) else source
    following = _next_block(data, 0)
    while following:
        block, end = following
        yield block
        following = _next_block(data, end)


def certificates(text: str) -> Iterator[bytes]:
    """The certificates (DER) in a text that Go can parse, as it picks them for a pool."""
    return (
        block.der
        for block in pem_blocks(text)
        if block.type == _CERTIFICATE and not block.has_headers and _certificate_fault(block.der) is None
    )


@lru_cache(maxsize=256)
def is_ca_accepted(text: str) -> bool:
    """Whether Talos takes this text for ``ca``: one block at least is a certificate that Go can parse.

    Does not check dates, or whether the certificate is that of a CA.

    Source: ``AppendCertsFromPEM`` of ``crypto/x509/cert_pool.go`` (Go standard library), called by ``Validate`` of
    ``pkg/machinery/config/types/cri/registry_tls.go`` (Talos).
    """
    return any(certificates(text))


def identity_problem(cert: str, key: str) -> str | None:
    """What Talos (1.14 and later) says about a client identity, None when it takes it.

    Does not check that certificate and key can be parsed or belong together; Talos does not either.

    Source: ``Validate`` of ``pkg/machinery/config/types/meta/certificate_key.go`` (Talos).
    """
    if not cert:
        return "certificate is required"
    if not key:
        return "key is required"
    types = [block.type for block in pem_blocks(cert)]
    for block_type in types:
        if block_type != _CERTIFICATE:
            return f'certificate: unexpected PEM block type {go_quote(block_type)}, expected one of ["{_CERTIFICATE}"]'
    if not types:
        return "certificate: no PEM blocks found"
    return None if any(pem_blocks(key)) else "key: no PEM blocks found"


def parsed_identity_problems(cert: str, key: str) -> tuple[str, ...]:
    """What Talos 1.12 and 1.13 say about a client identity, which they parse.

    Source: ``Validate`` of ``registry_tls.go`` before commit d0291bb0b (Talos), ``GetCert`` and ``GetPrivateKey`` of
    ``x509/certificate_key.go`` (``siderolabs/crypto``).
    """
    problems = []
    fault = _first_block_fault(cert, "certificate", _certificate_fault)
    if fault:
        problems.append(f"client identity certificate is invalid: {fault}")
    fault = _first_block_fault(key, "key", _key_fault)
    if fault:
        problems.append(f"client identity key is invalid: {fault}")
    return tuple(problems)


def key_pair_error(cert: bytes, key: bytes) -> str | None:
    """Why a node cannot use a client certificate and key, None when it can.

    Source: ``X509KeyPair`` of ``crypto/tls/tls.go`` (Go standard library).
    """
    blocks, key_blocks = list(pem_blocks(cert)), list(pem_blocks(key))
    certificate = next((block for block in blocks if block.type == _CERTIFICATE), None)
    if certificate is None:
        return _no_certificate([block.type for block in blocks])
    private_key = next((block for block in key_blocks if _is_private_key(block)), None)
    if private_key is None:
        return _no_key([block.type for block in key_blocks])
    from talos_registry.go.x509 import key_pair_fault

    return key_pair_fault(certificate.der, private_key.der)


def _no_certificate(skipped: list[str]) -> str:
    if not skipped:
        return "tls: failed to find any PEM data in certificate input"
    if len(skipped) == 1 and skipped[0].endswith(_PRIVATE_KEY):
        return (
            "tls: failed to find certificate PEM data in certificate input, "
            "but did find a private key; PEM inputs may have been switched"
        )
    return (
        'tls: failed to find "CERTIFICATE" PEM block in certificate input '
        f"after skipping PEM blocks of the following types: [{' '.join(skipped)}]"
    )


def _no_key(skipped: list[str]) -> str:
    if not skipped:
        return "tls: failed to find any PEM data in key input"
    if skipped == [_CERTIFICATE]:
        return "tls: found a certificate rather than a key in the PEM for the private key"
    return (
        'tls: failed to find PEM block with type ending in "PRIVATE KEY" in key input '
        f"after skipping PEM blocks of the following types: [{' '.join(skipped)}]"
    )


def _is_private_key(block: PemBlock) -> bool:
    return block.type == _PRIVATE_KEY or block.type.endswith(f" {_PRIVATE_KEY}")


def _first_block_fault(text: str, what: str, fault_of: Callable[[bytes], str | None]) -> str | None:
    block = next(pem_blocks(text), None)
    if block is None:
        return "failed to parse PEM block"
    fault = fault_of(block.der)
    return fault and f"failed to parse {what}: {fault}"


@lru_cache(maxsize=1024)
def _certificate_fault(der: bytes) -> str | None:
    from talos_registry.go.x509 import certificate_fault

    return certificate_fault(der)


def _key_fault(der: bytes) -> str | None:
    from talos_registry.go.x509 import key_fault

    return key_fault(der)


def _next_block(data: bytes, start: int) -> tuple[PemBlock, int] | None:
    """The first block at or after ``start``, and where the search for the next one begins."""
    while (end := data.find(_END, start)) >= 0:
        trailer = end + len(_END)
        # The nearest BEGIN above an END is the one it closes; BEGINs further up were never closed.
        begin = data.rfind(_BEGIN, start, end)
        if begin == start or (begin > start and data[begin - 1 : begin] == b"\n"):
            opening, headers = _line(data, begin + len(_BEGIN))
            if opening.endswith(_DASHES):
                body = _skip_headers(data, headers)
                if body is None or body > trailer:
                    return None
                block = _closed_block(data, opening, headers, body, end)
                if block:
                    return block, _line(data, trailer)[1]
        start = trailer
    return None


def _closed_block(data: bytes, opening: bytes, headers: int, body: int, end: int) -> PemBlock | None:
    """The block whose END line is at ``end``, None when that does not close the opening line or the body is damaged."""
    has_headers = body > headers
    if has_headers and end < body:
        return None
    trailer = end + len(_END)
    if not data.startswith(opening, trailer) or _line(data, trailer + len(opening))[0]:
        return None
    der = _decode_base64(data[body:end])
    if der is None:
        return None
    kind = opening.removesuffix(_DASHES).decode("utf-8", "surrogateescape")
    return PemBlock(kind, has_headers, der)


def _skip_headers(data: bytes, at: int) -> int | None:
    """Where the first line without a ":" starts, None when there is no such line."""
    while at < len(data):
        line, following = _line(data, at)
        if b":" not in line:
            return at
        at = following
    return None


def _line(data: bytes, start: int) -> tuple[bytes, int]:
    """The line from ``start`` on without trailing blanks, and where the next one starts."""
    newline = data.find(b"\n", start)
    if newline < 0:
        return data[start:].rstrip(b" \t"), len(data)
    return data[start:newline].removesuffix(b"\r").rstrip(b" \t"), newline + 1


def _decode_base64(text: bytes) -> bytes | None:
    packed = text.translate(None, b" \t\r\n")
    return a2b_base64(packed) if len(packed) % 4 == 0 and _BASE64(packed) else None
