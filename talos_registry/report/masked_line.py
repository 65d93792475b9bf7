"""One line of YAML to be shown to anyone: what may be secret is masked, and a line that is not understood is not shown.

This reads the text alone, so that it holds where the YAML is broken. Values are shown of keys that are known to be
public, never of others.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.masking import mask_before_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["MASK", "Piece", "hides_all", "is_public", "masked_line"]

MASK = "********"

_PUBLIC = frozenset(
    {
        "$patch", "apiVersion", "enabled", "endpoints", "image", "insecureSkipVerify", "kind", "localEnabled", "name",
        "overridePath", "skipFallback", "type", "url", "username", "version",
    }
)  # fmt: skip
_SECRETIVE = re.compile(r"pas|pw|tok|sec|key|cred|priv", re.IGNORECASE)
"""In keys that hold secrets, and in what people write for them."""

_SPACE = re.compile(r"[ \t]+")
_INDICATOR = re.compile(r"(?:---|-)(?=[ \t]|\Z)")
_PROPERTY = re.compile(r"[&!][\w/.-]*(?=[ \t]|\Z)")
_KEY = re.compile(
    r"""(?:"(?P<double>[^"\\]*)"|'(?P<single>[^']*)')[ \t]*:|(?P<plain>[^\s,\[\]{}"'#&!|>%@`]+?)[ \t]*:(?=\s|\Z)"""
)
_WORD = re.compile(r"(?:true|false|yes|no|on|off|null|~)(?=[ \t]*(?:[,\]}]|\Z|[ \t]#))", re.IGNORECASE)
_QUOTED = re.compile(r"""(?:"[^"\\]*"|'[^']*')(?=[ \t]*(?:[,\]}]|\Z|[ \t]#))""")
_PLAIN = re.compile(r"""[^\s"'#&!|>%`\[\]{},][^\s"']*(?=[ \t]*(?:\Z|[ \t]#))""")
_PLAIN_IN_FLOW = re.compile(r"""[^\s"'#&!|>%`\[\]{},][^\s"'\[\]{},]*(?=[ \t]*(?:[,\]}]|\Z|[ \t]#))""")
_BLOCK_HEADER = re.compile(r"[|>][-+\d]*[ \t]*(?=\Z|[ \t]#)")
_CUT_OFF = re.compile(r"\A(?:\w+:/*)?[^/\[]*:(?!(?:\d+|\$\{\w+\}|)(?:/|\Z))")
"""A URL that goes on elsewhere: what looks like a port is the beginning of a password."""


_DEEPEST = 20
"""How many brackets may be open at once; nobody reads more."""


class Piece(NamedTuple):
    """A part of the line: what to show, and the 0-based offsets of what it stands for."""

    shown: str
    begin: int
    end: int


def is_public(key: str, above: Iterable[str]) -> bool:
    """Whether the value of a key below the keys ``above`` may be shown."""
    return key in _PUBLIC and not hides_all(above) and ("auth" not in above or key == "username")


def hides_all(keys: Iterable[str]) -> bool:
    """Whether there is a key among them below which nothing may be shown."""
    return any(_SECRETIVE.search(key) for key in keys)


def masked_line(line: str, above: Sequence[str]) -> list[Piece] | None:
    """The line below the keys ``above``, the nearest last, in pieces; None where it cannot be told what is secret."""
    return _Reading(line, above).pieces()


class _Reading:
    """Goes through a line from left to right."""

    def __init__(self, line: str, above: Sequence[str]) -> None:
        self._line = line
        self._above = above
        self._at = 0
        self._pieces: list[Piece] = []
        self._key: str | None = None
        self._is_item = False
        self._open: list[str | None] = []
        """For each bracket that is open, the key it belongs to."""

    def pieces(self) -> list[Piece] | None:
        while self._at < len(self._line):
            if len(self._open) > _DEEPEST or not (
                self._comment() or self._structure() or self._named() or self._value()
            ):
                return None
        return self._pieces

    def _comment(self) -> bool:
        """A comment can say anything, so nothing of it is shown."""
        is_comment = self._line[self._at] == "#" and (self._at == 0 or self._line[self._at - 1] in " \t")
        return is_comment and self._show("# ...", len(self._line) - self._at)

    def _structure(self) -> bool:
        if self._take(_SPACE):
            return True
        char = self._line[self._at]
        if self._open and char in ",]}":
            self._key = self._open[-1] if char == "," else self._open.pop()
            return self._show(char)
        if char in "[{" and not hides_all(self._keys()):
            self._open.append(self._key)
            return self._show(char)
        if self._key is None and not self._open and self._take(_INDICATOR):
            self._is_item = True
            return True
        return self._is_shown() and self._take(_PROPERTY)

    def _named(self) -> bool:
        if self._key is not None and not self._open:
            return False
        found = _KEY.match(self._line, self._at)
        if found is None:
            return False
        self._key = found["double"] or found["single"] or found["plain"] or ""
        return self._show(found[0].replace(self._key, mask_before_at(self._key)), len(found[0]))

    def _value(self) -> bool:
        if self._is_shown():
            return self._shown_value()
        if self._key is None:
            return False
        if self._take(_BLOCK_HEADER) or (not hides_all(self._keys()) and self._take(_WORD)):
            return True
        quoted = _QUOTED.match(self._line, self._at)
        return self._show(MASK, len(quoted[0]) if quoted else len(self._line) - self._at)

    def _shown_value(self) -> bool:
        pattern = _PLAIN_IN_FLOW if self._open else _PLAIN
        found = _QUOTED.match(self._line, self._at) or pattern.match(self._line, self._at)
        return self._show(_public_text(found[0]), len(found[0])) if found else self._take(_BLOCK_HEADER)

    def _keys(self) -> list[str]:
        """The keys that lead to where the reading is."""
        return [*self._above, *(key for key in (*self._open, self._key) if key is not None)]

    def _is_shown(self) -> bool:
        keys = self._keys()
        if self._key is not None:
            return is_public(self._key, keys[:-1])
        return self._is_item and keys[-1:] == ["endpoints"] and not hides_all(keys)

    def _take(self, pattern: re.Pattern[str]) -> bool:
        found = pattern.match(self._line, self._at)
        return self._show(found[0]) if found else False

    def _show(self, shown: str, length: int | None = None) -> bool:
        end = self._at + (len(shown) if length is None else length)
        self._pieces.append(Piece(shown, self._at, end))
        self._at = end
        return True


def _public_text(text: str) -> str:
    quote = text[0] if text[0] in "\"'" else ""
    value = text.strip(quote) if quote else text
    if _CUT_OFF.match(value) and "@" not in value:
        return MASK
    return f"{quote}{mask_before_at(value)}{quote}"
