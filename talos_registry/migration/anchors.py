"""Which parts of a text hold an anchor that is needed by others."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Generic, TypeVar

from talos_registry.goyaml.comments import leaves
from talos_registry.goyaml.nodes import Alias

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from talos_registry.goyaml import Tree
    from talos_registry.goyaml.comments import Stretch
    from talos_registry.goyaml.nodes import Node

__all__ = ["needed_elsewhere"]


_Part = TypeVar("_Part", bound="Hashable")


def needed_elsewhere(trees: Iterable[Tree], candidates: dict[_Part, Stretch]) -> dict[_Part, str]:
    """The candidates for removal that have to stay, because what stays refers to an anchor in them, and why."""
    going = _Places(candidates)
    aliases = [leaf for tree in trees for leaf in leaves(tree.root) if isinstance(leaf, Alias)]
    staying: dict[_Part, str] = {}
    while True:
        stay_now = {
            part: f"line {alias.start_mark.line + 1} refers to its anchor &{alias.value}."
            for alias in reversed(aliases)  # of several, the first is named
            if (part := going.at(alias.target)) is not None
            and part not in staying
            and ((user := going.at(alias)) is None or user in staying)
        }
        if not stay_now:
            return staying
        staying |= stay_now


class _Places(Generic[_Part]):
    """Parts of a text by where they stand."""

    def __init__(self, parts: dict[_Part, Stretch]) -> None:
        self._parts = sorted(parts.items(), key=lambda part: part[1].begin)
        self._begins = [region.begin for _, region in self._parts]

    def at(self, node: Node) -> _Part | None:
        """The part a node is in."""
        offset = node.start_mark.index
        place = bisect_right(self._begins, offset) - 1
        return self._parts[place][0] if place >= 0 and offset < self._parts[place][1].end else None
