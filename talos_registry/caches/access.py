"""Credentials and certificates for an endpoint host, as other tools hold them."""

from __future__ import annotations

from base64 import b64decode
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.documents import ClientIdentity, RegistryAuthConfig, RegistryTLSConfig
from talos_registry.masking import private_keys

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.caches.foreign import ForeignFile, Given

__all__ = ["Trust", "add_login", "add_trust", "identity_of", "identity_of_one"]


def add_login(
    file: ForeignFile, host: str, given: Given, ways: Mapping[str, Given | None], password: Given | None
) -> None:
    """Make the credentials for a host of the first way to log in that is used, and report others that say something else.

    ``ways``: ``username``, ``identity_token`` and ``auth`` as far as they are given, in the order in which the tool looks
    at them; the password goes with the user.
    """
    texts = {way: text for way, value in ways.items() if (text := file.text(value))}
    secret = file.text(password)
    if "auth" in texts and _decoded(texts["auth"]) is None:
        at = ways["auth"] or given
        file.diagnostic("wrong-type", f"{at.where} must be the base64 of USER:PASSWORD.", at)
        del texts["auth"]
    if secret and "username" not in texts:
        file.no_counterpart(password or given, "there is no user with it")
    if not texts:
        return
    taken, *others = texts
    for way in others:
        if not _is_repeated(way, texts, secret):
            at = ways[way] or given
            file.diagnostic("import-conflict", f"{at.where} is another way to log in; the first is taken.", at)
    credentials = {taken: texts[taken], **({"password": secret} if taken == "username" else {})}
    file.add(RegistryAuthConfig(name=host, **credentials), given)  # type: ignore[arg-type]  # texts, each


def _is_repeated(way: str, texts: Mapping[str, str], password: str) -> bool:
    """Whether a way to log in holds nothing beside the first: the same, or a user without a password beside a token."""
    decoded = _decoded(texts.get("auth", "")) or ""
    if next(iter(texts)) == "identity_token":
        return decoded.endswith(":") if way == "auth" else not password
    return way != "identity_token" and decoded == f"{texts.get('username')}:{password}"


def _decoded(auth: str) -> str | None:
    """User and password behind a base64; None where it is none."""
    try:
        text = b64decode(auth, validate=True).decode().strip("\0")
    except ValueError:
        return None
    return text if ":" in text else None


class Trust(NamedTuple):
    """Whom to trust at a host, and who to be; texts in PEM."""

    ca: str = ""
    identity: ClientIdentity | None = None
    skips: bool = False


def add_trust(file: ForeignFile, host: str, trust: Trust, at: Given) -> None:
    """Make the TLS settings for a host, also those that say nothing, which others can disagree with."""
    skips = True if trust.skips else None
    identity = trust.identity
    file.add(RegistryTLSConfig(name=host, ca=trust.ca, client_identity=identity, insecure_skip_verify=skips), at)


def identity_of(file: ForeignFile, cert: Given | None, key: Given | None) -> ClientIdentity | None:
    """The client certificate of two files of the node; None without, and where one is missing."""
    if cert is not None and key is not None:
        return _identity(file.node_file(cert), file.node_file(key))
    half = cert or key
    if half is not None:
        message = f"{half.where} is one half of a client certificate; the certificate and its key go together."
        file.diagnostic("invalid-client-identity", message, half)
    return None


def identity_of_one(file: ForeignFile, both: Given) -> ClientIdentity | None:
    """The client certificate of one file of the node with both halves; None where it is missing or is none."""
    text = file.node_file(both)
    places = [*private_keys(text)]
    key = "".join(f"{text[begin:end]}\n" for begin, end in places)
    ends, begins = [0, *(end for _, end in places)], [*(begin for begin, _ in places), len(text)]
    cert = "".join(text[end:begin].lstrip("\n") for end, begin in zip(ends, begins, strict=True))
    identity = _identity(cert, key)
    if text and identity is None:
        message = f"{both.where} names a file that does not hold both a certificate and its key."
        file.diagnostic("invalid-client-identity", message, both)
    return identity


def _identity(cert: str, key: str) -> ClientIdentity | None:
    return ClientIdentity(cert=cert, key=key) if cert and key else None
