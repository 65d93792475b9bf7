"""Canonical documents with what only the text knows put back: comments, blank lines, anchors and aliases."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.emitter import Branch, Text, Written
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, pairs
from talos_registry.goyaml.representer import from_node
from talos_registry.goyaml.tags import is_null, resolved, scalar_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.formatting.notes import Notes
    from talos_registry.versions import Release

__all__ = ["Annotation", "hoisted"]

_Entry = tuple[Text, Written]


class Annotation:
    """Puts back what stands in one document of the text ``source``.

    Not ``in_order``: keys stay in the order of the text, for the sake of aliases that come after their anchors.
    """

    def __init__(self, notes: Notes, source: str, release: Release, *, in_order: bool) -> None:
        self._notes = notes
        self._source = source
        self._release = release
        self._in_order = in_order

    def of(self, leaf: Written, node: Node) -> Written:
        """The canonical ``leaf`` as ``node`` has it; what is above or beside the node is left to its parent."""
        if isinstance(node, Alias):
            return Text(node.value, "*")
        if isinstance(leaf, Branch):
            prefix = f"&{node.anchor} " if node.anchor else ""
            if isinstance(node, Mapping) and leaf.is_mapping:
                return self._mapping(leaf, node)._replace(prefix=prefix)
            if isinstance(node, Sequence) and not leaf.is_mapping:
                return self._sequence(leaf, node)._replace(prefix=prefix)
        elif isinstance(node, Scalar) and node.anchor:
            return from_node(node, self._source, self._release)._replace(comment="")  # an alias can need it as it is
        return leaf

    def _mapping(self, branch: Branch, node: Mapping) -> Branch:
        canonical: dict[str, _Entry] = {key.value: (key, value) for key, value in branch.items}
        entries: dict[str, _Entry] = {}
        waiting: list[str] = []
        for key, value in pairs(node):
            name = scalar_text(resolved(key))  # type: ignore[arg-type]  # no other keys are decoded
            if name in canonical:
                entries[name] = self._entry(canonical[name], key, value, waiting)
                waiting = []
            else:
                waiting += [*self._notes.all(key), *self._notes.all(value)]
        order = canonical if self._in_order else dict.fromkeys([*entries, *canonical])
        items = tuple(entries.get(name, canonical[name]) for name in order)
        return branch._replace(items=items, foot=(*waiting, *self._notes.foot(node)))

    def _entry(self, canonical: _Entry, key: Node, value: Node, above: list[str]) -> _Entry:
        notes = self._notes
        lead, beside = [*above, *notes.lead(key)], [notes.side(key)]
        leaf = self.of(canonical[1], value)
        if not _has_members(value):
            lead += notes.lead(value)
            beside.append(notes.side(value))
        elif not (isinstance(leaf, Branch) and leaf.items):
            lead += notes.all(value)
        *others, comment = [*filter(None, beside)] or [""]
        name = self.of(canonical[0], key)
        return name._replace(lead=(*lead, *others)), leaf._replace(comment=comment)  # type: ignore[return-value]  # a key is text

    def _sequence(self, branch: Branch, node: Sequence) -> Branch:
        if sum(not is_null(item) for item in node.content) != len(branch.items):
            return branch._replace(foot=tuple(self._notes.all(node)))  # Talos skips some items; who knows which
        items: list[Written] = []
        waiting: list[str] = []
        for item in node.content:
            if is_null(item):
                waiting += self._notes.all(item)
            else:
                items.append(self._item(branch.items[len(items)], item, waiting))
                waiting = []
        return branch._replace(items=tuple(items), foot=(*waiting, *self._notes.foot(node)))

    def _item(self, canonical: Written, node: Node, above: Iterable[str]) -> Written:
        """An item with everything that is above its first line, which is that of its first member, above it."""
        lead = (*above, *self._notes.first_lead(node))
        leaf = self.of(canonical, node)
        if not _has_members(node):
            return leaf._replace(lead=lead, comment=self._notes.side(node))
        inner, leaf = hoisted(leaf) if isinstance(leaf, Branch) else ((), leaf)
        return leaf._replace(lead=(*lead, *inner))


def _has_members(node: Node) -> bool:
    return isinstance(node, Mapping | Sequence) and bool(node.content)


def hoisted(branch: Branch) -> tuple[tuple[str, ...], Branch]:
    """What is above the first member of a mapping, and the mapping without it."""
    if not (branch.is_mapping and branch.items):
        return (), branch
    (key, value), *others = branch.items
    return key.lead, branch._replace(items=((key._replace(lead=()), value), *others))
