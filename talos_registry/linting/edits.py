"""Changes that rules propose, as edits of the user's text: comments, quoting and layout stay.

A change that cannot be made without touching what others share (an anchor, an only child) yields no edits at all.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.goyaml.emitter import write
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, pairs, text_end
from talos_registry.goyaml.paths import Place, walk
from talos_registry.goyaml.representer import from_value
from talos_registry.linting.finding import Add, Change, Put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Edit, Path
    from talos_registry.goyaml.text import Lines

__all__ = ["edits"]

_Cut = tuple[int, int, str]
"""Offsets, and what stands between them afterwards."""


def edits(changes: Iterable[Change], root: Node, lines: Lines) -> tuple[Edit, ...]:
    """The edits of a source text that make all changes in the document under ``root``; none if one cannot be made."""
    cuts = [_cut(change, root, lines) for change in changes]
    made = [lines.edit(*cut) for cut in cuts if cut is not None]
    return tuple(made) if len(made) == len(cuts) else ()


def _cut(change: Change, root: Node, lines: Lines) -> _Cut | None:
    way = _way(root, change.path[1:])
    if way is None:
        return None
    if isinstance(change, Put):
        return _put(way[-1], change)
    return _add(way[-1].node, change, lines) if isinstance(change, Add) else _remove(way, lines)


def _way(root: Node, path: Path) -> list[Place] | None:
    """The places along a path, if they are all there and nothing else shares them."""
    way = list(walk(root, path))
    if len(way) <= len(path) or any(isinstance(place.node, Alias) or place.node.anchor for place in way):
        return None
    return way


def _put(place: Place, change: Put) -> _Cut | None:
    node = place.key if change.is_key else place.node
    if not isinstance(node, Scalar) or node.style in {"|", ">"} or node.tag or node.anchor:
        return None
    return node.start_mark.index, node.end_mark.index, _spelled(change.text, node.style)


def _spelled(value: str, style: str) -> str:
    """A scalar in the quotes of the one it replaces, or in those it needs."""
    if style == "'":
        return "'" + value.replace("'", "''") + "'"
    plain = write(from_value(value)).rstrip("\n")
    is_plain = plain == value and not set(value) & set("[]{},#")
    return value if is_plain and not style else '"' + re.sub(r'(["\\])', r"\\\1", value) + '"'


# Adding


def _add(node: Node, change: Add, lines: Lines) -> _Cut | None:
    if not isinstance(node, Mapping) or not node.content:
        return None
    set_already = next((value for key, value in pairs(node) if key.value == change.key), None)
    if set_already is not None:
        return _set(set_already, change.value, lines.text)
    last = node.content[-1]
    entry = f"{change.key}: {change.value}"
    if node.flow:
        end = last.end_mark.index
        return end, end, f", {entry}"
    end = lines.end(text_end(last, lines.text))
    return end, end, f"{lines.line_break}{' ' * node.content[0].start_mark.column}{entry}"


def _set(node: Node, word: str, text: str) -> _Cut | None:
    """Another word, plain as it is, in the place of a value that may be missing."""
    if not isinstance(node, Scalar) or node.style in {"|", ">"} or node.tag or node.anchor:
        return None
    begin, end = node.start_mark.index, node.end_mark.index
    return begin, end, word if text[begin - 1 : begin].isspace() else f" {word}"


# Removing


_MEMBER_OF_DOCUMENT = 2


def _remove(way: list[Place], lines: Lines) -> _Cut | None:
    """Remove the last place of the way, or the nearest one above it that is no only child.

    The document keeps its keys: what would leave none of their values behind leaves ``{}``.
    """
    for place in reversed(way[1:] if len(way) == _MEMBER_OF_DOCUMENT else way[2:]):
        holder = place.holder
        if holder is not None and len(_members(holder)) > 1:
            return _remove_flow(place, holder) if holder.flow else _remove_block(place, holder, lines)
    return _emptied(way[1], lines)


def _emptied(place: Place, lines: Lines) -> _Cut | None:
    if place.key is None:
        return None
    begin, end = place.key.end_mark.index, text_end(place.node, lines.text)
    return None if "#" in lines.text[begin:end] else (begin, end, ": {}")


def _members(holder: Mapping | Sequence) -> list[tuple[Node, Node]]:
    """The first and the last node of every pair or item."""
    return list(pairs(holder)) if isinstance(holder, Mapping) else [(item, item) for item in holder.content]


def _remove_flow(place: Place, holder: Mapping | Sequence) -> _Cut:
    members = _members(holder)
    first, last = members[place.position]
    if place.position + 1 < len(members):
        return first.start_mark.index, members[place.position + 1][0].start_mark.index, ""
    return members[place.position - 1][1].end_mark.index, last.end_mark.index, ""


def _remove_block(place: Place, holder: Mapping | Sequence, lines: Lines) -> _Cut | None:
    text = lines.text
    members = _members(holder)
    first, last = members[place.position]
    begin, end = first.start_mark.index, lines.end(text_end(last, text))
    if isinstance(holder, Sequence):
        begin = text.rfind("-", 0, begin)
    line_begin = lines.start(begin)
    if not text[line_begin:begin].strip():
        return line_begin, lines.following(end), ""
    if place.position + 1 == len(members):
        return None
    following = members[place.position + 1][0].start_mark.index
    return None if "#" in text[end:following] else (begin, following, "")
