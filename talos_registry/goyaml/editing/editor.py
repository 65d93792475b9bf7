"""One document of a text, and the cuts that a plan for it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.editing.blocks import changed_collection
from talos_registry.goyaml.editing.canvas import Canvas
from talos_registry.goyaml.editing.ending import without_line_break
from talos_registry.goyaml.editing.plan import Cut, Members, Replace, settled
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.goyaml.text import Lines, ends_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.editing.plan import Plan
    from talos_registry.goyaml.emitter import Layout
    from talos_registry.goyaml.nodes import Node

__all__ = ["Editor"]


class Editor:
    """Edits documents of a text whose new lines get a ``layout``."""

    def __init__(self, lines: Lines, layout: Layout) -> None:
        self._end = len(lines.text)
        self._canvas = Canvas(lines if ends_line(lines.text) else Lines(lines.text + lines.line_break), layout)

    def cuts(self, root: Node, plan: Plan) -> tuple[Cut, ...]:
        """The cuts that make a plan for the document under ``root`` come true.

        Raises:
            CannotEdit: if the text has no room for them as it is laid out.
        """
        plan = settled(root, plan)
        cuts = tuple(self._changed(root, plan))
        finished = self._canvas.text
        is_finished = len(finished) == self._end
        return cuts if is_finished else tuple(without_line_break(cuts, finished, self._end, root, plan))

    def _changed(self, root: Node, plan: Plan) -> Iterator[Cut]:
        if isinstance(plan, Replace):
            yield self._replaced(root, plan)
        elif isinstance(plan, Members) and isinstance(root, Mapping | Sequence):
            yield from changed_collection(self._canvas, root, plan)
        else:
            raise TypeError("a document is changed or replaced; to remove it is up to who knows the stream")

    def _replaced(self, root: Node, plan: Replace) -> Cut:
        canvas, begin = self._canvas, root.start_mark.index
        end = canvas.comments_below(canvas.line_after(root), 0, len(canvas.text))
        is_below_marker = bool(canvas.text[canvas.lines.start(begin) : begin].strip())
        return Cut(begin, end, (canvas.line_break if is_below_marker else "") + canvas.block(plan.leaf, 0))
