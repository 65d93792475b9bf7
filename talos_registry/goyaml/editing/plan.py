"""What is to become of the nodes of a document, and the cuts in its text that make it so."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from talos_registry.goyaml.emitter import Branch, Text, Written
from talos_registry.goyaml.nodes import Mapping, Sequence, last_node

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as MappingOf

    from talos_registry.goyaml.nodes import Node

__all__ = [
    "REMOVE",
    "CannotEdit",
    "Cut",
    "Item",
    "Member",
    "Members",
    "Plan",
    "Removal",
    "Replace",
    "count",
    "last_left",
    "left_before",
    "member",
    "members",
    "settled",
    "with_cuts",
]

Item: TypeAlias = "Written | tuple[Text, Written]"
"""What is added to a collection: an item, or a key with its value."""


class CannotEdit(ValueError):  # noqa: N818 - it says what cannot be done, and is no bug
    """A change that the text has no room for, as it is laid out."""


class Replace(NamedTuple):
    """Another value in the place of a node."""

    leaf: Written


class Removal(NamedTuple):
    """The member, an item or a key with its value, is taken out."""


REMOVE = Removal()


class Members(NamedTuple):
    """What becomes of the members of a collection, counted from 0 as they stand in the text.

    ``added``: new members, by the position of the one that they come before. ``names``: other keys for members of a
    mapping.
    """

    changes: MappingOf[int, Plan] = MappingProxyType({})
    added: MappingOf[int, tuple[Item, ...]] = MappingProxyType({})
    names: MappingOf[int, str] = MappingProxyType({})


Plan: TypeAlias = Replace | Removal | Members


class Cut(NamedTuple):
    """``text`` in the place of what stands between two offsets."""

    begin: int
    end: int
    text: str


def with_cuts(text: str, cuts: Iterable[Cut], begin: int = 0, end: int | None = None) -> str:
    """The part of a text between two offsets with all cuts made; cuts at one place are made in the order given.

    Raises:
        CannotEdit: if two cuts overlap.
    """
    parts, done = [], begin
    for cut in sorted(cuts, key=lambda cut: cut[:2]):
        if cut.begin < done:
            raise CannotEdit("two changes overlap")
        parts += [text[done : cut.begin], cut.text]
        done = cut.end
    return "".join([*parts, text[done:end]])


class Member(NamedTuple):
    """The first and the last node of a pair, or the one of an item."""

    first: Node
    last: Node

    @property
    def start(self) -> int:
        """Where it begins, a dash before it left out."""
        return self.first.start_mark.index


def members(node: Mapping | Sequence) -> list[Member]:
    """The members of a collection, in the order of the text."""
    return [member(node, at) for at in range(count(node))]


def member(node: Mapping | Sequence, at: int) -> Member:
    """One member of a collection."""
    if isinstance(node, Mapping):
        return Member(node.content[2 * at], node.content[2 * at + 1])
    return Member(node.content[at], node.content[at])


def count(node: Mapping | Sequence) -> int:
    """How many members a collection has."""
    return len(node.content) // (2 if isinstance(node, Mapping) else 1)


def last_left(node: Node, plan: Plan | None) -> Node | Item | None:
    """What a node ends with when its plan has come true: a node of its own, or something new; None if it is removed."""
    plan = plan and settled(node, plan)
    if isinstance(plan, Removal):
        return None
    if isinstance(plan, Replace):
        return plan.leaf
    if plan is None or not isinstance(node, Mapping | Sequence) or node.flow:
        return last_node(node)
    return left_before(node, plan, count(node))


def left_before(node: Mapping | Sequence, plan: Members, at: int) -> Node | Item | None:
    """What is right before the member ``at`` when a plan has come true; None if no other member is."""
    while at and at not in plan.added and plan.changes.get(at - 1) is REMOVE:
        at -= 1
    if at in plan.added:
        return plan.added[at][-1]
    return last_left(member(node, at - 1).last, plan.changes.get(at - 1)) if at else None


def settled(node: Node, plan: Plan) -> Plan:
    """The plan; a collection of which no member is left is replaced.

    Raises:
        CannotEdit: if members of what has none are to change.
    """
    if not isinstance(plan, Members):
        return plan
    if not isinstance(node, Mapping | Sequence):
        raise CannotEdit("what is to change holds no members")
    if sum(change is REMOVE for change in plan.changes.values()) < count(node):
        return plan
    added = tuple(item for at in sorted(plan.added) for item in plan.added[at])
    return Replace(Branch(added, is_mapping=isinstance(node, Mapping)))
