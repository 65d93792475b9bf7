"""JSON as Go reads it: its error texts, and scalars as they are written.

Objects are dicts, lists are lists, null is None; every other value is its own text, because that is what a JSON Patch
of Go compares.

Source: Go, encoding/json (scanner.go, decode.go, encode.go).
"""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

from talos_registry.go.url import go_quote
from talos_registry.limits import MAX_DEPTH

__all__ = ["Json", "JsonError", "read_json", "string_of", "to_json", "to_plain"]

Json: TypeAlias = "dict[str, Json] | list[Json] | str | None"


class JsonError(Exception):
    """Text that is not JSON; ``str()`` is Go's text, ``offset`` the byte it stops at."""

    def __init__(self, text: str, offset: int = 0) -> None:
        super().__init__(text)
        self.offset = offset


_SPACE = re.compile(rb"[ \t\r\n]*")
_PLAIN = re.compile(rb'[^"\\\x00-\x1f]*')
_DIGITS = re.compile(rb"[0-9]*")
_WORDS = {b"t": b"true", b"f": b"false", b"n": b"null"}
_ESCAPABLE = b'bfnrt\\/"'
_HEX = 4
_MOST_DIGITS = 300


def read_json(data: bytes) -> Json:
    """The value of a JSON text.

    Raises:
        JsonError: with Go's text.
    """
    reader = _Reader(data)
    value = reader.value()
    reader.expect_end()
    return value


class _Reader:
    """Reads byte by byte where Go does, so that both stop at the same one."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0
        self._depth = 0

    def value(self) -> Json:
        """The value that begins here."""
        first = self._next()
        if first in (b"{", b"["):
            self._enter()
            collection = self._object() if first == b"{" else self._list()
            self._depth -= 1
            return collection
        start = self._at
        if first == b'"':
            self._string()
        elif first in _WORDS:
            self._word(_WORDS[first])
        elif first == b"-" or first.isdigit():
            self._number()
        else:
            raise self._unexpected("looking for beginning of value")
        text = self._data[start : self._at].decode("utf-8", "replace")
        return None if text == "null" else text

    def expect_end(self) -> None:
        """Refuse anything but space."""
        self._skip_space()
        if self._at < len(self._data):
            raise self._unexpected("after top-level value")

    def _enter(self) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise JsonError(f"the patch is nested deeper than the {MAX_DEPTH} levels this tool reads", self._at)

    def _object(self) -> dict[str, Json]:
        members: dict[str, Json] = {}
        self._at += 1
        if self._next() == b"}":
            self._at += 1
            return members
        while True:
            if self._next() != b'"':
                raise self._unexpected("looking for beginning of object key string")
            start = self._at
            self._string()
            key = string_of(self._data[start : self._at].decode("utf-8", "replace"))
            if self._next() != b":":
                raise self._unexpected("after object key")
            self._at += 1
            members[key] = self.value()
            if self._closes(b"}", "after object key:value pair"):
                return members

    def _list(self) -> list[Json]:
        items: list[Json] = []
        self._at += 1
        if self._next() == b"]":
            self._at += 1
            return items
        while True:
            items.append(self.value())
            if self._closes(b"]", "after array element"):
                return items

    def _closes(self, mark: bytes, context: str) -> bool:
        """Whether a collection ends here; else a comma has been passed."""
        char = self._next()
        if char not in (mark, b","):
            raise self._unexpected(context)
        self._at += 1
        return char == mark

    def _string(self) -> None:
        self._at += 1
        while True:
            self._at = _PLAIN.match(self._data, self._at).end()  # type: ignore[union-attr]  # it matches the empty text
            char = self._here()
            if char == b'"':
                self._at += 1
                return
            if char != b"\\":
                raise self._unexpected("in string literal")
            self._at += 1
            self._escape()

    def _escape(self) -> None:
        char = self._here()
        if char not in (b"u", *(bytes([byte]) for byte in _ESCAPABLE)):
            raise self._unexpected("in string escape code")
        self._at += 1
        for _ in range(_HEX if char == b"u" else 0):
            if self._here() not in (bytes([byte]) for byte in b"0123456789abcdefABCDEF"):
                raise self._unexpected("in \\u hexadecimal character escape")
            self._at += 1

    def _word(self, word: bytes) -> None:
        for at, char in enumerate(word):
            if at and self._here() != bytes([char]):
                raise self._unexpected(f"in literal {word.decode()} (expecting {_shown(char)})")
            self._at += 1

    def _number(self) -> None:
        if self._here() == b"-":
            self._at += 1
            self._digits("in numeric literal", leading=True)
        else:
            self._digits("", leading=True)
        if self._peek() == b".":
            self._at += 1
            self._digits("after decimal point in numeric literal")
        if self._peek() in (b"e", b"E"):
            self._at += 1
            if self._peek() in (b"+", b"-"):
                self._at += 1
            self._digits("in exponent of numeric literal")

    def _digits(self, context: str, *, leading: bool = False) -> None:
        first = self._here()
        if not first.isdigit():
            raise self._unexpected(context)
        if leading and first == b"0":
            self._at += 1
            return
        self._at = _DIGITS.match(self._data, self._at).end()  # type: ignore[union-attr]  # it matches the empty text

    def _skip_space(self) -> None:
        self._at = _SPACE.match(self._data, self._at).end()  # type: ignore[union-attr]  # it matches the empty text

    def _next(self) -> bytes:
        self._skip_space()
        return self._here()

    def _peek(self) -> bytes:
        return self._data[self._at : self._at + 1]

    def _here(self) -> bytes:
        if self._at >= len(self._data):
            raise JsonError("unexpected end of JSON input", self._at)
        return self._peek()

    def _unexpected(self, context: str) -> JsonError:
        return JsonError(f"invalid character {_shown(self._data[self._at])} {context}", self._at)


def _shown(char: int) -> str:
    if char == ord("'"):
        return r"'\''"
    return "'\"'" if char == ord('"') else f"'{go_quote(chr(char))[1:-1]}'"


# Values


_HTML = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def to_json(value: Any) -> Json:
    """Plain data as Go writes it."""
    if isinstance(value, dict):
        return {_key(key): to_json(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_json(item) for item in value]
    if value is None:
        return None
    text = json.dumps(int(value) if isinstance(value, float) and value.is_integer() else value, ensure_ascii=False)
    return "".join(_HTML.get(char, char) for char in text) if isinstance(value, str) else text


def _key(key: Any) -> str:
    """A key that YAML made something else than text, as text."""
    return key if isinstance(key, str) else json.dumps(key)


def to_plain(value: Json) -> Any:
    """What a JSON value stands for."""
    if isinstance(value, dict):
        return {key: to_plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [to_plain(item) for item in value]
    return _repaired(json.loads(value, parse_int=_integer)) if value else None


def _integer(digits: str) -> int | float:
    return int(digits) if len(digits) <= _MOST_DIGITS else float(digits)


def _repaired(value: Any) -> Any:
    """A string without halves of surrogate pairs, which Go reads as U+FFFD."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace") if isinstance(value, str) else value


def string_of(text: str) -> str:
    """The value of a JSON string as it is written."""
    value: str = _repaired(json.loads(text))
    return value
