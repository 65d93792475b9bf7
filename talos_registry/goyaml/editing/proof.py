"""The proof that an edit changed what its plan says, and nothing else: every other node is as it was, decoded or not."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import comments
from talos_registry.goyaml.editing.plan import REMOVE, Members, Replace, members, settled
from talos_registry.goyaml.emitter import Branch, Text
from talos_registry.goyaml.nodes import Alias, Mapping, Sequence
from talos_registry.goyaml.scalars import resolve_plain
from talos_registry.goyaml.tags import scalar_tag

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml.editing.plan import Cut, Item, Member, Plan
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node

__all__ = ["difference", "is_planned", "keeps_comments"]


def is_planned(documents: Iterable[tuple[Node, Plan | None, Node]], *, shared: bool = False) -> bool:
    """Whether each document, by its root before and after, differs as its plan says, or not at all without one.

    An alias has to stand for what it stood for; with ``shared`` members of that may have changed as planned.
    """
    comparison = _Comparison(shared=shared)
    return all(comparison.is_planned(*document) for document in documents) and comparison.keeps_aliases()


class _Comparison:
    def __init__(self, *, shared: bool) -> None:
        self._shared = shared
        self._same: dict[int, Node] = {}
        """What has become of the nodes that aliases may stand for, by their identity."""
        self._aliases: list[tuple[Alias, Alias]] = []
        self._waiting: list[tuple[Node, Plan | None, Node]] = []

    def is_planned(self, old: Node, plan: Plan | None, new: Node) -> bool:
        self._waiting = [(old, plan, new)]
        while self._waiting:
            if not self._compare(*self._waiting.pop()):
                return False
        return True

    def keeps_aliases(self) -> bool:
        return all(self._same.get(id(old.target)) is new.target for old, new in self._aliases)

    def _compare(self, old: Node, plan: Plan | None, new: Node) -> bool:
        plan = None if plan is None else settled(old, plan)
        if isinstance(plan, Replace):
            if self._shared:
                self._same[id(old)] = new
            return _reads_as(new, plan.leaf)
        if type(old) is not type(new) or (old.tag, old.anchor, old.value) != (new.tag, new.anchor, new.value):
            return False
        if plan is None or self._shared:
            self._same[id(old)] = new
        if isinstance(old, Alias) and isinstance(new, Alias):
            self._aliases.append((old, new))
        elif isinstance(old, Mapping | Sequence) and isinstance(new, Mapping | Sequence):
            return self._compare_members(old, plan if isinstance(plan, Members) else Members(), new)
        return isinstance(old, Mapping | Sequence | Alias) or scalar_tag(old) == scalar_tag(new)  # type: ignore[arg-type]  # a scalar like the other

    def _compare_members(self, old: Mapping | Sequence, plan: Members, new: Mapping | Sequence) -> bool:
        left = iter(members(new))
        for at, member in enumerate(members(old)):
            if not all(_is_item(next(left, None), item) for item in plan.added.get(at, ())):
                return False
            if plan.changes.get(at) is REMOVE:
                continue
            now = next(left, None)
            if now is None:
                return False
            if member.first is not member.last and at not in plan.names:
                self._waiting.append((member.first, None, now.first))
            elif at in plan.names and now.first.value != plan.names[at]:
                return False
            self._waiting.append((member.last, plan.changes.get(at), now.last))
        last = plan.added.get(len(members(old)), ())
        return all(_is_item(next(left, None), item) for item in last) and next(left, None) is None


def _is_item(member: Member | None, item: Item) -> bool:
    """Whether a member is what was to be added."""
    if member is None:
        return False
    if isinstance(item, Text | Branch):
        return _reads_as(member.last, item)
    key, value = item
    return _reads_as(member.first, key) and _reads_as(member.last, value)


def _reads_as(node: Node, leaf: Written) -> bool:
    """Whether a node is what was to be written."""
    if isinstance(leaf, Branch):
        if not isinstance(node, Mapping if leaf.is_mapping else Sequence):
            return False
        present = members(node)
        return len(present) == len(leaf.items) and all(map(_is_item, present, leaf.items))
    if isinstance(node, Mapping | Sequence):
        return False
    if leaf.style == "*" or isinstance(node, Alias):
        return leaf.style == "*" and isinstance(node, Alias) and node.value == leaf.value
    tag = "!!str" if leaf.style else resolve_plain(leaf.value)
    return node.value == leaf.value and (bool(leaf.prefix) or scalar_tag(node) == tag)


def keeps_comments(before: tuple[str, Iterable[Node]], cuts: Iterable[Cut], after: tuple[str, Iterable[Node]]) -> bool:
    """Whether every comment of a text, given with the roots of its documents, is there afterwards, unless a cut took it out."""
    text, roots = before
    new_text, new_roots = after
    kept = _kept_comments(text, roots, sorted((cut.begin, cut.end) for cut in cuts))
    left = (new_text[begin:end].rstrip() for begin, end in comments(new_roots, new_text))
    return all(count < 0 for count in difference(kept, left).values())


def _kept_comments(text: str, roots: Iterable[Node], bounds: list[tuple[int, int]]) -> Iterator[str]:
    """The comments of a text that no cut takes out; ``bounds`` are those of the cuts, in order."""
    at = 0
    for begin, end in comments(roots, text):
        while at < len(bounds) and bounds[at][1] <= begin:
            at += 1
        if at == len(bounds) or bounds[at][0] >= end:
            yield text[begin:end].rstrip()


def difference(old: Iterable[str], new: Iterable[str]) -> dict[str, int]:
    """How many more of each text there are in ``old`` than in ``new``, where that is not the same number.

    What is in nearly the same order on both sides takes next to no memory.
    """
    surplus: dict[str, int] = {}
    for before, after in zip_longest(old, new):
        if before == after:
            continue
        for text, change in ((before, 1), (after, -1)):
            if text is None:
                continue
            count = surplus.pop(text, 0) + change
            if count:
                surplus[text] = count
    return surplus
