"""The source line of a finding, with its secrets masked and a caret below what the finding is about."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.text import split_lines
from talos_registry.messages import printable
from talos_registry.report.masked_line import MASK, hides_all, is_public, masked_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.report.masked_line import Piece

__all__ = ["Excerpt", "Excerpts"]

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


class Excerpts:
    """The lines of a text, as far as it is certain what in them is secret; a text that is longer has none."""

    def __init__(self, text: str, longest: int = _LONGEST) -> None:
        self.lines = split_lines(text) if len(text) <= longest else []

    def of(self, one: Diagnostic) -> Excerpt | None:
        """The line of a finding; None where there is none that may be shown."""
        if one.line is None or one.column is None or not 0 < one.line <= len(self.lines):
            return None
        line = self.lines[one.line - 1]
        pieces = self._pieces(one.line - 1)
        if not pieces:
            return None
        end = one.end_column if one.end_line == one.line and one.end_column else len(line) + 1
        return _cropped(_pointed(pieces, line, one.column - 1, end - 1))

    def line(self, number: int) -> str:
        """A line by its number; all but its indentation is masked where it may not be shown."""
        line = self.lines[number - 1]
        pieces = self._pieces(number - 1)
        if pieces is None:
            return line[: _columns(line)[0]] + MASK
        return "".join(printable(piece.shown) for piece in pieces).rstrip()

    def _pieces(self, at: int) -> list[Piece] | None:
        if not self.lines[at].strip():
            return []
        above = None if at in self._unclear else _keys(self._holders[at])
        return None if above is None else masked_line(self.lines[at], above)

    @cached_property
    def _unclear(self) -> frozenset[int]:
        return frozenset(_unclear(self.lines))

    @cached_property
    def _holders(self) -> list[_Holder | None]:
        return list(_holders(self.lines))


# What lines are below, by indentation


class _Holder(NamedTuple):
    """A key or an item of a list that lines below it belong to; ``key`` is empty for an item."""

    column: int
    key: str
    is_clear: bool
    above: _Holder | None


_NAMED = re.compile(r"""(?P<quote>["']?)(?P<key>[^\s"'#]+?)(?P=quote)[ \t]*:(?:[ \t]+(?P<rest>.*))?\Z""")
_NOTHING = re.compile(r"(?:[&!][^\s#]*[ \t]*)?(?:#.*)?")


def _keys(holder: _Holder | None) -> list[str] | None:
    """The keys that lead to a line; None where nothing below one of them may be shown."""
    found: list[str] = []
    while holder is not None:
        if not holder.is_clear:
            return None
        found += [holder.key] if holder.key else []
        holder = holder.above
    return None if hides_all(found) else found[::-1]


def _holders(lines: list[str]) -> Iterator[_Holder | None]:
    """For every line, what it is below."""
    holder: _Holder | None = None
    for line in lines:
        if line.startswith("---"):
            yield None
            holder = _Holder(-1, "", _NOTHING.fullmatch(line[3:].strip()) is not None, None)
            continue
        columns = _columns(line)
        if not line.strip() or line[columns[0]] == "#":
            yield holder
            continue
        while holder is not None and not _holds(holder, columns):
            holder = holder.above
        yield holder
        for column in columns[:-1]:
            holder = _Holder(column, "", True, holder)
        if not _NOTHING.fullmatch(line, columns[-1]):
            holder = _content(line, columns[-1], holder)


def _content(line: str, column: int, above: _Holder | None) -> _Holder:
    """What stands in a line after the indicators of items; below and after text without a key nothing is certain."""
    named = _NAMED.match(line, column)
    if named is None:
        return _Holder(column - 1, "", False, above)
    return _Holder(column, named["key"], _may_hold(named), above)


def _holds(holder: _Holder, columns: list[int]) -> bool:
    """Whether a line is below a key or an item; a list can be as far to the left as its key."""
    is_item = len(columns) > 1
    return holder.column < columns[0] or (is_item and holder.column == columns[0] and bool(holder.key))


def _may_hold(named: re.Match[str]) -> bool:
    """Whether lines below a key are no part of a secret: there is nothing beside the key, or nothing secret."""
    return _NOTHING.fullmatch(named["rest"] or "") is not None or is_public(named["key"], ())


_MARGIN = re.compile(r"[ \t]*")
_DASH = re.compile(r"-(?: +|\Z)")


def _columns(line: str) -> list[int]:
    """Where the items of lists begin in a line, and then its key or value."""
    columns = [_MARGIN.match(line).end()]  # type: ignore[union-attr]  # it matches everywhere
    while dash := _DASH.match(line, columns[-1]):
        columns.append(dash.end())
    return columns


# What begins on lines before

_WHOLE_QUOTED = re.compile(r"""(?<![^\s\[{,:(-])(?:"(?:[^"\\]|\\.)*"|'(?:[^']|'')*')""")
_COMMENT = re.compile(r"(?:\A|[ \t])#.*")
_BLOCK_HEADER = re.compile(r"(?:\A|[\s:-])[|>][-+\d]*[ \t]*\Z")
_NO_BLOCK = 1 << 30
_TELLING = re.compile(r"""["'\[\]{}|>]""")


def _unclear(lines: list[str]) -> Iterator[int]:
    """The lines that begin, or may begin, inside a block of text, a quoted text or brackets."""
    in_quotes, depth, block = False, 0, _NO_BLOCK
    for at, line in enumerate(lines):
        is_marker = line.startswith(("---", "..."))
        if not is_marker and (_indent(line) >= block or (block < _NO_BLOCK and not line.strip())):
            yield at
            continue
        depth = 0 if is_marker else depth
        if in_quotes or depth:
            yield at
        block = _NO_BLOCK
        if _TELLING.search(line):
            bare = _COMMENT.sub("", _WHOLE_QUOTED.sub("", line))
            in_quotes = in_quotes or '"' in bare or "'" in bare
            depth = max(0, depth + sum(map(bare.count, "[{")) - sum(map(bare.count, "]}")))
            block = _block_indent(line) if _BLOCK_HEADER.search(bare) else _NO_BLOCK


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" "))


def _block_indent(line: str) -> int:
    """The least indentation of the block of text whose header ends the line."""
    columns = _columns(line)
    if line.startswith("---"):
        return 0
    return columns[-1] + 1 if _NAMED.match(line, columns[-1]) else columns[-2] + 1 if len(columns) > 1 else 0


# What is shown


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
