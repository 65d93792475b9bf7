"""The cuts in one block collection, of which some members stay."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import between, block_indicators, content_start
from talos_registry.goyaml.editing.braces import changed_braces, inline_value
from talos_registry.goyaml.editing.plan import (
    REMOVE,
    CannotEdit,
    Cut,
    Members,
    Removal,
    Replace,
    count,
    left_before,
    member,
    settled,
)
from talos_registry.goyaml.editing.scalars import (
    beside_key,
    in_quotes_of,
    is_block_scalar,
    last_block,
    string,
)
from talos_registry.goyaml.emitter import Branch, Text, write
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, last_node, text_end
from talos_registry.goyaml.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.editing.canvas import Canvas
    from talos_registry.goyaml.editing.plan import Item, Plan
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node

__all__ = ["changed_block", "changed_collection"]


def changed_collection(canvas: Canvas, node: Mapping | Sequence, plan: Members) -> Iterator[Cut]:
    """The cuts that change a collection of which some members stay, and nothing around it."""
    if node.flow:
        yield from changed_braces(canvas, node, plan)
    else:
        yield from changed_block(canvas, node, plan)


def changed_block(canvas: Canvas, node: Mapping | Sequence, plan: Members) -> Iterator[Cut]:
    """The cuts that change a block collection."""
    return _Block(canvas, node, plan).cuts()


class _Block:
    def __init__(self, canvas: Canvas, node: Mapping | Sequence, plan: Members) -> None:
        self._canvas = canvas
        self._lines = canvas.lines
        self._text = canvas.text
        self._node = node
        self._plan = plan
        self._column = self._start(0) - self._lines.start(self._start(0))
        self._removed_head = self._members_on_the_line_of_a_dash()

    def cuts(self) -> Iterator[Cut]:
        if self._removed_head:
            yield from self._without_head()
        for at, change in self._plan.changes.items():
            if change is not REMOVE:
                yield from self._changed(at, change)
            elif at >= self._removed_head:
                yield self._removed(at)
        for at, name in self._plan.names.items():
            yield self._renamed(member(self._node, at).first, name)
        for at in sorted(self._plan.added):
            yield self._added(at, self._plan.added[at])
        yield from self._blank_lines_apart()

    # Where members stand

    def _start(self, at: int) -> int:
        """Where a member begins, with its dash."""
        begin = member(self._node, at).start
        if isinstance(self._node, Mapping):
            if "?" in self._text[self._lines.start(begin) : begin]:
                raise CannotEdit("a key stands after a question mark")
            return begin
        if at == 0:
            return content_start(self._node, self._text, self._node.start_mark.index, begin)
        return _BETWEEN.match(self._text, self._content_end(at - 1)).end()  # type: ignore[union-attr]  # it matches the empty text

    def _content_end(self, at: int) -> int:
        last = last_node(member(self._node, at).last)
        return self._canvas.line_after(last) if is_block_scalar(last) else text_end(last, self._text)

    def _shares_its_line(self, at: int) -> bool:
        """Whether a member stands on the line of a dash that is not its own."""
        start = self._start(at)
        return bool(self._text[self._lines.start(start) : start].strip(" "))

    def _end(self, at: int) -> int:
        """Where the line after a member and the comments in it begins."""
        limit = self._start(at + 1) if at + 1 < count(self._node) else len(self._text)
        return self._canvas.comments_below(self._canvas.line_after(member(self._node, at).last), self._column, limit)

    def _blank_lines_apart(self) -> Iterator[Cut]:
        """Keeps the blank lines above members apart from what is new right above them."""
        above: dict[int, Node | Item | None] = {}
        for at in sorted({*self._plan.added, *(changed + 1 for changed in self._plan.changes)} - {0}):
            if at - 1 in above and at not in self._plan.added and self._plan.changes.get(at - 1) is REMOVE:
                above[at] = above[at - 1]
            else:
                above[at] = left_before(self._node, self._plan, at)
            if self._has_new_above(at):
                yield from self._canvas.blank_lines_apart(self._end(at - 1), above[at], self._column)

    def _has_new_above(self, at: int) -> bool:
        """Whether something else than before is right above the blank lines before a member."""
        change = self._plan.changes.get(at - 1)
        above = change and settled(member(self._node, at - 1).last, change)
        return at in self._plan.added or isinstance(above, Removal | Replace)

    # Taking out

    def _members_on_the_line_of_a_dash(self) -> int:
        """How many members go of which the first stands on the line of a dash that stays."""
        count = 0
        while self._shares_its_line(0) and self._plan.changes.get(count) is REMOVE:
            count += 1
        return count

    def _without_head(self) -> Iterator[Cut]:
        """Puts the next member where the first one was; comments above it come above its new line."""
        begin, end = self._start(0), self._start(self._removed_head)
        line = self._lines.start(begin)
        above = "".join(map(self._apart_from_next, range(self._removed_head - 1)))
        above += self._text[self._end(self._removed_head - 1) : self._lines.start(end)]
        indent = _SPACES.match(self._text, line).end() - line  # type: ignore[union-attr]  # it matches the empty text
        moved = self._canvas.indented(above, indent)
        if moved:
            yield Cut(line, line, moved)
        yield Cut(begin, end, "")

    def _apart_from_next(self, at: int) -> str:
        """The lines between two members that belong to neither."""
        begin = self._end(at)
        return self._text[
            begin : max(begin, self._canvas.comments_above(self._lines.start(self._start(at + 1)), self._column))
        ]

    def _removed(self, at: int) -> Cut:
        if self._shares_its_line(at):
            raise CannotEdit("something else stands before it on its line")
        begin = self._canvas.comments_above(self._lines.start(self._start(at)), self._column)
        return Cut(begin, self._end(at), "")

    # Putting in

    def _added(self, at: int, items: tuple[Item, ...]) -> Cut:
        new = self._canvas.block(Branch(items, is_mapping=isinstance(self._node, Mapping)), self._column)
        if at <= self._removed_head and self._shares_its_line(0):
            start = self._start(self._removed_head)
            return Cut(start, start, new[self._column :] + " " * self._column)
        if at == 0:
            start = self._canvas.comments_above(self._lines.start(self._start(0)), self._column)
        else:
            start = self._end(at - 1)
        return Cut(start, start, new)

    # Changing

    def _changed(self, at: int, change: Plan) -> Iterator[Cut]:
        self._start(at)
        value = member(self._node, at).last
        plan = settled(value, change)
        if isinstance(plan, Members):
            yield from changed_collection(self._canvas, value, plan)  # type: ignore[arg-type]  # only collections have members
        elif isinstance(plan, Replace):
            yield from self._replaced(at, value, plan.leaf)

    def _replaced(self, at: int, value: Node, leaf: Written) -> Iterator[Cut]:
        """Another value where the old one is; a comment beside the key, the dash or the value stays there."""
        begin, end = value.start_mark.index, value.end_mark.index
        short = inline_value(value, leaf)
        if short is not None and begin < end and not self._has_comment_before_content(value):
            yield Cut(begin, end, short)
        else:
            yield from self._rewritten(self._indicator_end(at), value, leaf)

    def _has_comment_before_content(self, value: Node) -> bool:
        """Whether a comment stands between an anchor or a tag and what it is for."""
        begin = value.start_mark.index
        return any(between(self._text, begin, content_start(value, self._text, begin, value.end_mark.index)))

    def _indicator_end(self, at: int) -> int:
        """Where the dash of an item, or the colon of a key, ends."""
        if isinstance(self._node, Sequence):
            return self._start(at) + 1
        end = member(self._node, at).first.end_mark.index
        colon = self._text.find(":", end)
        if colon < 0 or self._text[end:colon].strip(" \t"):
            raise CannotEdit("the colon of a key stands elsewhere")
        return colon + 1

    def _rewritten(self, indicator: int, value: Node, leaf: Written) -> Iterator[Cut]:
        """A value that has lines of its own, or gets them."""
        head_end, has_lines = self._head_end(indicator, value)
        short = beside_key(in_quotes_of(value, leaf))
        head, rest = (f" {short}", "") if short is not None else self._lines_of(leaf)
        yield Cut(indicator, head_end, head)
        begin = self._lines.following(indicator if has_lines else head_end)
        if has_lines:
            end = self._canvas.comments_below(self._canvas.line_after(value), self._column, len(self._text))
            yield Cut(begin, max(begin, end), rest)
        elif rest:
            yield self._with_lines_below(begin, rest, leaf)

    def _with_lines_below(self, begin: int, rest: str, leaf: Written) -> Cut:
        """New lines below a value that had none; comments there would become part of a block of text."""
        end = self._canvas.comments_below(begin, self._column, len(self._text))
        if begin == end or not last_block(leaf):
            return Cut(begin, begin, rest)
        return Cut(begin, end, rest + self._canvas.indented(self._text[begin:end], self._column))

    def _lines_of(self, leaf: Written) -> tuple[str, str]:
        """What stands beside a key or a dash, and the lines below it."""
        is_mapping = isinstance(self._node, Mapping)
        member = Branch(((Text("k"), leaf) if is_mapping else leaf,), is_mapping)
        head, _, rest = self._canvas.block(member, self._column).partition(self._canvas.line_break)
        return head[self._column + len("k:" if is_mapping else "-") :], rest

    def _head_end(self, indicator: int, value: Node) -> tuple[int, bool]:
        """Where a value ends on the line of its key or dash, comments left out, and whether it has lines of its own below."""
        line_end = self._lines.end(indicator)
        begin, end = value.start_mark.index, value.end_mark.index
        if begin >= end:
            return indicator, False
        if content_start(value, self._text, begin, end) > line_end:
            match = _COMMENT_BESIDE.search(self._text, indicator, line_end)
            return match.start() if match else line_end, True
        if is_block_scalar(value):
            return block_indicators(value, self._text).end, True
        if isinstance(value, Mapping | Sequence) and not value.flow:
            return line_end, True
        return end, False

    def _renamed(self, key: Node, name: str) -> Cut:
        if not isinstance(key, Scalar) or key.anchor or key.tag or is_block_scalar(key):
            raise CannotEdit("the key is not plain text")
        return Cut(key.start_mark.index, key.end_mark.index, write(in_quotes_of(key, string(name))).rstrip("\n"))


_SPACES = re.compile(" *")
_COMMENT_BESIDE = re.compile(f"[ \t]+#[^{BREAKS}]*")
_BETWEEN = re.compile(rf"(?:\s|#[^{BREAKS}]*)*+")
"""What stands between an item and the dash of the next."""
