"""Go's strings, which are bytes, in Python's, which are not.

A *text* may hold bytes that are not UTF-8 as the lone surrogates of the ``surrogateescape`` error handler. A *byte
string* is a ``str`` with one character (U+0000 to U+00FF) for each byte: its positions, slices and patterns count bytes
as Go does. An ASCII text is its own byte string.
"""

from __future__ import annotations

__all__ = ["byte_string", "go_quote", "text_bytes", "text_of"]

_ESCAPES = {
    "\a": r"\a",
    "\b": r"\b",
    "\f": r"\f",
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\v": r"\v",
    '"': r"\"",
    "\\": r"\\",
}


def text_bytes(text: str) -> bytes:
    """The bytes a Go program holds for ``text``.

    A surrogate that stands for no byte cannot come from a file; it is encoded as if it were a character.
    """
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")


def byte_string(text: str) -> str:
    """The byte string of a text."""
    return text if text.isascii() else text_bytes(text).decode("latin-1")


def text_of(byte_string: str) -> str:
    """The text of a byte string."""
    return byte_string if byte_string.isascii() else byte_string.encode("latin-1").decode("utf-8", "surrogateescape")


def go_quote(text: str) -> str:
    r"""The text in double quotes as Go's ``%q`` writes it: ``"a\tb\xff"``.

    Source: ``Quote`` of ``strconv/quote.go`` (Go standard library).
    """
    if text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    return '"' + "".join(map(_quoted_rune, text_bytes(text).decode("utf-8", "surrogateescape"))) + '"'


def _quoted_rune(rune: str) -> str:
    if rune in _ESCAPES:
        return _ESCAPES[rune]
    if rune.isprintable():
        return rune
    code = ord(rune)
    if "\udc80" <= rune <= "\udcff":
        return f"\\x{code - 0xDC00:02x}"
    if rune.isascii():
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if rune <= "\uffff" else f"\\U{code:08x}"
