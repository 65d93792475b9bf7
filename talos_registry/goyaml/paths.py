"""Where in a text values stand: from paths to nodes, lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.nodes import Mapping, Node, Sequence, pairs, span
from talos_registry.goyaml.tags import is_null, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.diagnostic import Path, Span

__all__ = ["Place", "heading", "locate", "shown_span", "walk"]


class Place(NamedTuple):
    """A value in a tree: the key it has in a mapping (None in a list, and for a document), and what holds it.

    ``position`` is where the value stands among the pairs or items of its ``holder``.
    """

    node: Node
    key: Node | None = None
    holder: Mapping | Sequence | None = None
    position: int = 0


def walk(root: Node, path: Path) -> Iterator[Place]:
    """The places on the way along ``path``, from the document on, as far as the text has them."""
    place = Place(root)
    yield place
    for step in path:
        following = _step(resolved(place.node), step)
        if following is None:
            return
        place = following
        yield place


def _step(node: Node, step: str | int) -> Place | None:
    if isinstance(node, Mapping) and isinstance(step, str):
        return _first(node, pairs(node), lambda key: key.value == step)
    if isinstance(node, Sequence) and isinstance(step, int):
        # Talos skips null items, so they do not count.
        items = [(at, item) for at, item in enumerate(node.content) if not is_null(item)]
        return Place(items[step][1], None, node, items[step][0]) if step < len(items) else None
    return None


def _first(node: Mapping, entries: Iterator[tuple[Node, Node]], wanted: Callable[[Node], bool]) -> Place | None:
    return next((Place(value, key, node, at) for at, (key, value) in enumerate(entries) if wanted(key)), None)


def locate(root: Node, path: Path) -> Node:
    """The node to point at for a path, or for as much of it as is there."""
    return heading(list(walk(root, path))[-1].node)


def shown_span(root: Node, path: Path) -> Span:
    """What to point at for a path: the value where it is short, else its key; for a document, its name."""
    last = list(walk(root, path or ("name",)))[-1]
    return span(last.key if last.key is not None and _is_long(last.node) else heading(last.node))


def _is_long(node: Node) -> bool:
    if isinstance(node, Mapping | Sequence):
        return True
    return node.start_mark.line != node.end_mark.line or node.start_mark.index == node.end_mark.index


def heading(node: Node) -> Node:
    """What to point at for a whole block collection: its first key or item."""
    if isinstance(node, Mapping | Sequence) and node.content and not node.flow:
        return node.content[0]
    return node
