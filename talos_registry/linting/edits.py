"""Changes that rules propose, as plans for documents.

A change that cannot be made without touching what others share (an anchor, an only child) is not made at all.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from talos_registry.goyaml.editing import REMOVE, CannotEdit, Members, Replace
from talos_registry.goyaml.emitter import Branch, Text
from talos_registry.goyaml.nodes import Alias, Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.representer import from_value
from talos_registry.linting.finding import Add, ProposedChange, Put

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.editing import Item, Plan
    from talos_registry.goyaml.nodes import Node
    from talos_registry.goyaml.paths import Locator, Place

__all__ = ["Growing", "plan_of"]


def plan_of(changes: Iterable[ProposedChange], places: Locator) -> Members:
    """The plan that makes all changes in the document with these places.

    Raises:
        CannotEdit: if one of them leads where nothing is, or what is there is shared.
    """
    plan = Growing()
    for change in changes:
        _plan(change, places, plan)
    return plan.members()


@dataclass
class Growing:
    """A plan to which changes are added, one after the other."""

    changes: dict[int, Plan | Growing] = field(default_factory=dict)
    added: list[Item] = field(default_factory=list)
    names: dict[int, str] = field(default_factory=dict)
    size: int = 0

    def at(self, way: Iterable[Place]) -> Growing:
        """The plan for the collection that a way ends in."""
        plan = self
        for place in way:
            inner = plan.changes.setdefault(place.position, Growing())
            if not isinstance(inner, Growing):
                raise CannotEdit("what is to change goes already")
            plan = inner
        return plan

    def takes(self, plan: Members) -> bool:
        """Whether another plan for the same collection goes together with this one."""
        for at, change in plan.changes.items():
            there = self.changes.get(at)
            if isinstance(there, Growing) and isinstance(change, Members):
                if not there.takes(change):
                    return False
            elif there is not None and there != change:
                return False
        return all(self.names.get(at, name) == name for at, name in plan.names.items())

    def take(self, plan: Members) -> None:
        """Make another plan part of this one."""
        for at, change in plan.changes.items():
            if isinstance(change, Members):
                inner = self.changes.setdefault(at, Growing())
                assert isinstance(inner, Growing)
                inner.take(change)
            else:
                self.changes[at] = change
        for at, items in plan.added.items():
            self.size = at
            self.added += [item for item in items if item not in self.added]
        self.names |= plan.names

    def members(self) -> Members:
        """The plan as it is."""
        changes = {at: inner.members() if isinstance(inner, Growing) else inner for at, inner in self.changes.items()}
        return Members(changes, {self.size: tuple(self.added)} if self.added else {}, self.names)


def _plan(change: ProposedChange, places: Locator, plan: Growing) -> None:
    way = _way(places, change.path[1:])
    if isinstance(change, Put):
        _put(way, change, plan)
    elif isinstance(change, Add):
        _add(way, change, plan)
    else:
        _remove(way, plan)


def _way(places: Locator, path: Path) -> list[Place]:
    """The places along a path, which are all there and shared by nothing else."""
    way = list(places.walk(path))
    if len(way) <= len(path) or any(isinstance(place.node, Alias) or place.node.anchor for place in way):
        raise CannotEdit("the way is not there, or is shared")
    return way


def _put(way: list[Place], change: Put, plan: Growing) -> None:
    *above, place = way[1:]
    if change.is_key:
        plan.at(above).names[place.position] = change.text
        return
    _check_is_text(place.node)
    plan.at(above).changes[place.position] = Replace(from_value(change.text))


def _check_is_text(node: Node) -> None:
    if not isinstance(node, Scalar) or node.style in {"|", ">"} or node.tag or node.anchor:
        raise CannotEdit("the value is not plain text")


def _add(way: list[Place], change: Add, plan: Growing) -> None:
    node = way[-1].node
    if not isinstance(node, Mapping) or not node.content:
        raise CannotEdit("there is no mapping to add to")
    inner = plan.at(way[1:])
    there = next((at for at, (key, _) in enumerate(pairs(node)) if key.value == change.key), None)
    if there is None:
        inner.size = len(node.content) // 2
        inner.added.append((Text(change.key), Text(change.value)))
        return
    _check_is_text(node.content[2 * there + 1])
    inner.changes[there] = Replace(Text(change.value))


_MEMBER_OF_DOCUMENT = 2


def _remove(way: list[Place], plan: Growing) -> None:
    """Remove the last place of the way, or the nearest one above it that is no only child.

    The document keeps its keys: what would leave none of their values behind leaves ``{}``.
    """
    ours = way[1:] if len(way) == _MEMBER_OF_DOCUMENT else way[2:]
    for place in reversed(ours):
        if place.holder is not None and not _is_only_child(place.holder):
            plan.at(way[1 : way.index(place)]).changes[place.position] = REMOVE
            return
    if way[1].key is None:
        raise CannotEdit("a document is no part of one")
    plan.changes[way[1].position] = Replace(Branch((), is_mapping=True))


def _is_only_child(holder: Mapping | Sequence) -> bool:
    return len(holder.content) <= (2 if isinstance(holder, Mapping) else 1)
