"""One document of a text, and the cuts that a plan for it makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.editing.blocks import changed_collection
from talos_registry.goyaml.editing.canvas import Canvas
from talos_registry.goyaml.editing.plan import Cut, Members, Replace, settled
from talos_registry.goyaml.nodes import Mapping, Sequence

if TYPE_CHECKING:
    from talos_registry.goyaml.editing.plan import Plan
    from talos_registry.goyaml.emitter import Layout
    from talos_registry.goyaml.nodes import Node
    from talos_registry.goyaml.text import Lines

__all__ = ["Editor"]


class Editor:
    """Edits documents of a text whose new lines get a ``layout``."""

    def __init__(self, lines: Lines, layout: Layout) -> None:
        self._canvas = Canvas(lines, layout)

    def cuts(self, root: Node, plan: Plan) -> tuple[Cut, ...]:
        """The cuts that make a plan for the document under ``root`` come true.

        Raises:
            CannotEdit: if the text has no room for them as it is laid out.
        """
        plan = settled(root, plan)
        if isinstance(plan, Replace):
            return (self._replaced(root, plan),)
        if not isinstance(plan, Members) or not isinstance(root, Mapping | Sequence):
            raise TypeError("a document is changed or replaced; to remove it is up to who knows the stream")
        return tuple(changed_collection(self._canvas, root, plan))

    def _replaced(self, root: Node, plan: Replace) -> Cut:
        canvas, begin = self._canvas, root.start_mark.index
        end = canvas.comments_below(canvas.line_after(root), 0, len(canvas.text))
        is_below_marker = bool(canvas.text[canvas.lines.start(begin) : begin].strip())
        return Cut(begin, end, (canvas.line_break if is_below_marker else "") + canvas.block(plan.leaf, 0))
