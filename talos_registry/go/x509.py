"""Certificates and private keys as Go judges them, read by ``cryptography``.

``cryptography`` reads a certificate lazily and Go does not, so what Go reads is asked for here. About a certificate
damaged inside the two can still disagree, and Go is more precise about the damage.

Source: Go, crypto/x509/parser.go (ParseCertificate) and crypto/tls/tls.go (parsePrivateKey).
"""

from __future__ import annotations

import re
import warnings
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_der_private_key

if TYPE_CHECKING:
    from datetime import datetime

__all__ = ["certificate_fault", "key_fault", "key_pair_fault", "validity"]

_MALFORMED = (ValueError, TypeError, x509.InvalidVersion, x509.DuplicateExtension, x509.UnsupportedGeneralNameType)
_INTEGER = b"\x02"
_OTHER_FORM = re.compile(rb"\x30(?:[\x00-\x7f]|\x81.|\x82..)\x02\x01.([\x02\x04])", re.DOTALL)
"""How a PKCS #1 or SEC 1 key begins: a version, then a number or bytes where PKCS #8 has a sequence."""

_KINDS = (RSAPublicKey, EllipticCurvePublicKey, Ed25519PublicKey)


def certificate_fault(der: bytes) -> str | None:
    """Why Go cannot parse a certificate, None when it can. Dates and signatures are not checked."""
    try:
        with warnings.catch_warnings(action="ignore"):
            return _fault(x509.load_der_x509_certificate(der))
    except UnsupportedAlgorithm as error:
        # Go takes a certificate with a key it does not know, but not one with a curve it does not know.
        return "x509: unsupported elliptic curve" if "curve" in str(error).lower() else None
    except _MALFORMED:
        return "x509: malformed certificate"


def _fault(certificate: x509.Certificate) -> str | None:
    _ = (certificate.subject, certificate.issuer, certificate.not_valid_before_utc, certificate.not_valid_after_utc)
    _ = list(certificate.extensions)
    if certificate.serial_number < 0:
        return "x509: negative serial number"
    certificate.public_key()
    return None


def validity(der: bytes) -> tuple[datetime, datetime, bool]:
    """From when and until when a certificate is valid (UTC), and whether it may sign others.

    Source: ``CheckSignatureFrom`` of ``crypto/x509/x509.go``: version 1 has no extensions to say so.
    """
    with warnings.catch_warnings(action="ignore"):
        certificate = x509.load_der_x509_certificate(der)
        try:
            may_sign = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        except x509.ExtensionNotFound:
            may_sign = certificate.version is x509.Version.v1
        return certificate.not_valid_before_utc, certificate.not_valid_after_utc, may_sign


def key_fault(der: bytes) -> str | None:
    """Why Go cannot parse a PKCS #8 private key, None when it can."""
    other_form = _OTHER_FORM.match(der)
    if other_form:
        right = "ParsePKCS1PrivateKey" if other_form[1] == _INTEGER else "ParseECPrivateKey"
        return f"x509: failed to parse private key (use {right} instead for this key format)"
    try:
        load_der_private_key(der, None)
    except (*_MALFORMED, UnsupportedAlgorithm):
        return "x509: malformed private key"
    return None


def key_pair_fault(certificate: bytes, key: bytes) -> str | None:
    """Why a certificate and a private key (both DER) are no pair for Go's ``crypto/tls``, None when they are."""
    fault = certificate_fault(certificate)
    if fault is not None:
        return fault
    try:
        own = load_der_private_key(key, None).public_key()
    except (*_MALFORMED, UnsupportedAlgorithm):
        return "tls: failed to parse private key"
    try:
        public = x509.load_der_x509_certificate(certificate).public_key()
    except UnsupportedAlgorithm:
        return "tls: unknown public key algorithm"
    if not isinstance(public, _KINDS):
        return "tls: unknown public key algorithm"
    if not any(isinstance(public, kind) and isinstance(own, kind) for kind in _KINDS):
        return "tls: private key type does not match public key type"
    return None if public == own else "tls: private key does not match public key"
