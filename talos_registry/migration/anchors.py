"""Which parts of a text hold an anchor that is needed by others."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

from talos_registry.nodes import Alias, Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from talos_registry.migration.removal import Region
    from talos_registry.nodes import Node
    from talos_registry.source import Tree

__all__ = ["needed_elsewhere"]


_Part = TypeVar("_Part", bound="Hashable")


def needed_elsewhere(trees: Iterable[Tree], candidates: dict[_Part, Region]) -> dict[_Part, str]:
    """The candidates for removal that have to stay, because what stays refers to an anchor in them, and why."""
    going = _Places(candidates)
    aliases = [alias for tree in trees for alias in _aliases(tree.root)]
    staying: dict[_Part, str] = {}
    while True:
        found = {
            part: f"line {alias.start_mark.line + 1} refers to its anchor &{alias.value}."
            for alias in aliases
            if (part := going.at(alias.target)) is not None
            and part not in staying
            and ((user := going.at(alias)) is None or user in staying)
        }
        if not found:
            return staying
        staying |= found


class _Places(Generic[_Part]):
    """Parts of a text by where they stand."""

    def __init__(self, parts: dict[_Part, Region]) -> None:
        self._parts = sorted(parts.items(), key=lambda part: part[1].begin)
        self._begins = [region.begin for _, region in self._parts]

    def at(self, node: Node) -> _Part | None:
        """The part a node is in."""
        offset = node.start_mark.index
        place = bisect_right(self._begins, offset) - 1
        return self._parts[place][0] if place >= 0 and offset < self._parts[place][1].end else None


def _aliases(root: Node) -> Iterator[Alias]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Alias):
            yield node
        elif isinstance(node, Mapping | Sequence):
            waiting.extend(node.content)
