"""How the block collections of a file are indented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.emitter import Layout
from talos_registry.goyaml.nodes import Mapping, Sequence, pairs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml.nodes import Node

__all__ = ["layout_of"]


def layout_of(roots: Iterable[Node]) -> Layout:
    """The layout of documents, as the first of their block collections have it; that of go-yaml where none tells."""
    step = dash = None
    for root in roots:
        for key, value in _block_members(root):
            first = value.content[0] if isinstance(value, Mapping) else value
            column = first.start_mark.column - key.start_mark.column
            if isinstance(value, Sequence):
                dash = column if dash is None else dash
            elif column > 0:
                step = column if step is None else step
            if step is not None and dash is not None:
                return Layout(step, dash, hints=False)
    step = step or dash or (Layout().step if dash is None else _STEP_WITHOUT_DASH)
    return Layout(step, step if dash is None else dash, hints=False)


_STEP_WITHOUT_DASH = 2
"""Where dashes stand below their key, the tools that write so indent by two."""


def _block_members(root: Node) -> Iterator[tuple[Node, Mapping | Sequence]]:
    """The keys of block mappings, lists left out, whose values are block collections that begin where they are indented."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if not isinstance(node, Mapping) or node.flow:
            continue
        for key, value in pairs(node):
            if not isinstance(value, Mapping | Sequence) or value.flow or not value.content:
                continue
            if isinstance(value, Mapping) or not (value.anchor or value.tag):
                yield key, value
        waiting += reversed([value for _, value in pairs(node)])
