"""What a strategic merge patch has to say for the values of a document to become others: deletions, and what is set then.

Talos appends the items of lists, so a list that changes is deleted and set. It refuses to delete from a map what is not
there, so a map that loses an entry is deleted and set, too, unless the patch is for a single use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.documents.encoder import encoded_member, is_empty
from talos_registry.documents.shapes import ANY, Leaf, MapOf, Struct, is_pointer
from talos_registry.patching.merging import MergeError, always_merged, merged

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Shape, Values

__all__ = ["DELETE", "Difference", "grows", "overlap", "united"]

DELETE = {"$patch": "delete"}
"""The statement that takes a value, or a whole document, away."""

Both = tuple[Any, Any]
"""What is to be deleted, and what is to be set after that."""


class Difference:
    """Compares values; ``once``: what is said need not hold when it is said again."""

    def __init__(self, *, once: bool) -> None:
        self._once = once

    def of_struct(self, struct: Struct, before: Values, after: Values) -> tuple[Values, Values]:
        """What becomes of the members of a struct."""
        deleted: Values = {}
        settled: Values = {}
        for key, shape in struct.fields.items():
            old, new = encoded_member(shape, before.get(key)), encoded_member(shape, after.get(key))
            if old != new:
                _note(deleted, settled, key, self._of_member(shape, old, new, replaces=key in struct.replaces))
        if struct.is_open:
            others = (
                {key: value for key, value in values.items() if key not in struct.fields} for values in (before, after)
            )
            more = self._of_entries(ANY, *others)
            deleted |= more[0]
            settled |= more[1]
        return deleted, _with_kept(struct, after, settled) if deleted or settled else settled

    def _of_member(self, shape: Shape, old: Any, new: Any, *, replaces: bool = False) -> Both:
        if is_empty(shape, new) and shape is not ANY:
            return DELETE, None
        if replaces:
            return None, new
        if isinstance(shape, MapOf) and self._can_extend(shape.item, old, new):
            return self._of_entries(shape.item, old, new)
        if isinstance(shape, Struct) and not shape.base64 and old is not None:
            return self.of_struct(shape, old, new) if self._loses_nothing(shape, old, new) else (DELETE, new)
        if shape is ANY and isinstance(old, dict) and isinstance(new, dict) and self._can_extend(ANY, old, new):
            return self._of_entries(ANY, old, new)
        is_enough = _merges_to(shape, old, new) and (self._once or not grows(shape, new))
        return (None, new) if is_enough else (DELETE, new)

    def _loses_nothing(self, struct: Struct, old: Values, new: Values) -> bool:
        """Whether a struct that takes any key can be changed key by key."""
        if not struct.is_open:
            return True
        return self._can_extend(
            ANY, *({k: v for k, v in values.items() if k not in struct.fields} for values in (old, new))
        )

    def _can_extend(self, item: Shape, old: Values, new: Values) -> bool:
        """Whether the entries of a map can be changed one by one."""
        if None in old.values() or None in new.values():
            return False
        if self._once:
            return True
        return old.keys() <= new.keys() and not any(grows(item, new[key]) for key in new.keys() - old.keys())

    def _of_entries(self, item: Shape, old: Values, new: Values) -> tuple[Values, Values]:
        deleted: Values = dict.fromkeys((key for key in old if key not in new), DELETE)
        settled: Values = {}
        for key, entry in new.items():
            if key not in old:
                settled[key] = entry
            elif entry != old[key]:
                _note(deleted, settled, key, self._of_entry(item, old[key], entry))
        return deleted, settled

    def _of_entry(self, item: Shape, old: Any, new: Any) -> Both:
        """An entry stays one when it is empty, too."""
        if is_empty(item, new) and not isinstance(item, Struct | MapOf):
            return DELETE, new
        return self._of_member(item, old, new)


def _merges_to(shape: Shape, old: Any, new: Any) -> bool:
    """Whether it is enough to set the new value."""
    try:
        return bool(merged(shape, old, new) == new)
    except MergeError:
        return False


def grows(shape: Shape, value: Any) -> bool:
    """Whether a value is another one after it is merged into itself."""
    return not _merges_to(shape, value, value)


def _with_kept(struct: Struct, after: Values, settled: Values) -> Values:
    """The same with what Talos would reset where a patch that speaks of the struct does not set it."""
    kept = dict(settled)
    for key, shape in struct.fields.items():
        value = after.get(key)
        if not always_merged(shape) or is_pointer(shape) or is_empty(shape, value):
            continue
        if isinstance(shape, Leaf):
            kept[key] = encoded_member(shape, value)
        elif isinstance(shape, Struct):
            kept[key] = _with_kept(shape, value or {}, settled.get(key, {}))
    return kept


def _note(deleted: Values, settled: Values, key: str, both: Both) -> None:
    gone, new = both
    if gone:
        deleted[key] = gone
    if new is not None and (new != {} or not gone):
        settled[key] = new


def overlap(deleted: Values, settled: Values) -> bool:
    """Whether one mapping cannot say both."""
    for key in deleted.keys() & settled.keys():
        if deleted[key] is DELETE or not isinstance(settled[key], dict) or overlap(deleted[key], settled[key]):
            return True
    return False


def united(deleted: Values, settled: Values) -> Values:
    """Both in one mapping."""
    both = {key: united(deleted[key], settled[key]) for key in deleted.keys() & settled.keys()}
    return {**deleted, **settled, **both}
