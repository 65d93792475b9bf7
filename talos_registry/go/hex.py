"""Bytes in hexadecimal digits as Go reads them, with its words for what is none."""

from __future__ import annotations

import re

from talos_registry.go.strings import byte_string

__all__ = ["HexError", "read_hex"]

_BAD = re.compile(r"[^0-9A-Fa-f]", re.ASCII)


class HexError(ValueError):
    """A text that is not hexadecimal; ``str()`` is Go's text."""


def read_hex(text: str) -> bytes:
    """The bytes of a text.

    Raises:
        HexError: for anything else.

    Source: ``Decode`` of ``encoding/hex/hex.go`` (Go standard library).
    """
    digits = byte_string(text)
    bad = _BAD.search(digits)
    if bad is not None:
        shown = f" '{bad[0]}'" if bad[0].isprintable() else ""
        raise HexError(f"encoding/hex: invalid byte: U+{ord(bad[0]):04X}{shown}")
    if len(digits) % 2:
        raise HexError("encoding/hex: odd length hex string")
    return bytes.fromhex(digits)
