"""Which comments and blank lines of a document belong to which of its parts."""

from __future__ import annotations

import re
from itertools import chain
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import header_comment, stretch
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.goyaml.text import each_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.nodes import Collection, Node

__all__ = ["Notes", "lines_of"]


class _Line(NamedTuple):
    """A comment with its column, or with neither a blank line."""

    column: int
    text: str


_BLANK = _Line(0, "")

_Enclosed = tuple["Node", tuple["Collection", ...]]
"""A node without members, and the collections around it, the outermost first."""


class Notes:
    """The comments and blank lines of one document, by the parts of its tree.

    ``marker``: the comment on the line of the ``---`` before it. Comments above a part are its lead, one beside it its
    side, and those below the last member of a collection, indented as the members are, its foot. "" is a blank line.
    """

    def __init__(self, root: Node, text: str, begin: int, end: int) -> None:
        self.marker = ""
        self._text = text
        self._lead: dict[int, list[str]] = {}
        self._side: dict[int, str] = {}
        self._foot: dict[int, list[str]] = {}
        before: _Enclosed | None = None
        done = begin
        for leaf in _leaves(root, ()):
            self._take(done, _begin(leaf[0]), before, leaf)
            before, done = leaf, _end(leaf[0], text)
        self._take(done, end, before, None)

    def lead(self, node: Node) -> list[str]:
        """The lines above a node without members, given away once."""
        return self._lead.pop(id(node), [])

    def side(self, node: Node) -> str:
        """The comment beside a node without members."""
        return self._side.get(id(node), "")

    def foot(self, node: Node) -> list[str]:
        """The lines below the last member of a collection, or below the document."""
        return self._foot.get(id(node), [])

    def first_lead(self, node: Node) -> list[str]:
        """The lines above the first part of a node, given away once."""
        return self.lead(next(_leaves(node, ()))[0])

    def all(self, node: Node) -> Iterator[str]:
        """Every line in and around a node, those beside it included."""
        for leaf, _ in _leaves(node, ()):
            yield from self.lead(leaf)
            yield from filter(None, [self.side(leaf)])
        yield from (line for part in _parts(node) for line in self.foot(part))

    def _take(self, begin: int, end: int, before: _Enclosed | None, after: _Enclosed | None) -> None:
        """Give away what stands between two leaves."""
        lines = _lines(self._text[begin:end])
        first = next(lines)
        beside = first.text if first else ""
        if before is None:
            self.marker = beside
        else:
            self._side[id(before[0])] = beside or self._header(before[0])
        left = _without_last(lines, is_leaf=after is not None)
        if before is not None:
            left = self._feet(left, before, after)
        texts = (line.text for line in left)
        if after is not None:
            self._lead.setdefault(id(after[0]), []).extend(texts)
        elif before is not None:
            self._foot.setdefault(id(_root(before)), []).extend(texts)

    def _header(self, leaf: Node) -> str:
        comment = None if isinstance(leaf, Mapping | Sequence) else header_comment(leaf, self._text)
        return self._text[slice(*comment)].rstrip() if comment else ""

    def _feet(self, below: Iterator[_Line], before: _Enclosed, after: _Enclosed | None) -> Iterator[_Line]:
        """Give lines that are indented as the members of collections that end here to those; the rest is returned."""
        around = after[1] if after else before[1][:1]
        closed = [collection for collection in before[1] if collection not in around and not collection.flow]
        common = [collection for collection in before[1] if collection in around]
        if not closed or not common or common[-1].flow:
            return below
        blanks: list[_Line] = []
        for line in below:
            if not line.text:
                blanks.append(line)
            elif line.column <= _column(common[-1]):
                return chain(blanks, [line], below)
            else:
                fitting = [collection for collection in closed if _column(collection) <= line.column]
                foot = self._foot.setdefault(id((fitting or closed[:1])[-1]), [])
                foot.extend(own.text for own in (*blanks, line))
                blanks = []
        return iter(blanks)


def lines_of(text: str) -> Iterator[str]:
    """The comments and blank lines of a text that holds nothing else but document markers."""
    return (line.text for line in _without_last(_lines(text), is_leaf=False))


def _root(leaf: _Enclosed) -> Node:
    node, around = leaf
    return around[0] if around else node  # type: ignore[return-value]  # a collection is a node


def _lines(text: str) -> Iterator[_Line | None]:
    """What stands between two leaves, line by line; None for a line that is neither a comment nor blank."""
    return map(_line, each_line(text))


def _without_last(lines: Iterator[_Line | None], *, is_leaf: bool) -> Iterator[_Line]:
    """The comments and blank lines, without the last line if that ``is_leaf``, or blank: then it is not even a line."""
    last = next(lines, None)
    for line in lines:
        if last is not None:
            yield last
        last = line
    if last is not None and last.text and not is_leaf:
        yield last


def _line(line: str) -> _Line | None:
    before, mark, comment = line.partition("#")
    if mark:
        return _Line(len(before), f"#{comment.rstrip()}")
    return None if before.strip() else _BLANK


def _column(collection: Collection) -> int:
    """Where the keys or dashes of a block collection stand."""
    if not (collection.anchor or collection.tag):
        return collection.start_mark.column
    return collection.content[0].start_mark.column - (2 if isinstance(collection, Sequence) else 0)


def _leaves(node: Node, around: tuple[Collection, ...]) -> Iterator[_Enclosed]:
    if isinstance(node, Mapping | Sequence) and node.content:
        for member in node.content:
            yield from _leaves(member, (*around, node))
    else:
        yield node, around


def _parts(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, Mapping | Sequence):
        for member in node.content:
            yield from _parts(member)


def _begin(leaf: Node) -> int:
    return leaf.start_mark.index


def _end(leaf: Node, text: str) -> int:
    """Where a leaf ends; the blank lines below a block scalar are no part of it, unless it keeps them."""
    if isinstance(leaf, Mapping | Sequence):
        return leaf.end_mark.index
    if _KEEPS.match(text, leaf.start_mark.index) and getattr(leaf, "style", "") in {"|", ">"}:
        end = leaf.end_mark.index
        return end - 1 if text[end - 1 : end] == "\n" else end
    return stretch(leaf, text).end


_KEEPS = re.compile(r"(?:[&!]\S*\s+)*[|>]\d*\+")
