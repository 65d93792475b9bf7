"""Changes to a text, by exact spans: all else stays byte for byte as it was."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["BREAKS", "Lines", "apply_edits", "each_line", "ends_line", "line_break_of", "split_lines"]

BREAKS = "\r\n\x85\u2028\u2029"
"""The characters that YAML takes for line breaks."""

_BREAK = re.compile(f"\r\n|[{BREAKS}]")
_BREAKS = frozenset(BREAKS)


def split_lines(text: str) -> list[str]:
    """The lines of a text without their line breaks; after the last break comes one more, perhaps empty."""
    return _BREAK.split(text)


def each_line(text: str) -> Iterator[str]:
    """The lines of ``split_lines``, one at a time."""
    begin = 0
    for match in _BREAK.finditer(text):
        yield text[begin : match.start()]
        begin = match.end()
    yield text[begin:]


def ends_line(text: str) -> bool:
    """Whether a text ends with a line break."""
    return text[-1:] in _BREAKS


def line_break_of(text: str) -> str:
    """How the first line of a text ends, which new lines should do too."""
    return "\r\n" if text.endswith("\r\n", 0, text.find("\n") + 1) else "\n"


class Lines:
    """Where the lines of a text begin, lines being what YAML takes for lines: offsets to places and back."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = array("Q", [0])  # a file can be nothing but line breaks
        self._starts.extend(match.end() for match in _BREAK.finditer(text))

    @property
    def line_break(self) -> str:
        """How new lines should end."""
        return line_break_of(self.text)

    def offset(self, line: int, column: int) -> int:
        """The offset of a 1-based place, no further than the end of the text."""
        return min(self._starts[line - 1] + column - 1, len(self.text)) if line <= len(self._starts) else len(self.text)

    def place(self, offset: int) -> tuple[int, int]:
        """The 1-based line and column of an offset."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self._starts[bisect_right(self._starts, offset) - 1]

    def end(self, offset: int) -> int:
        """Where the line of an offset ends, before its line break."""
        match = _BREAK.search(self.text, offset)
        return match.start() if match else len(self.text)

    def following(self, offset: int) -> int:
        """Where the line after that of an offset begins, the end of the text if there is none."""
        line = bisect_right(self._starts, offset)
        return self._starts[line] if line < len(self._starts) else len(self.text)

    def span(self, begin: int, end: int) -> Span:
        """The places of two offsets."""
        return Span(*self.place(begin), *self.place(end))

    def edit(self, begin: int, end: int, text: str) -> Edit:
        """The edit that puts ``text`` in the place of the offsets ``begin`` to ``end``."""
        return Edit(self.span(begin, end), text)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made; edits at one place are made in the order given.

    Raises:
        ValueError: if two edits overlap.
    """
    lines = Lines(text)
    changes = sorted(
        ((lines.offset(*edit.span[:2]), lines.offset(*edit.span[2:]), edit.text) for edit in edits),
        key=lambda change: change[:2],
    )
    parts, done = [], 0
    for begin, end, replacement in changes:
        if begin < done:
            raise ValueError(f"edits overlap at line {lines.place(begin)[0]}")
        parts += [text[done:begin], replacement]
        done = end
    return "".join([*parts, text[done:]])
