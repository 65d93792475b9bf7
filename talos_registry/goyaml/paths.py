"""Where in a text values stand: from paths to nodes, lines and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.nodes import Mapping, Node, Sequence, Target, pairs, span
from talos_registry.goyaml.tags import is_null, resolved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.diagnostic import Path, Span

__all__ = ["Locator", "Place", "heading", "locate", "members", "shown_span", "walk"]


class Place(NamedTuple):
    """A value in a tree: the key it has in a mapping (None in a list, and for a document), and what holds it.

    ``position`` is where the value stands among the pairs or items of its ``holder``.
    """

    node: Node
    key: Node | None = None
    holder: Mapping | Sequence | None = None
    position: int = 0


class Locator:
    """Finds values of one tree by their paths; each collection is gone through once, however many paths lead into it.

    The tree must not change meanwhile. Items of lists that are ``skipped`` do not count; Talos skips nulls.
    """

    def __init__(self, root: Node, skipped: Callable[[Node], bool] = is_null) -> None:
        self.root = root
        self._skipped = skipped
        self._members: dict[int, dict[str | int, Place]] = {}

    def walk(self, path: Path) -> Iterator[Place]:
        """The places on the way along ``path``, from the document on, as far as the text has them."""
        place = Place(self.root)
        yield place
        for step in path:
            following = self._members_of(resolved(place.node)).get(step)
            if following is None:
                return
            place = following
            yield place

    def locate(self, path: Path) -> Node:
        """The node to point at for a path, or for as much of it as is there."""
        return heading(self.last(path).node)

    def shown_span(self, path: Path) -> Span:
        """What to point at for a path: the value where it is short, else its key; for a document, its name."""
        last = self.last(path or ("name",))
        return span(last.key if last.key is not None and _is_long(last.node) else heading(last.node))

    def last(self, path: Path) -> Place:
        """The last of the places on the way along ``path``."""
        *_, last = self.walk(path)
        return last

    def _members_of(self, node: Node) -> dict[str | int, Place]:
        if id(node) not in self._members:
            self._members[id(node)] = _members(node, self._skipped)
        return self._members[id(node)]


def _members(node: Node, skipped: Callable[[Node], bool]) -> dict[str | int, Place]:
    """The places in a collection by the steps that lead to them; of a key that is repeated the first."""
    if isinstance(node, Mapping):
        backwards = reversed([*enumerate(pairs(node))])
        return {key.value: Place(value, key, node, at) for at, (key, value) in backwards}
    if isinstance(node, Sequence):
        items = ((at, item) for at, item in enumerate(node.content) if not skipped(item))
        return {step: Place(item, None, node, at) for step, (at, item) in enumerate(items)}
    return {}


def walk(root: Node, path: Path) -> Iterator[Place]:
    """The places on the way along ``path``; for several paths make a ``Locator``."""
    return Locator(root).walk(path)


def locate(root: Node, path: Path) -> Node:
    """The node to point at for a path; for several paths make a ``Locator``."""
    return Locator(root).locate(path)


def shown_span(root: Node, path: Path) -> Span:
    """What to point at for a path; for several paths make a ``Locator``."""
    return Locator(root).shown_span(path)


def _is_long(node: Node) -> bool:
    if isinstance(node, Mapping | Sequence):
        return True
    return node.start_mark.line != node.end_mark.line or node.start_mark.index == node.end_mark.index


def members(node: Node | None) -> dict[str, Target]:
    """What a mapping holds, by its keys, aliases followed; of a key that is repeated the first. Of others nothing."""
    target = node and resolved(node)
    if not isinstance(target, Mapping):
        return {}
    return {resolved(key).value: resolved(value) for key, value in reversed([*pairs(target)])}


def heading(node: Node) -> Node:
    """What to point at for a whole block collection: its first key or item."""
    if isinstance(node, Mapping | Sequence) and node.content and not node.flow:
        return node.content[0]
    return node
