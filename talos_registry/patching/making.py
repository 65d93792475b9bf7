"""A patch that turns one config into another, and does nothing when it is applied again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import PatchError
from talos_registry.documents import KINDS, legacy
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value
from talos_registry.loading import parse, require_config
from talos_registry.patching.applying import apply_patches
from talos_registry.patching.difference import DELETE, Difference, grows, overlap, united
from talos_registry.patching.documents import drafts_of
from talos_registry.versions import SUPPORTED, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.documents.shapes import Values
    from talos_registry.loading import MachineConfig
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["make_patch", "misfits"]


def make_patch(
    before: MachineConfig, after: MachineConfig, *, once: bool = False, only_registries: bool = False
) -> str:
    """The text of a strategic merge patch for the Talos of ``before``: applied to ``before`` it gives ``after``.

    The order of documents means nothing to Talos and is not compared.

    Args:
        before: the config to patch.
        after: what is to become of it.
        once: for a single use: that can be shorter, and possible where a patch is not that changes nothing when it is
            applied again.
        only_registries: speak only of what differs in registry settings.

    Raises:
        PatchError: if there is no such patch, or Talos cannot load one of the configs.
        TypeError: for what is no MachineConfig.
    """
    require_config("make_patch", before, after)
    old, new = drafts_of(before), drafts_of(after)
    if only_registries:
        new = _with_registries_of(new, old)
    making = _Making(before.release, once=once)
    texts = [text for key in {**old, **new} for text in making.texts(old.get(key), new.get(key))]
    patch = "---\n".join(texts) if texts else _nothing(old.values(), before.release)
    _prove(before, new, patch, once=once)
    return patch


def misfits(before: MachineConfig, after: MachineConfig, patch: str) -> Iterator[tuple[str, str]]:
    """The older supported releases for which a patch made by ``make_patch`` does something else, and what stops it.

    Releases that cannot load the configs are left out.
    """
    for version in SUPPORTED:
        if release_of(version).number >= before.release.number:
            continue
        old, new = (parse(config.text, filename=config.filename, talos_version=version) for config in (before, after))
        if old.loads and new.loads:
            why = _misfit(old, new, patch)
            if why is not None:
                yield version, why


def _misfit(before: MachineConfig, after: MachineConfig, patch: str) -> str | None:
    try:
        result = apply_patches(before, [patch])
    except PatchError as error:
        return str(error)
    is_same = _contents(drafts_of(result)) == _contents(drafts_of(after))
    return None if is_same else "it leaves another config"


# Registry settings alone


def _with_registries_of(new: dict[str, Draft], old: dict[str, Draft]) -> dict[str, Draft]:
    """The old documents with the registry settings of the new ones."""
    kept = {key: draft for key, draft in old.items() if draft.kind not in KINDS and draft.kind != legacy.KIND}
    settings = {key: draft for key, draft in new.items() if draft.kind in KINDS}
    return {**kept, **_grafted(old, new), **settings}


def _grafted(old: dict[str, Draft], new: dict[str, Draft]) -> dict[str, Draft]:
    """The kind-less document, with the legacy section of the new one."""
    mine, others = (
        next((draft for draft in drafts.values() if draft.kind == legacy.KIND), None) for drafts in (old, new)
    )
    draft = mine or others
    if draft is None:
        return {}
    before, after = ((held.values if held else None) or {} for held in (mine, others))
    machine = _without_empty({**(before.get("machine") or {}), "registries": legacy.registries(after) or None})
    cache = (((after.get("machine") or {}).get("features")) or {}).get("imageCache")
    features = _without_empty({**(machine.get("features") or {}), "imageCache": cache})
    if features or "features" in machine:
        machine["features"] = features
    values = {**before, "machine": machine} if machine or "machine" in before else before
    return {draft.key: replace(draft, values=values)} if mine or machine else {}


def _without_empty(values: Values) -> Values:
    return {key: value for key, value in values.items() if value is not None}


class _Making:
    def __init__(self, release: Release, *, once: bool) -> None:
        self._release = release
        self._once = once

    def texts(self, old: Draft | None, new: Draft | None) -> Iterator[str]:
        """The documents of a patch that turn one document into another, or none into one, or one into none."""
        if new is None:
            assert old is not None
            yield _document(old, DELETE, self._release)
        elif old is None:
            if not (self._once or self._release.checks_patches) and _would_grow(new):
                yield _document(new, DELETE, self._release)
            yield _whole(new, self._release)
        elif old.content != new.content:
            yield from self._changes(old, new)

    def _changes(self, old: Draft, new: Draft) -> Iterator[str]:
        if new.struct is None or old.values is None or new.values is None:
            yield from (_document(old, DELETE, self._release), _whole(new, self._release))
            return
        deleted, settled = Difference(once=self._once).of_struct(new.struct, old.values, new.values)
        if not overlap(deleted, settled):
            yield _document(new, united(deleted, settled), self._release)
        elif self._release.checks_patches and new.kind != legacy.KIND:  # it takes no document twice
            yield from (_document(old, DELETE, self._release), _whole(new, self._release))
        else:
            yield from (_document(new, deleted, self._release), _document(new, settled, self._release))


# Documents of a patch


def _document(draft: Draft, members: Values, release: Release) -> str:
    """What a patch says about a document: whose, and what."""
    if draft.kind == legacy.KIND and members is not DELETE and legacy.MARKS.isdisjoint(members):
        members = {**members, "machine": {}}
    return write(from_value({**_header(draft, is_whole=members is DELETE), **members}, release))


def _header(draft: Draft, *, is_whole: bool) -> Values:
    """What Talos finds a document by; the kind-less one needs empty text where it is deleted as a whole."""
    if draft.kind == legacy.KIND:
        return {"apiVersion": "", "kind": ""} if is_whole else {}
    api_version, kind, *name = draft.key.split("/", 2)
    return {"apiVersion": api_version, "kind": kind, **({"name": name[0]} if name else {})}


def _whole(draft: Draft, release: Release) -> str:
    """A document as a part of a patch; what is not one of the typed kinds keeps its text if it says so."""
    if draft.struct is not None and draft.values is not None and (draft.kind in KINDS or draft.is_changed):
        return write(from_value(encoded(draft.struct, draft.values), release))
    return draft.text.strip(" \t\r\n") + "\n"


def _would_grow(draft: Draft) -> bool:
    """Whether a document is not the same after it is merged into itself."""
    return draft.struct is None or draft.values is None or grows(draft.struct, draft.values)


def _nothing(drafts: Iterable[Draft], release: Release) -> str:
    """A patch that does nothing, which an empty text does only for a single document."""
    for draft in drafts:
        if draft.kind in KINDS:
            return "# nothing to change\n" + write(from_value(_header(draft, is_whole=False), release))
        if draft.kind == legacy.KIND and draft.values is not None and draft.values.get("machine") is not None:
            return "# nothing to change\nmachine: {}\n"
    return ""


# Proof


def _prove(before: MachineConfig, new: dict[str, Draft], patch: str, *, once: bool) -> None:
    """Refuse a patch that does not do what it is for, once and, unless that is enough, again."""
    wanted, result = _contents(new), before
    which = "no patch does this" if once else "no patch that can be applied again does this"
    for times in ("once",) if once else ("once", "twice"):
        try:
            result = apply_patches(result, [patch])
        except PatchError as error:
            raise PatchError(f"{which}: {error}") from None
        reached = _contents(drafts_of(result))
        for key in {**wanted, **reached}:
            if reached.get(key) != wanted.get(key):
                message = f"{which}: applied {times}, it leaves another {key}"
                raise PatchError(f"{message}, because Talos {before.talos_version} {_habit(key, new.get(key))}")


def _contents(drafts: dict[str, Draft]) -> dict[str, Any]:
    return {key: draft.content for key, draft in drafts.items()}


def _habit(key: str, draft: Draft | None) -> str:
    if key.endswith("/"):
        return "deletes nothing from documents without a name"
    if draft is None or _would_grow(draft):
        return "merges a document that is already there, and appends to its lists"
    return "merges what is set, and has no way to delete this"
