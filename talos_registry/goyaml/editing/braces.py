"""The text of flow collections, changed within its braces and brackets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import content_start
from talos_registry.goyaml.editing.plan import REMOVE, CannotEdit, Cut, Members, Replace, members, settled
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
    from talos_registry.goyaml.editing.canvas import Canvas
    from talos_registry.goyaml.editing.plan import Item, Plan
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


def changed_braces(canvas: Canvas, node: Mapping | Sequence, plan: Members) -> Cut:
    """The cut that changes a flow collection, without what stays before and after it."""
    begin, end = node.start_mark.index, node.end_mark.index
    old, new = canvas.text[begin:end], _Braces(canvas, node, plan).text()
    head = _common(old, new)
    tail = _common(old[head:][::-1], new[head:][::-1])
    return Cut(begin + head, end - tail, new[head : len(new) - tail])


def _common(left: str, right: str) -> int:
    """How many characters two texts begin with in common."""
    shorter = min(len(left), len(right))
    return next((at for at in range(shorter) if left[at] != right[at]), shorter)


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
        self._members = members(node)
        self._quoted = is_json(node)
        self._close = node.end_mark.index - 1
        self._open = content_start(node, self._text, node.start_mark.index, self._close)
        if self._text[self._open] not in "{[":
            raise CannotEdit("a pair stands in a list without braces")
        self._begins_a_line = any(mark in BREAKS for mark in self._text[self._open : self._members[0].start])

    def text(self) -> str:
        begin = self._line_rest(self._open + 1, self._close)
        pieces, end = self._pieces(begin)
        kept = self._kept(pieces)
        if kept[0].lead.isspace() and not pieces[0].lead.strip():
            kept[0] = kept[0]._replace(lead=pieces[0].lead)
        *others, last = kept
        separated = [
            *(_with_comma(piece) for piece in others),
            _with_comma(last) if pieces[-1].has_comma else _bare(last),
        ]
        head, tail = self._text[self._node.start_mark.index : begin], self._text[end : self._close + 1]
        if ends_line(separated[-1].trail) and not (ends_line(pieces[-1].trail) or tail[:-1]):
            tail = _indentation(pieces[-1].lead) + tail
        return head + "".join("".join(piece) for piece in separated) + tail

    # What is there

    def _pieces(self, begin: int) -> tuple[list[_Piece], int]:
        """The members, and where the last of them ends."""
        pieces = []
        for at, member in enumerate(self._members):
            limit = self._members[at + 1].start if at + 1 < len(self._members) else self._close
            start, end = member.start, max(member.first.end_mark.index, member.last.end_mark.index)
            after = self._line_rest(self._after_comma(end, limit), limit)
            pieces.append(_Piece(self._text[begin:start], self._body(at, start, end), self._text[end:after]))
            begin = after
        return pieces, begin

    def _after_comma(self, end: int, limit: int) -> int:
        match = _TO_COMMA.match(self._text, end, limit)
        return match.end() if match else end

    def _line_rest(self, begin: int, limit: int) -> int:
        """Where the next line begins if there is nothing but a comment before it."""
        match = _LINE_REST.match(self._text, begin, limit)
        return match.end() if match else begin

    # What becomes of it

    def _kept(self, pieces: list[_Piece]) -> list[_Piece]:
        """The members that stay, and the new ones; comments that are set apart from one that goes stay where they are."""
        kept: list[_Piece] = []
        apart = ""
        for at, piece in enumerate(pieces):
            kept += [self._new(item, at, pieces) for item in self._plan.added.get(at, ())]
            if self._plan.changes.get(at) is REMOVE:
                apart += _set_apart(piece.lead)
                continue
            lead = piece.lead or " " if at == 0 and kept else piece.lead
            kept.append(piece._replace(lead=apart + lead))
            apart = ""
        kept += [self._new(item, len(pieces), pieces) for item in self._plan.added.get(len(pieces), ())]
        kept[-1] = kept[-1]._replace(trail=kept[-1].trail + apart)
        return kept

    def _new(self, item: Item, at: int, pieces: list[_Piece]) -> _Piece:
        neighbour = pieces[max(at - 1, 0)]
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

    def _body(self, at: int, start: int, end: int) -> str:
        member, change, name = self._members[at], self._plan.changes.get(at), self._plan.names.get(at)
        key_end = member.first.end_mark.index
        if change is REMOVE or (change is None and name is None):
            return self._text[start:end]
        key = self._text[start:key_end] if name is None else self._inline(in_quotes_of(member.first, string(name)))
        if change is None:
            return key + self._text[key_end:end]
        value = self._value(member.last, settled(member.last, change))
        if isinstance(self._node, Sequence):
            return value
        between = self._text[key_end : member.last.start_mark.index]
        return key + (between if ":" in between and between[-1].isspace() else ": ") + value

    def _value(self, value: Node, plan: Plan) -> str:
        if isinstance(plan, Members):
            return _Braces(self._canvas, value, plan).text()  # type: ignore[arg-type]  # only collections have members
        assert isinstance(plan, Replace)
        return self._in_place_of(value, plan.leaf)

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
