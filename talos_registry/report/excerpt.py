"""The source line of a finding, with its secrets masked and a caret below what the finding is about."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.messages import printable
from talos_registry.report.masked_text import MaskedText

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig
    from talos_registry.report.masked_text import Piece

__all__ = ["Excerpt", "excerpts"]

_WIDTH = 120
"""How much of a line is shown, in characters."""

_LONGEST = 1024 * 1024
"""The longest text of which lines are shown with findings, in characters."""

_BEFORE = 50
"""How much of a line that is longer is shown before the place of the finding."""


class Excerpt(NamedTuple):
    """A line to be shown, and the 0-based columns in it that a finding is about, at least one."""

    line: str
    begin: int
    end: int


def excerpts(config: MachineConfig, diagnostics: Iterable[Diagnostic]) -> tuple[Excerpt | None, ...]:
    """The line of each finding about a config; None where there is none, or nothing in it that may be shown.

    A text that is very long has no lines to be shown.
    """
    if len(config.text) > _LONGEST:
        return ()
    masked = MaskedText(config)
    return tuple(_excerpt(diagnostic, masked) for diagnostic in diagnostics)


def _excerpt(diagnostic: Diagnostic, masked: MaskedText) -> Excerpt | None:
    if diagnostic.line is None or diagnostic.column is None or not 0 < diagnostic.line <= len(masked.lines):
        return None
    pieces = masked.pieces(diagnostic.line)
    if not any(_WORD.search(piece.shown) for piece in pieces):
        return None
    line = masked.lines[diagnostic.line - 1]
    end = diagnostic.end_column if diagnostic.end_line == diagnostic.line and diagnostic.end_column else len(line) + 1
    return _cropped(_pointed(pieces, line, diagnostic.column - 1, end - 1))


_WORD = re.compile(r"\w")


def _pointed(pieces: list[Piece], line: str, begin: int, end: int) -> Excerpt:
    """The pieces in a row, and where what stands between two offsets of the line is among them."""
    shown, first, last = "", None, 0
    for piece in pieces:
        text = printable(piece.shown)
        is_same = text == line[piece.begin : piece.end]
        if piece.begin <= begin < piece.end:
            first = len(shown) + (begin - piece.begin if is_same else 0)
        if piece.begin < end <= piece.end:
            last = len(shown) + (end - piece.begin if is_same else len(text))
        shown += text
    shown = shown.rstrip()
    first = len(shown) if first is None else first
    return Excerpt(shown, first, max(last or len(shown), first + 1))


def _cropped(excerpt: Excerpt) -> Excerpt:
    """The part of a long line in which the finding is."""
    line, begin, end = excerpt
    if len(line) <= _WIDTH:
        return excerpt
    start = max(0, min(begin - _BEFORE, len(line) - _WIDTH))
    part = line[start : start + _WIDTH]
    shown = ("..." if start else "") + part + ("..." if start + _WIDTH < len(line) else "")
    moved = start - 3 * bool(start)
    return Excerpt(shown, begin - moved, min(end - moved, len(shown)))
