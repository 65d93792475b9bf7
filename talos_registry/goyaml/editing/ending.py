"""The end of a text without a last line break: edited as if it had one, which is taken away afterwards."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import block_indicators
from talos_registry.goyaml.editing.plan import Cut, last_left
from talos_registry.goyaml.editing.scalars import last_block, needs_end
from talos_registry.goyaml.nodes import last_node
from talos_registry.goyaml.text import ends_line

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Sequence as SequenceOf

    from talos_registry.goyaml.editing.plan import Item, Plan
    from talos_registry.goyaml.nodes import Node

__all__ = ["ended", "without_line_break"]


def ended(root: Node, text: str, cuts: Iterable[Cut] = ()) -> tuple[Cut, ...]:
    """What a text that ends with a document needs, for a line break at its end to change nothing; ``cuts`` are made anyway.

    That is a ``-`` in the header of a block that ends there without a line break, in the place of its ``+`` or at the end.
    """
    node = last_node(root)
    if ends_line(text) or node.end_mark.index < len(text) or not needs_end(node, text):
        return ()
    if any(cut.begin <= node.start_mark.index < cut.end for cut in cuts):
        return ()
    begin, end = block_indicators(node, text)
    keep = text.find("+", begin, end)
    return (Cut(end, end, "-") if keep < 0 else Cut(keep, keep + 1, "-"),)


def without_line_break(cuts: SequenceOf[Cut], finished: str, end: int, root: Node, plan: Plan) -> list[Cut]:
    """The cuts for a text that ends at ``end``, given those for the ``finished`` one, which has a line break there.

    There is none afterwards either, unless the text then ends with a block of text that needs it.
    """
    left, old = last_left(root, plan), last_node(root)
    ordered = sorted(cuts, key=lambda cut: cut[:2])
    inner = [cut for cut in ordered if cut.end <= end]
    outer = [cut for cut in ordered if cut.end > end]
    if outer:
        inner = _joined(inner, outer, finished, end, keeps_break=_needs_line_break(left, finished))
    return inner if left is old else [*inner, *ended(root, finished[:end], cuts)]


def _needs_line_break(left: Node | Item | None, text: str) -> bool:
    """Whether what a text ends with, a node of it or something new, is a block that would hold something else without one."""
    if isinstance(left, tuple):
        block = last_block(left)
        return block is not None and ends_line(block.value)
    return left is not None and needs_end(left, text)


def _joined(inner: list[Cut], outer: list[Cut], finished: str, end: int, *, keeps_break: bool) -> list[Cut]:
    """The cuts, of which the outer ones, as one, end where the text does."""
    line_break = finished[end:]
    begin = min(outer[0].begin, end)
    text = (line_break if outer[0].begin > end else "") + "".join(cut.text for cut in outer)
    while not keeps_break and not text and inner and inner[-1].end == begin:
        begin, _, text = inner.pop()
    if not keeps_break and text:
        text = text.removesuffix(line_break)
    elif not keeps_break and begin:
        begin -= len("\r\n") if finished.endswith("\r\n", 0, begin) else 1
    return [*inner, Cut(begin, end, text)]
