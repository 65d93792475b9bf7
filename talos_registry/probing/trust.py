"""Whom a puller trusts at a host, and who it says it is.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go; containerd/containerd, core/remotes/docker/config/hosts.go.
"""

from __future__ import annotations

import os
import ssl
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.go import pem
from talos_registry.go.strings import text_bytes
from talos_registry.masking import masked_repr

if TYPE_CHECKING:
    from talos_registry.documents import RegistrySet
    from talos_registry.resolution import Puller
    from talos_registry.resolution.resolver import Host

__all__ = ["Trust", "context_of", "trust_at"]


class Trust(NamedTuple):
    """``roots``: PEM texts, beside the roots of this machine or, with ``alone``, in their place.

    ``identity``: certificate and key, both PEM.
    """

    roots: tuple[str, ...] = ()
    alone: bool = False
    identity: tuple[str, str] | None = None
    skip_verify: bool = False

    def __repr__(self) -> str:
        return masked_repr(self, ("roots", "alone", "skip_verify"))


def trust_at(host: Host, puller: Puller, registries: RegistrySet, extra_roots: str) -> Trust:
    """What a puller trusts at a host; ``extra_roots``: PEM text of TrustedRootsConfig documents.

    For Talos a CA of its own replaces all other roots, for containerd it is one more.
    """
    tls = registries.tls.get(host.tls) if host.tls is not None else None
    ca = tls.ca if tls else ""
    alone = bool(ca) and puller == "talos"
    identity = tls.client_identity if tls else None
    return Trust(
        roots=tuple(filter(None, (ca, "" if alone else extra_roots))),
        alone=alone,
        identity=(identity.cert, identity.key.get_secret_value()) if identity else None,
        skip_verify=host.skip_verify,
    )


def context_of(trust: Trust) -> ssl.SSLContext:
    """The context for connections, which verifies as Go does.

    TLS 1.2 or newer with Go's ciphers, any given root, no common names, RSA keys of 1024 bits and more.

    Raises:
        ssl.SSLError: for a client identity that cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("@SECLEVEL=1:ECDH+AESGCM:ECDH+CHACHA20:ECDH+AES:!aNULL:!eNULL:!aDSS:!AESCCM")
    context.hostname_checks_common_name = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VERIFY_X509_TRUSTED_FIRST
    if not trust.alone:
        context.set_default_verify_paths()
    for text in trust.roots:
        for certificate in pem.certificates(text):
            context.load_verify_locations(cadata=certificate)
    if trust.identity is not None:
        _show_identity(context, *trust.identity)
    if trust.skip_verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context


def _show_identity(context: ssl.SSLContext, certificate: str, key: str) -> None:
    """Make a context show a client certificate; Python reads it from files alone."""
    with TemporaryDirectory() as folder:  # made for this user alone
        for name, text in (("certificate", certificate), ("key", key)):
            descriptor = os.open(f"{folder}/{name}", os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(text_bytes(text))
        # Go knows no encrypted keys: an answer keeps OpenSSL from asking on the terminal.
        context.load_cert_chain(f"{folder}/certificate", f"{folder}/key", password="")
