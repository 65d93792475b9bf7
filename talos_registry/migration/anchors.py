"""Which parts of a text hold an anchor that is needed by others."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
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
    used_by: dict[_Part | None, list[Alias]] = defaultdict(list)
    for alias in (leaf for tree in trees for leaf in leaves(tree.root) if isinstance(leaf, Alias)):
        used_by[going.at(alias)].append(alias)
    staying: dict[_Part, str] = {}
    users: set[_Part | None] = {None}
    while users:
        needed: dict[_Part, str] = {}
        for alias in sorted((alias for user in users for alias in used_by[user]), key=_offset):
            part = going.at(alias.target)
            if part is not None and part not in staying:
                needed.setdefault(part, f"line {alias.start_mark.line + 1} refers to its anchor &{alias.value}.")
        staying |= needed
        users = {*needed}
    return staying


def _offset(node: Node) -> int:
    return node.start_mark.index


class _Places(Generic[_Part]):
    """Parts of a text by where they stand."""

    def __init__(self, parts: dict[_Part, Stretch]) -> None:
        self._parts = sorted(parts.items(), key=lambda part: part[1].begin)
        self._begins = [region.begin for _, region in self._parts]

    def at(self, node: Node) -> _Part | None:
        """The part a node is in."""
        offset = _offset(node)
        place = bisect_right(self._begins, offset) - 1
        return self._parts[place][0] if place >= 0 and offset < self._parts[place][1].end else None
