"""What patches make of the values of a document, as a plan for its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.documents.encoder import encoded_member
from talos_registry.documents.shapes import ListOf, MapOf, Struct
from talos_registry.goyaml.editing import REMOVE, CannotEdit, Members, Replace
from talos_registry.goyaml.nodes import Mapping, Sequence, pairs
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.tags import is_null, resolved, scalar_text
from talos_registry.patching.alignment import kept_items

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node
    from talos_registry.versions import Release

__all__ = ["plan_of"]

Steps = tuple[str, ...]


def plan_of(
    root: Node, struct: Struct, before: Values, after: Values, emptied: frozenset[Steps], release: Release
) -> Members:
    """The plan that changes the values of a document, ``before``, to ``after``.

    What the values do not speak of stays, but for the parts ``emptied``: of them nothing does.

    Raises:
        CannotEdit: if a value comes from where it is not to be changed, such as a merge key.
    """
    if not isinstance(root, Mapping):
        raise CannotEdit("the document is no mapping")
    return _Planning(emptied, release).mapping(root, struct, before, after, ())


class _Planning:
    def __init__(self, emptied: frozenset[Steps], release: Release) -> None:
        self._emptied = emptied
        self._on_the_way = {path[:depth] for path in emptied for depth in range(len(path) + 1)}
        self._release = release

    def mapping(self, node: Mapping, shape: Struct | MapOf, before: Values, after: Values, path: Steps) -> Members:
        """The changes of the members of a mapping."""
        places = {_name(key): at for at, (key, _) in reversed(list(enumerate(pairs(node))))}
        nodes = node.content[1::2]
        changes: dict[int, Plan] = {}
        added: list[Any] = []
        for key in {**before, **after}:
            here, inner = (*path, key), shape.fields[key] if isinstance(shape, Struct) else shape.item
            if _is_same(inner, before.get(key), after.get(key)) and here not in self._on_the_way:
                continue
            if key not in places and key not in after:
                raise CannotEdit("the key is spelled otherwise")
            if key not in places:
                added += self._leaf({key: encoded_member(inner, after[key])}).items  # type: ignore[union-attr]  # of a dict comes a branch
            elif key in after or (isinstance(shape, Struct) and key in shape.always):
                changes[places[key]] = self._value(nodes[places[key]], inner, before.get(key), after.get(key), here)
            else:
                changes[places[key]] = REMOVE
        return Members(changes, {len(nodes): tuple(added)} if added else {})

    def _value(self, node: Node, shape: Shape, before: Any, after: Any, path: Steps) -> Plan:
        if path not in self._emptied:
            if isinstance(node, Mapping) and isinstance(shape, Struct | MapOf) and _keeps_a_member(node, before, after):
                return self.mapping(node, shape, before, after, path)
            if isinstance(node, Sequence) and isinstance(shape, ListOf):
                items = self._items(node, shape, before or [], after or [])
                if items is not None:
                    return items
        return Replace(self._leaf(encoded_member(shape, after)))

    def _items(self, node: Sequence, shape: ListOf, before: list[Any], after: list[Any]) -> Members | None:
        """The changes of the items of a list; None if none of them is kept."""
        places = [at for at, item in enumerate(node.content) if not is_null(item)]
        if len(places) != len(before):
            raise CannotEdit("the items are not those that count")
        kept = kept_items([repr(item) for item in before], [repr(item) for item in after])
        if not kept:
            return None
        stays = {at for at, _ in kept}
        changes: dict[int, Plan] = {place: REMOVE for at, place in enumerate(places) if at not in stays}
        added: dict[int, tuple[Written, ...]] = {}
        done = 0
        for old, new in [*kept, (len(before), len(after))]:
            if done < new:
                position = places[old] if old < len(before) else len(node.content)
                added[position] = self._leaves(encoded_member(shape, after[done:new]))
            done = new + 1
        return Members(changes, added)

    def _leaves(self, items: Iterable[Any]) -> tuple[Written, ...]:
        return tuple(map(self._leaf, items))

    def _leaf(self, value: Any) -> Written:
        return from_value(value, self._release)


def _name(key: Node) -> str:
    target = resolved(key)
    return "" if isinstance(target, Mapping | Sequence) else scalar_text(target)


def _is_same(shape: Shape, before: Any, after: Any) -> bool:
    return bool(before == after or encoded_member(shape, before) == encoded_member(shape, after))


def _keeps_a_member(node: Mapping, before: Any, after: Any) -> bool:
    """Whether a mapping is changed member by member, because not all that stands in it goes."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return any(name in after or name not in before for name in (_name(key) for key, _ in pairs(node)))
