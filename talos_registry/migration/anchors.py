"""Which entries hold an anchor that is needed where they are not."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from talos_registry.nodes import Alias, Mapping, Sequence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.migration.section import LegacyEntry
    from talos_registry.nodes import Node
    from talos_registry.source import Tree

__all__ = ["needed_elsewhere"]


def needed_elsewhere(trees: Iterable[Tree], candidates: Iterable[LegacyEntry]) -> dict[LegacyEntry, str]:
    """The candidates for removal that have to stay, because what stays refers to an anchor in them, and why."""
    going = _Places(candidates)
    aliases = [alias for tree in trees for alias in _aliases(tree.root)]
    staying: dict[LegacyEntry, str] = {}
    while True:
        found = {
            entry: f"line {alias.start_mark.line + 1} refers to its anchor &{alias.value}."
            for alias in aliases
            if (entry := going.at(alias.target)) not in staying and entry and going.at(alias) in {None, *staying}
        }
        if not found:
            return staying
        staying |= found


class _Places:
    """Entries by where they stand in the text."""

    def __init__(self, entries: Iterable[LegacyEntry]) -> None:
        self._entries = sorted(entries, key=lambda entry: entry.key.start_mark.index)
        self._starts = [entry.key.start_mark.index for entry in self._entries]

    def at(self, node: Node) -> LegacyEntry | None:
        """The entry a node is in."""
        place = bisect_right(self._starts, node.start_mark.index) - 1
        if place < 0 or node.start_mark.index >= self._entries[place].value.end_mark.index:
            return None
        return self._entries[place]


def _aliases(root: Node) -> Iterator[Alias]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Alias):
            yield node
        elif isinstance(node, Mapping | Sequence):
            waiting.extend(node.content)
