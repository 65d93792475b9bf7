"""The text of flow collections, changed within its braces and brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import content_start
from talos_registry.goyaml.editing.plan import (
    REMOVE,
    CannotEdit,
    Cut,
    Members,
    Replace,
    count,
    member,
    settled,
    with_cuts,
)
from talos_registry.goyaml.editing.scalars import (
    as_json,
    beside_key,
    in_quotes_of,
    is_block_scalar,
    is_json,
    stays_plain,
    string,
)
from talos_registry.goyaml.emitter import Branch, inline
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.goyaml.text import BREAKS, ends_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.editing.canvas import Canvas
    from talos_registry.goyaml.editing.plan import Item
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node

__all__ = ["changed_braces", "inline_value"]


def inline_value(value: Node, leaf: Written) -> str | None:
    """A value on one line in the manner of the one it replaces; None if that had, or this needs, lines of its own."""
    if isinstance(value, Mapping | Sequence):
        if not (isinstance(leaf, Branch) and leaf.items and value.flow and value.content):
            return None
        return as_json(leaf) if is_json(value) else inline(leaf)
    return None if is_block_scalar(value) else beside_key(in_quotes_of(value, leaf))


def changed_braces(canvas: Canvas, node: Mapping | Sequence, plan: Members) -> Iterator[Cut]:
    """The cuts that change a flow collection; what they leave out stays as it is, within its braces, too."""
    return _Braces(canvas, node, plan).cuts()


def _trimmed(text: str, cut: Cut) -> Cut:
    """The cut without what is the same before and after it."""
    old, new = text[cut.begin : cut.end], cut.text
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    tail = next((at for at in range(shorter - head) if old[-1 - at] != new[-1 - at]), shorter - head)
    return Cut(cut.begin + head, cut.end - tail, new[head : len(new) - tail])


class _Piece(NamedTuple):
    """A member in braces: what stands above and before it, itself, and what follows it on its line, its comma included."""

    lead: str
    body: str
    trail: str

    @property
    def has_comma(self) -> bool:
        return "," in _COMMENT.sub("", self.trail)


class _Braces:
    def __init__(self, canvas: Canvas, node: Mapping | Sequence, plan: Members) -> None:
        self._canvas = canvas
        self._text = canvas.text
        self._node = node
        self._plan = plan
        self._quoted = canvas.is_json(node)
        self._count = count(node)
        self._close = node.end_mark.index - 1
        self._open = content_start(node, self._text, node.start_mark.index, self._close)
        if self._text[self._open] not in "{[":
            raise CannotEdit("a pair stands in a list without braces")
        self._begins_a_line = any(mark in BREAKS for mark in self._text[self._open : member(node, 0).start])

    def cuts(self) -> Iterator[Cut]:
        if self._plan.added or REMOVE in self._plan.changes.values():
            yield self._rewritten()
        else:
            for at in sorted({*self._plan.changes, *self._plan.names}):
                yield from self._changed(at)

    def _rewritten(self) -> Cut:
        """One cut from the member before those that change to the one after them."""
        touched = {*self._plan.changes, *self._plan.names, *self._plan.added}
        first, last = max(0, min(touched) - 1), min(self._count - 1, max(touched) + 1)
        begin = self._end(first - 1)
        pieces, end = self._pieces(first, last, begin)
        kept = self._kept(first, pieces)
        if kept[0].lead.isspace() and not pieces[0].lead.strip():
            kept[0] = kept[0]._replace(lead=pieces[0].lead)
        *others, final = kept
        separated = [
            *(_with_comma(piece) for piece in others),
            _with_comma(final) if pieces[-1].has_comma else _bare(final),
        ]
        tail = self._text[end : self._close] if last == self._count - 1 else ""
        new = "".join("".join(piece) for piece in separated)
        if ends_line(separated[-1].trail) and not (ends_line(pieces[-1].trail) or tail):
            new += _indentation(pieces[-1].lead)
        return _trimmed(self._text, Cut(begin, end, new))

    # What is there

    def _pieces(self, first: int, last: int, begin: int) -> tuple[list[_Piece], int]:
        """The members from one to another, and where the last of them ends."""
        pieces = []
        for at in range(first, last + 1):
            start, end = self._span(at)
            after = self._end(at)
            body = with_cuts(self._text, self._changed(at), start, end)
            pieces.append(_Piece(self._text[begin:start], body, self._text[end:after]))
            begin = after
        return pieces, begin

    def _span(self, at: int) -> tuple[int, int]:
        there = member(self._node, at)
        return there.start, max(there.first.end_mark.index, there.last.end_mark.index)

    def _end(self, at: int) -> int:
        """Where a member ends with what follows it on its line, its comma included; before the first one, its opening brace."""
        limit = member(self._node, at + 1).start if at + 1 < self._count else self._close
        end = self._open + 1 if at < 0 else self._after_comma(self._span(at)[1], limit)
        return self._line_rest(end, self._close if at < 0 else limit)

    def _after_comma(self, end: int, limit: int) -> int:
        match = _TO_COMMA.match(self._text, end, limit)
        return match.end() if match else end

    def _line_rest(self, begin: int, limit: int) -> int:
        """Where the next line begins if there is nothing but a comment before it."""
        match = _LINE_REST.match(self._text, begin, limit)
        return match.end() if match else begin

    # What becomes of it

    def _kept(self, first: int, pieces: list[_Piece]) -> list[_Piece]:
        """The members that stay, and the new ones; comments that are set apart from one that goes stay where they are."""
        kept: list[_Piece] = []
        apart = ""
        for at, piece in enumerate(pieces, first):
            kept += self._new_before(at, first, pieces)
            if self._plan.changes.get(at) is REMOVE:
                apart += _set_apart(piece.lead)
                continue
            lead = piece.lead or " " if at == first and kept else piece.lead
            kept.append(piece._replace(lead=apart + lead))
            apart = ""
        if first + len(pieces) == self._count:
            kept += self._new_before(self._count, first, pieces)
        kept[-1] = kept[-1]._replace(trail=kept[-1].trail + apart)
        return kept

    def _new_before(self, at: int, first: int, pieces: list[_Piece]) -> list[_Piece]:
        neighbour = pieces[max(at - 1, 0) - first]
        return [self._new(item, at, neighbour) for item in self._plan.added.get(at, ())]

    def _new(self, item: Item, at: int, neighbour: _Piece) -> _Piece:
        has_line = ends_line(neighbour.trail) or (not at and self._begins_a_line)
        if has_line:
            return _Piece(_indentation(neighbour.lead), self._written(item), f",{self._canvas.line_break}")
        return _Piece(" ", self._written(item), ",")

    def _written(self, item: Item) -> str:
        if isinstance(self._node, Sequence):
            return self._inline(item)  # type: ignore[arg-type]  # an item is a leaf
        return self._inline(Branch((item,), is_mapping=True, flow=True))[1:-1]

    def _inline(self, leaf: Written) -> str:
        return as_json(leaf) if self._quoted else inline(leaf)

    def _changed(self, at: int) -> Iterator[Cut]:
        """The cuts in a member that stays."""
        (key, value), change = member(self._node, at), self._plan.changes.get(at)
        if at in self._plan.names:
            name = self._inline(in_quotes_of(key, string(self._plan.names[at])))
            yield Cut(key.start_mark.index, key.end_mark.index, name)
        plan = None if change is None else settled(value, change)
        if isinstance(plan, Members):
            yield from changed_braces(self._canvas, value, plan)  # type: ignore[arg-type]  # only collections have members
        elif isinstance(plan, Replace):
            yield self._replaced(key, value, self._in_place_of(value, plan.leaf))

    def _replaced(self, key: Node, value: Node, new: str) -> Cut:
        key_end, begin, end = key.end_mark.index, value.start_mark.index, value.end_mark.index
        between = self._text[key_end:begin]
        if isinstance(self._node, Sequence) or (":" in between and between[-1].isspace()):
            return Cut(begin, end, new)
        return Cut(key_end, max(key_end, end), f": {new}")

    def _in_place_of(self, value: Node, leaf: Written) -> str:
        new = in_quotes_of(value, leaf)
        return new.value if stays_plain(value, new) else self._inline(new)  # type: ignore[union-attr]  # text


_COMMENT = re.compile(f"#[^{BREAKS}]*")
_TO_COMMA = re.compile(rf"(?:[ \t]|#[^{BREAKS}]*|[{BREAKS}])*?,")
_LINE_REST = re.compile(f"[ \t]*(?:#[^{BREAKS}]*)?(?:\r\n|[{BREAKS}])")
_SET_APART = re.compile(f"(?:[^{BREAKS}]*(?:\r\n|[{BREAKS}]))*[ \t]*(?:\r\n|[{BREAKS}])")


def _set_apart(lead: str) -> str:
    """The comments above a member that a blank line sets apart from it."""
    match = _SET_APART.match(lead)
    return match[0] if match and "#" in match[0] else ""


def _with_comma(piece: _Piece) -> _Piece:
    return piece if piece.has_comma else piece._replace(trail=f",{piece.trail}")


def _bare(piece: _Piece) -> _Piece:
    """The last member, which has no comma."""
    before, comma, after = piece.trail.partition(",")
    return piece._replace(trail=before + after) if comma and piece.has_comma else piece


def _indentation(lead: str) -> str:
    return lead[len(lead.rstrip(" \t")) :]
