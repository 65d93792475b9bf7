"""What patches make of the values of a document, as a plan for its text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded_member
from talos_registry.documents.shapes import ANY, ListOf, MapOf, Struct
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


def plan_of(root: Node, struct: Struct, before: Values, after: Values, release: Release) -> Members:
    """The plan that changes the values of a document, ``before``, to ``after``.

    Raises:
        CannotEdit: if a value comes from where it is not to be changed, such as a merge key.
    """
    if not isinstance(root, Mapping):
        raise CannotEdit("the document is no mapping")
    plan = _Planning(release).mapping(root, struct, before, after)
    if struct.go != legacy.GO or not legacy.MARKS.isdisjoint(after):
        return plan
    left = {_name(key) for at, (key, _) in enumerate(pairs(root)) if plan.changes.get(at) is not REMOVE}
    return _with_mark(plan, root, release) if legacy.MARKS.isdisjoint(left) else plan


def _with_mark(plan: Members, root: Mapping, release: Release) -> Members:
    """A plan for the kind-less document that leaves it a key to be known by, as Talos writes it."""
    end = len(root.content) // 2
    mark = from_value({"machine": None}, release).items  # type: ignore[union-attr]  # of a dict comes a branch
    return plan._replace(added={**plan.added, end: (*plan.added.get(end, ()), *mark)})


class _Planning:
    def __init__(self, release: Release) -> None:
        self._release = release

    def mapping(self, node: Mapping, shape: Struct | MapOf, before: Values, after: Values) -> Members:
        """The changes of the members of a mapping."""
        places = {_name(key): at for at, (key, _) in reversed(list(enumerate(pairs(node))))}
        nodes = node.content[1::2]
        changes: dict[int, Plan] = {}
        added: list[Any] = []
        for key in {**before, **after}:
            inner = shape.fields.get(key, ANY) if isinstance(shape, Struct) else shape.item
            if _is_same(inner, before.get(key), after.get(key)) and not _comes_or_goes(shape, key, before, after):
                continue
            if key not in places and key not in after:
                raise CannotEdit("the key is spelled otherwise")
            if key not in places:
                added += self._leaf({key: encoded_member(inner, after[key])}).items  # type: ignore[union-attr]  # of a dict comes a branch
            elif key in after or (isinstance(shape, Struct) and key in shape.always):
                changes[places[key]] = self._value(nodes[places[key]], inner, before.get(key), after.get(key))
            else:
                changes[places[key]] = REMOVE
        return Members(changes, {len(nodes): tuple(added)} if added else {})

    def _value(self, node: Node, shape: Shape, before: Any, after: Any) -> Plan:
        shape = _shape_of(shape, before, after)
        if isinstance(node, Mapping) and isinstance(shape, Struct | MapOf) and _keeps_a_member(node, before, after):
            return self.mapping(node, shape, before, after)
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
        kept = kept_items([repr(_sorted(item)) for item in before], [repr(_sorted(item)) for item in after])
        if not kept and not (before and after and _is_one_item(before[0], after[0])):
            return None
        changes: dict[int, Plan] = {}
        added: dict[int, tuple[Written, ...]] = {}
        old_done = new_done = 0
        for old, new in [*kept, (len(before), len(after))]:
            for at in range(old_done, old):
                changes[places[at]] = REMOVE
            while old_done < old and new_done < new and _is_one_item(before[old_done], after[new_done]):
                place = places[old_done]
                changes[place] = self._value(node.content[place], shape.item, before[old_done], after[new_done])
                old_done, new_done = old_done + 1, new_done + 1
            if new_done < new:
                position = places[old] if old < len(before) else len(node.content)
                added[position] = self._leaves(encoded_member(shape, after[new_done:new]))
            old_done, new_done = old + 1, new + 1
        return Members(changes, added)

    def _leaves(self, items: Iterable[Any]) -> tuple[Written, ...]:
        return tuple(map(self._leaf, items))

    def _leaf(self, value: Any) -> Written:
        return from_value(value, self._release)


def _shape_of(shape: Shape, before: Any, after: Any) -> Shape:
    """The shape of two values: of anything, what both are."""
    if shape is not ANY:
        return shape
    if isinstance(before, dict) and isinstance(after, dict):
        return MapOf(ANY)
    return ListOf(ANY) if isinstance(before, list) and isinstance(after, list) else shape


def _name(key: Node) -> str:
    target = resolved(key)
    return "" if isinstance(target, Mapping | Sequence) else scalar_text(target)


def _is_same(shape: Shape, before: Any, after: Any) -> bool:
    return bool(before == after or encoded_member(shape, before) == encoded_member(shape, after))


def _comes_or_goes(shape: Struct | MapOf, key: str, before: Values, after: Values) -> bool:
    """Whether it is a change that a key is there or not: in a map, and in anything."""
    is_map = isinstance(shape, MapOf) or key not in shape.fields
    return is_map and (key in before) != (key in after)


def _sorted(value: Any) -> Any:
    """A value whose keys are in an order of their own: a JSON Patch leaves them in another than the file."""
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value)}
    return [*map(_sorted, value)] if isinstance(value, list) else value


def _is_one_item(before: Any, after: Any) -> bool:
    """Whether an item of a list is the same one changed: it has something in common with what it was."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return any(key in after and after[key] == value for key, value in before.items())


def _keeps_a_member(node: Mapping, before: Any, after: Any) -> bool:
    """Whether a mapping is changed member by member, because not all that stands in it goes."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return False
    return any(name in after or name not in before for name in (_name(key) for key, _ in pairs(node)))
