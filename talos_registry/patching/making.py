"""A patch that turns one config into another, and does nothing when it is applied again.

Talos appends the items of lists, so a list that changes is deleted and set; and it refuses to delete from maps and
lists what is not there, so only whole fields and whole documents are deleted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import PatchError
from talos_registry.documents import KINDS, legacy
from talos_registry.documents.encoder import encoded, encoded_member, is_empty
from talos_registry.documents.shapes import ListOf, MapOf, Struct
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value
from talos_registry.patching.applying import apply_patches
from talos_registry.patching.documents import drafts_of, struct_of
from talos_registry.patching.elsewhere import is_same_elsewhere
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.loading import MachineConfig
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["make_patch"]

_DELETE = {"$patch": "delete"}


def make_patch(before: MachineConfig, after: MachineConfig) -> str:
    """The text of a strategic merge patch for the Talos of ``before``: applied to ``before`` it gives ``after``.

    Applied again it changes nothing. It speaks of what differs; where only a part differs that this library does not
    decode, it replaces the whole document. The order of documents means nothing to Talos and is not compared.

    Raises:
        PatchError: if there is no such patch, or Talos cannot load one of the configs.
    """
    release = release_of(before.talos_version)
    old, new = drafts_of(before), drafts_of(after)
    texts = [text for key in {**old, **new} for text in _texts(old.get(key), new.get(key), release)]
    patch = "---\n".join(texts) if texts else _nothing(old.values())
    _prove(before, new, patch)
    return patch


def _texts(old: Draft | None, new: Draft | None, release: Release) -> Iterator[str]:
    """The documents of a patch that turn one document into another, or none into one, or one into none."""
    if new is None:
        assert old is not None
        yield _document(old, _DELETE, release)
    elif old is None:
        if not release.checks_patches and _would_grow(new):
            yield _document(new, _DELETE, release)
        yield _whole(new, release)
    elif old.content != new.content or not is_same_elsewhere(old, new, release):
        yield from _changes(old, new, release)


def _changes(old: Draft, new: Draft, release: Release) -> Iterator[str]:
    struct = struct_of(new.kind)
    if struct is None or old.values is None or new.values is None or not is_same_elsewhere(old, new, release):
        yield from (_document(old, _DELETE, release), _whole(new, release))
        return
    deleted, settled = _difference(struct, old.values, new.values)
    if not _overlap(deleted, settled):
        yield _document(new, _united(deleted, settled), release)
    elif release.checks_patches and struct is not legacy.CONFIG:  # it takes no document twice
        yield from (_document(old, _DELETE, release), _whole(new, release))
    else:
        yield from (_document(new, deleted, release), _document(new, settled, release))


# Documents of a patch


def _document(draft: Draft, members: Values, release: Release) -> str:
    """What a patch says about a document: whose, and what."""
    if draft.kind == legacy.KIND and members is not _DELETE and legacy.MARKS.isdisjoint(members):
        members = {**members, "machine": {}}
    return write(from_value({**_header(draft, is_whole=members is _DELETE), **members}, release))


def _header(draft: Draft, *, is_whole: bool) -> Values:
    """What Talos finds a document by; the kind-less one needs empty text where it is deleted as a whole."""
    if draft.kind == legacy.KIND:
        return {"apiVersion": "", "kind": ""} if is_whole else {}
    api_version, kind, *name = draft.key.split("/", 2)
    return {"apiVersion": api_version, "kind": kind, **({"name": name[0]} if name else {})}


def _whole(draft: Draft, release: Release) -> str:
    """A document as a part of a patch; what is not one of the typed kinds keeps its text."""
    if draft.kind in KINDS and draft.values is not None:
        return write(from_value(encoded(KINDS[draft.kind].struct, draft.values), release))
    return draft.text.strip(" \t\r\n") + "\n"


def _would_grow(draft: Draft) -> bool:
    """Whether a document is not the same after it is merged into itself."""
    if draft.kind not in KINDS or draft.values is None:
        return True
    return any(isinstance(member, list) and member for member in draft.values.values())


def _nothing(drafts: Iterable[Draft]) -> str:
    """A patch that does nothing, which an empty text does only for a single document."""
    for draft in drafts:
        if draft.kind in KINDS:
            return "# nothing to change\n" + write(from_value(_header(draft, is_whole=False)))
        if draft.values is not None and draft.values.get("machine") is not None:
            return "# nothing to change\nmachine: {}\n"
    return ""


# What differs


def _difference(struct: Struct, before: Values, after: Values) -> tuple[Values, Values]:
    """What is to be deleted, and what is to be set after that."""
    deleted: Values = {}
    settled: Values = {}
    for key, shape in struct.fields.items():
        old, new = encoded_member(shape, before.get(key)), encoded_member(shape, after.get(key))
        if old != new:
            _note(deleted, settled, key, _member_difference(shape, old, new))
    return deleted, settled


def _member_difference(shape: Shape, old: Any, new: Any) -> tuple[Any, Any]:
    if is_empty(shape, new):
        return _DELETE, None
    if isinstance(shape, Struct) and not shape.base64 and old is not None:
        return _difference(shape, old, new)
    if isinstance(shape, MapOf) and isinstance(shape.item, Struct) and _is_extended(shape.item, old, new):
        return _entries_difference(shape.item, old, new)
    return _DELETE if isinstance(shape, ListOf | MapOf) else None, new


def _is_extended(item: Struct, old: Values, new: Values) -> bool:
    """Whether entries can be changed one by one, as often as one likes."""
    if None in old.values() or None in new.values() or not old.keys() <= new.keys():
        return False
    return old.keys() == new.keys() or not any(isinstance(shape, ListOf) for shape in item.fields.values())


def _entries_difference(item: Struct, old: Values, new: Values) -> tuple[Values, Values]:
    deleted: Values = {}
    settled: Values = {}
    for key, entry in new.items():
        if key not in old:
            settled[key] = entry
        elif entry != old[key]:
            _note(deleted, settled, key, _difference(item, old[key], entry))
    return deleted, settled


def _note(deleted: Values, settled: Values, key: str, difference: tuple[Any, Any]) -> None:
    gone, new = difference
    if gone:
        deleted[key] = gone
    if new is not None and (new != {} or not gone):
        settled[key] = new


def _overlap(deleted: Values, settled: Values) -> bool:
    """Whether one mapping cannot say both."""
    for key in deleted.keys() & settled.keys():
        if deleted[key] is _DELETE or not isinstance(settled[key], dict) or _overlap(deleted[key], settled[key]):
            return True
    return False


def _united(deleted: Values, settled: Values) -> Values:
    both = {key: _united(deleted[key], settled[key]) for key in deleted.keys() & settled.keys()}
    return {**deleted, **settled, **both}


# Proof


def _prove(before: MachineConfig, new: dict[str, Draft], patch: str) -> None:
    """Refuse a patch that does not do what it is for, once and again."""
    wanted, result = _contents(new), before
    for times in ("once", "twice"):
        try:
            result = apply_patches(result, [patch])
        except PatchError as error:
            raise PatchError(f"no patch that can be applied again does this: {error}") from None
        reached = _contents(drafts_of(result))
        for key in {**wanted, **reached}:
            if reached.get(key) != wanted.get(key):
                message = f"no patch that can be applied again does this: applied {times}, it leaves another {key}"
                raise PatchError(f"{message}, because Talos {before.talos_version} {_habit(key, new.get(key))}")


def _contents(drafts: dict[str, Draft]) -> dict[str, Any]:
    return {key: draft.content for key, draft in drafts.items()}


def _habit(key: str, draft: Draft | None) -> str:
    if key.endswith("/"):
        return "deletes nothing from documents without a name"
    if draft is None or _would_grow(draft):
        return "merges a document that is already there, and appends to its lists"
    return "merges what is set, and has no way to delete this"
