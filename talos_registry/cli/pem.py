"""Certificates and keys that options name by their files."""

from __future__ import annotations

import sys

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_file

__all__ = ["read_ca", "read_pem"]


def read_pem(path: str | None) -> str:
    """The text of a PEM file, with the line breaks of Unix; nothing where no file is named."""
    if path is None:
        return ""
    data = read_file(path)
    if data is None:
        sys.exit(Exit.USAGE)
    try:
        text = data.decode().replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise click.UsageError(f"{path} is no PEM text; openssl converts it, from DER with -inform DER") from None
    if not text.strip():
        raise click.UsageError(f"{path} is empty")
    return text


def read_ca(path: str | None) -> str:
    """The same for certificates to trust, which come without a key."""
    from talos_registry.masking import private_keys

    text = read_pem(path)
    if any(private_keys(text)):
        raise click.UsageError(f"{path} holds a private key, too; give the certificates alone")
    return text
