"""Registry documents, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.certificates import KeyPair

__all__ = ["auth", "identity", "identity_token", "mirror", "no_verification", "trust"]


def mirror(name: str, *urls: str, override_path: bool = False, skip_fallback: bool = False) -> str:
    endpoints = "".join(f"  - url: {url}\n" + "    overridePath: true\n" * override_path for url in urls)
    head = f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '{name}'\nendpoints:\n"
    return f"---\n{head}{endpoints}" + "skipFallback: true\n" * skip_fallback


def auth(name: str, username: str, password: str) -> str:
    head = f"---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {name}\n"
    return f"{head}username: {username}\npassword: {password}\n"


def identity_token(name: str, token: str) -> str:
    return f"---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: {name}\nidentityToken: {token}\n"


def trust(name: str, ca: str) -> str:
    pem = ca.replace("\n", "\n  ").rstrip()
    return f"---\napiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: {name}\nca: |\n  {pem}\n"


def identity(pair: KeyPair) -> str:
    """The rest of a ``trust`` document, with a client certificate."""
    cert, key = (pem.replace("\n", "\n    ").rstrip() for pem in pair)
    return f"clientIdentity:\n  cert: |\n    {cert}\n  key: |\n    {key}\n"


def no_verification(name: str) -> str:
    return f"---\napiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: {name}\ninsecureSkipVerify: true\n"
