"""What goes: entries of mappings as a plan for their document, and whole documents as stretches of the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import Stretch
from talos_registry.goyaml.editing import REMOVE, Members
from talos_registry.goyaml.nodes import Mapping, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml import Tree
    from talos_registry.goyaml.editing import Canvas, Plan
    from talos_registry.goyaml.nodes import Node

__all__ = ["document", "removal", "whole"]


def removal(root: Mapping, paths: Iterable[Path]) -> Plan:
    """The plan that takes the entries at ``paths`` out of a document; a mapping that is left empty goes with its last entry."""
    going = frozenset(paths)
    return _removal(root, going, {path[:depth] for path in going for depth in range(1, len(path))}, ())


def _removal(mapping: Mapping, going: frozenset[Path], above: set[Path], path: Path) -> Plan:
    changes: dict[int, Plan] = {}
    for at, (key, value) in enumerate(pairs(mapping)):
        here = (*path, key.value)
        if here in going:
            changes[at] = REMOVE
        elif here in above and isinstance(value, Mapping):
            changes[at] = _removal(value, going, above, here)
    goes_whole = len(changes) == len(mapping.content) // 2 and all(change is REMOVE for change in changes.values())
    return REMOVE if goes_whole else Members(changes)


def whole(canvas: Canvas, root: Mapping) -> Stretch:
    """The stretch of a whole document, with the blank lines after it but without the comments around it."""
    begin = root.start_mark.index if root.flow else canvas.lines.start(root.content[0].start_mark.index)
    return Stretch(begin, _end_of_document(canvas, root))


def document(canvas: Canvas, tree: Tree) -> Stretch:
    """The stretch of a whole document with the ``---`` before it, and the comments that belong to it."""
    root = tree.root
    if canvas.text.endswith("---", 0, tree.begin):
        return Stretch(tree.begin - len("---"), _end_of_document(canvas, root))
    begin = canvas.comments_above(canvas.lines.start(root.start_mark.index), 0)
    return Stretch(begin, _end_of_document(canvas, root))


def _end_of_document(canvas: Canvas, root: Node) -> int:
    end = canvas.comments_below(canvas.line_after(root), 0, len(canvas.text))
    return canvas.blank_lines_below(end)
