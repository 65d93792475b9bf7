"""The text that is edited: where the lines and comments around its nodes are, and how new lines look in it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.goyaml.editing.plan import Cut
from talos_registry.goyaml.editing.scalars import is_block_scalar, is_json, keeps_breaks, last_block
from talos_registry.goyaml.emitter import write
from talos_registry.goyaml.nodes import last_node, text_end
from talos_registry.goyaml.text import BREAKS, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.editing.plan import Item
    from talos_registry.goyaml.emitter import Layout, Written
    from talos_registry.goyaml.nodes import Mapping, Node, Sequence
    from talos_registry.goyaml.text import Lines

__all__ = ["Canvas"]

_SPACES = re.compile("[ \t]+")
_COMMENT_LINE = re.compile(f"( *)#[^{BREAKS}]*(?:\r\n|[{BREAKS}]|\\Z)")
_BLANK_LINES = re.compile(f"(?:[ \t]*(?:\r\n|[{BREAKS}]))*")
_COMMENT_BELOW = re.compile(f"(?:[ \t]*(?:\r\n|[{BREAKS}]))*([ \t]*)#[^{BREAKS}]*(?:\r\n|[{BREAKS}]|\\Z)")


class Canvas:
    """A text with its lines, its layout and its line breaks; its last line ends with one, too."""

    def __init__(self, lines: Lines, layout: Layout) -> None:
        self.lines = lines
        self.text = lines.text
        self.line_break = lines.line_break
        self._layout = layout
        self._json: dict[int, bool] = {}

    def is_json(self, node: Mapping | Sequence) -> bool:
        """Whether a flow collection of the document is written as JSON."""
        if id(node) not in self._json:
            self._json[id(node)] = is_json(node)
        return self._json[id(node)]

    def block(self, leaf: Written, column: int) -> str:
        """A block collection as lines of the file."""
        return write(leaf, column, self._layout).replace("\n", self.line_break)

    def line_after(self, node: Node) -> int:
        """Where the line after a node begins."""
        last = last_node(node)
        if keeps_breaks(last, self.text):
            return self.lines.following(last.end_mark.index - 1)
        return self.lines.following(text_end(last, self.text))

    def indented(self, comments: str, column: int) -> str:
        """Comments on lines of their own, all at one column."""
        lines = (line.strip() for line in split_lines(comments))
        return "".join(f"{' ' * column}{line}{self.line_break}" for line in lines if line)

    def blank_lines_below(self, begin: int) -> int:
        """Where the blank lines that begin at an offset end."""
        return _BLANK_LINES.match(self.text, begin).end()  # type: ignore[union-attr]  # it matches the empty text

    def blank_lines_apart(self, begin: int, above: Node | Item | None, column: int) -> Iterator[Cut]:
        """Takes from the blank lines at an offset what would be part of a block of text right above them, in a member at a column."""
        end = self.blank_lines_below(begin)
        if above is None:
            return
        if not isinstance(above, tuple) and keeps_breaks(above, self.text):
            yield Cut(begin, end, "")
        elif last_block(above) if isinstance(above, tuple) else is_block_scalar(above):
            runs = (match.span() for match in _SPACES.finditer(self.text, begin, end))
            yield from (Cut(*run, "") for run in runs if run[1] - run[0] > column + 1)

    def comments_above(self, begin: int, column: int) -> int:
        """Where the comments directly above a line begin that stand at a column."""
        while begin:
            above = self.lines.start(begin - 1)
            match = _COMMENT_LINE.fullmatch(self.text, above, begin)
            if not match or len(match[1]) != column:
                break
            begin = above
        return begin

    def comments_below(self, end: int, column: int, limit: int) -> int:
        """Where the comments below a line end that stand further in than a column, as far as they end before ``limit``."""
        while (match := _COMMENT_BELOW.match(self.text, end, limit)) and len(match[1]) > column:
            end = match.end()
        return end
