"""The source line of a finding, with its secrets masked and a caret below what the finding is about."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import accumulate
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

    def moved(self, columns: int) -> Excerpt:
        """The same line further right."""
        return Excerpt(" " * columns + self.line, self.begin + columns, self.end + columns)


def excerpts(config: MachineConfig, diagnostics: Iterable[Diagnostic]) -> tuple[Excerpt | None, ...]:
    """The line of each finding about a config; None where there is none, or nothing in it that may be shown.

    A text that is very long has no lines to be shown.
    """
    if len(config.text) > _LONGEST:
        return ()
    lines = _Lines(MaskedText(config))
    return tuple(lines.excerpt(diagnostic) for diagnostic in diagnostics)


class _Lines:
    """The lines of a text as they may be shown; each is masked once, however many findings there are in it."""

    def __init__(self, masked: MaskedText) -> None:
        self._masked = masked
        self._shown: dict[int, _Line] = {}

    def excerpt(self, diagnostic: Diagnostic) -> Excerpt | None:
        """The line of a finding; None where there is none, or nothing in it that may be shown."""
        number, column = diagnostic.line, diagnostic.column
        if number is None or column is None or not 0 < number <= len(self._masked.lines):
            return None
        if number not in self._shown:
            self._shown[number] = _Line(self._masked.pieces(number), self._masked.lines[number - 1])
        line = self._shown[number]
        end = diagnostic.end_column if diagnostic.end_line == number and diagnostic.end_column else line.length + 1
        return _cropped(line.pointed(column - 1, end - 1)) if _WORD.search(line.text) else None


_WORD = re.compile(r"\w")


class _Line:
    """The pieces of a line in a row; an offset of the line is looked up among them."""

    def __init__(self, pieces: Iterable[Piece], line: str) -> None:
        self.length = len(line)
        self._pieces = [piece for piece in pieces if piece.begin < piece.end]
        self._starts = [piece.begin for piece in self._pieces]
        shown = [printable(piece.shown) for piece in self._pieces]
        self._same = [text == line[piece.begin : piece.end] for text, piece in zip(shown, self._pieces, strict=True)]
        self._offsets = [*accumulate(map(len, shown), initial=0)]
        self.text = "".join(shown).rstrip()

    def pointed(self, begin: int, end: int) -> Excerpt:
        """The line, and where what stands between two offsets is in it."""
        first, last = self._shown_offset(begin, begin), self._shown_offset(end - 1, end)
        first = len(self.text) if first is None else first
        return Excerpt(self.text, first, max(last or len(self.text), first + 1))

    def _shown_offset(self, inner: int, offset: int) -> int | None:
        """Where an offset of the piece that holds ``inner`` is shown; of one that looks different, its nearer end."""
        at = bisect_right(self._starts, inner) - 1
        if at < 0 or inner >= self._pieces[at].end:
            return None
        if self._same[at]:
            return self._offsets[at] + offset - self._pieces[at].begin
        return self._offsets[at + 1 if offset > inner else at]


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
