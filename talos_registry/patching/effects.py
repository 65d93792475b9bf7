"""What patches do to a config, document by document and value by value."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.arguments import refuse_text
from talos_registry.documents.encoder import encoded
from talos_registry.documents.shapes import ANY, MapOf, Struct
from talos_registry.masking import mask_path, masked_repr
from talos_registry.patching.documents import drafts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.loading import MachineConfig
    from talos_registry.patching.documents import Draft

__all__ = ["Effect", "ValueChange", "effects", "patch_effects", "repeats"]


class ValueChange(NamedTuple):
    """A value of a document before and after.

    Both can be secret, or hold secrets, so that the ``repr`` shows neither.

    Attributes:
        path: keys and list indices (from 0) inside the document.
        old: the plain value before, None where it is not set.
        new: the plain value afterwards, None where it is not set.
    """

    path: Path
    old: Any
    new: Any

    def __repr__(self) -> str:
        return f"ValueChange(path={mask_path(self.path)!r}, old=***, new=***)"


class Effect(NamedTuple):
    """What becomes of one document.

    Attributes:
        what: ``"adds"``, ``"removes"`` or ``"changes"``.
        kind: that of the document.
        name: that of the document, "" without one.
        changes: each value that changes.
    """

    what: str
    kind: str
    name: str
    changes: tuple[ValueChange, ...] = ()

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


def patch_effects(config: MachineConfig, patches: Iterable[str | bytes]) -> tuple[Effect, ...]:
    """What the patches, applied in order, do to a config: its documents first, then those that are new.

    Args:
        config: what ``parse`` made of the file.
        patches: as for ``apply_patches``.

    Raises:
        PatchError, TypeError: as ``apply_patches``.
    """
    from talos_registry.patching.applying import apply_patches

    refuse_text("patch_effects", "the texts of patches as a collection", patches)
    return effects(config, apply_patches(config, patches))


def effects(before: MachineConfig, after: MachineConfig) -> tuple[Effect, ...]:
    """How two configs differ: first the documents of ``before``, then those that are new.

    Raises:
        PatchError: if Talos cannot load one of them.
    """
    old, new = drafts_of(before), _drafts_or_none(after)
    candidates = (_effect(old.get(key), new.get(key)) for key in {**old, **new})
    return tuple(effect for effect in candidates if effect is not None)


def _drafts_or_none(config: MachineConfig) -> dict[str, Draft]:
    """The documents of a config, which may have lost all of them."""
    return drafts_of(config) if config.entries else {}


def _effect(old: Draft | None, new: Draft | None) -> Effect | None:
    draft = old or new
    assert draft is not None
    _, kind, *name = draft.key.split("/", 2)
    named = (kind, name[0] if name else "")
    if old is None or new is None:
        return Effect("adds" if old is None else "removes", *named)
    struct = old.struct
    if struct is None or old.values is None or new.values is None:
        return None if old.content == new.content else Effect("changes", *named)
    changes = [*_changes(struct, encoded(struct, old.values), encoded(struct, new.values), ())]
    return Effect("changes", *named, tuple(changes)) if changes else None


def _changes(shape: Shape, old: Values, new: Values, path: Path) -> Iterator[ValueChange]:
    """The values that differ, member by member as deep as both are mappings."""
    for key in {**(shape.fields if isinstance(shape, Struct) else {}), **old, **new}:
        before, after = old.get(key), new.get(key)
        if before == after:
            continue
        inner = (
            shape.fields.get(key, ANY) if isinstance(shape, Struct) else shape.item if isinstance(shape, MapOf) else ANY
        )
        if isinstance(before or after, dict) and isinstance(after or before, dict):
            yield from _changes(inner, before or {}, after or {}, (*path, key))
        else:
            yield ValueChange((*path, key), before, after)


def repeats(before: MachineConfig, after: MachineConfig) -> bool:
    """Whether a list of ``after`` has an item more often than that of ``before``, which has it already.

    Raises:
        PatchError: if Talos cannot load one of them.
    """
    lists = (change for effect in effects(before, after) for change in effect.changes if isinstance(change.new, list))
    return any(_repeats(change.old or [], change.new) for change in lists)


def _repeats(old: list[Any], new: list[Any]) -> bool:
    before, after = (Counter(map(repr, items)) for items in (old, new))
    return any(after[item] > count for item, count in before.items())
