"""Patches applied to a config: what Talos makes of it, in the words and with the comments of the file.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/{apply,strategic,json6902}.go.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents.shapes import Struct
from talos_registry.goyaml.comments import leaves
from talos_registry.goyaml.nodes import Alias
from talos_registry.loading import MachineConfig, excess, parse_with_trees
from talos_registry.patching.assembling import assembled
from talos_registry.patching.deletion import Selector
from talos_registry.patching.documents import (
    Draft,
    ForeignPartError,
    drafts_of,
    foreign_part,
    name_of,
    name_twice,
    struct_of,
)
from talos_registry.patching.json_merging import PlacedOperation, is_foreign, with_operations
from talos_registry.patching.merging import merged
from talos_registry.patching.operations import JsonPatch
from talos_registry.patching.reading import Strategic, read_patch
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.documents.shapes import Shape
    from talos_registry.patching.reading import Addition, Patch
    from talos_registry.versions import Release

__all__ = ["Change", "apply_patches", "changes"]

Drafts = dict[str, Draft]


class Change(NamedTuple):
    """The documents that a patch touches, before and after it, by what patches find them by."""

    before: Drafts
    after: Drafts


def apply_patches(
    config: MachineConfig, patches: Iterable[str | bytes], *, only_registries: bool = False
) -> MachineConfig:
    """The config with the patches applied in order, as the Talos of ``config.talos_version`` does.

    A patch is the text of a strategic merge patch, ``$patch: delete`` included, or of a JSON Patch (RFC 6902), which
    Talos takes for a single document only. What no patch touches keeps its bytes and comments; new documents are
    appended. Of the kind-less v1alpha1 document only ``machine.registries`` and ``machine.features.imageCache`` can be
    patched, and nothing in documents that are not typed; all of them can be added and deleted as a whole. With
    ``only_registries`` other changes are skipped instead of refused: the registry settings of the result are right.

    Does not validate the result, as Talos does not: its ``diagnostics`` do.

    Raises:
        PatchError: if Talos refuses a patch, the config or the result, or if this library cannot apply the patch.
        TypeError: for a text in place of several.
    """
    if isinstance(patches, str | bytes):
        raise TypeError("apply_patches takes several patches: put the one you have into a list")
    release = release_of(config.talos_version)
    read: list[tuple[int, Patch]] = []
    for index, text in enumerate(patches):
        with _concerning(index):
            read.append((index, read_patch(text, release)))
    drafts = drafts_of(config)
    for is_json, patches_in_a_row in groupby(read, lambda numbered: isinstance(numbered[1], JsonPatch)):
        group = [*patches_in_a_row]
        apply = _with_json if is_json else _with_strategic
        drafts = apply(drafts, group, release, only_registries=only_registries)
    return _written(config, drafts, release)


def changes(config: MachineConfig, patches: Iterable[str | bytes]) -> Iterator[Change]:
    """What each of the patches does to registry settings, when it is applied after those before it.

    Nothing is written: the time depends on what the patches touch.

    Raises:
        PatchError: as ``apply_patches`` with ``only_registries``, but for what it cannot write.
    """
    release = config.release
    patched = _Patched(drafts_of(config))
    for index, text in enumerate(patches):
        patch = read_patch(text, release)
        if isinstance(patch, Strategic):
            yield patched.take(patch, release, only_registries=True)
        else:
            before = patched.drafts
            patched = _Patched(_with_json(before, [(index, patch)], release, only_registries=True))
            yield Change(before, patched.drafts)


@contextmanager
def _concerning(index: int) -> Iterator[None]:
    """Says in a PatchError which of the patches it is about."""
    try:
        yield
    except PatchError as error:
        error.patch_index = index
        raise


# Strategic merge


def _with_strategic(
    drafts: Drafts, group: Iterable[tuple[int, Patch]], release: Release, *, only_registries: bool
) -> Drafts:
    patched = _Patched(drafts)
    for index, patch in group:
        assert isinstance(patch, Strategic)
        with _concerning(index):
            patched.take(patch, release, only_registries=only_registries)
    return patched.drafts


class _Patched:
    """The documents while patches are merged into them, in time that depends on what a patch touches."""

    def __init__(self, drafts: Drafts) -> None:
        self.drafts = dict(drafts)
        self._names = Counter(map(name_of, drafts))
        self._had_twins = len(self._names) < len(drafts)

    def take(self, patch: Strategic, release: Release, *, only_registries: bool) -> Change:
        """Merge one patch."""
        touched = dict.fromkeys(step.key if isinstance(step, Selector) else step.draft.key for step in patch.steps)
        before = {key: self.drafts[key] for key in touched if key in self.drafts}
        for step in patch.steps:
            key = step.key if isinstance(step, Selector) else step.draft.key
            try:
                _take(self.drafts, step, key in before, release)
            except ForeignPartError:
                if not only_registries:
                    raise
                _take_ours(self.drafts, step)
        return Change(before, self._renamed(before, touched))

    def _renamed(self, before: Drafts, touched: Iterable[str]) -> Drafts:
        """The documents that a patch has touched, put under the keys that go with their values."""
        left = [(key, self.drafts[key].named_anew()) for key in touched if key in self.drafts]
        self._names.subtract(map(name_of, before))
        self._names.update(name_of(draft.key) for _, draft in left)
        if self._had_twins or any(self._names[name_of(draft.key)] > 1 for _, draft in left):
            raise PatchError(name_twice(draft.named_anew() for draft in self.drafts.values()) or "")
        renamed = {key: draft for key, draft in left if draft.key != key}
        if renamed:
            self.drafts = {draft.key: draft for draft in (renamed.get(key, own) for key, own in self.drafts.items())}
        return {draft.key: draft for _, draft in left}


def _take(drafts: Drafts, step: Addition | Selector, was_there: bool, release: Release) -> None:
    if not isinstance(step, Selector):
        _add(drafts, step)
    elif step.key in drafts and (was_there or not release.checks_patches):
        _delete(drafts, step)
    elif release.checks_patches:
        raise _stray(step, release)


def _take_ours(drafts: Drafts, step: Addition | Selector) -> None:
    """Merge the part of an addition that is read; the rest, and a deletion elsewhere, has no say in registries."""
    draft = drafts.get(step.draft.key) if not isinstance(step, Selector) else None
    struct = struct_of(draft.kind) if draft else None
    if draft and struct and draft.values is not None and not isinstance(step, Selector):
        drafts[draft.key] = replace(draft, values=merged(struct, draft.values, step.draft.values))


def _delete(drafts: Drafts, selector: Selector) -> None:
    draft = drafts[selector.key]
    struct = struct_of(draft.kind)
    if struct is None or draft.values is None:
        if selector.path:
            raise _opaque(draft, selector)
        left = None
    else:
        left = selector.applied(struct, draft.values)
    if left is None:
        del drafts[selector.key]
        return
    emptied = draft.emptied | {selector.path} if struct and _holds_more(struct, selector.path) else draft.emptied
    drafts[selector.key] = replace(draft, values=left, emptied=emptied)


def _holds_more(shape: Shape | None, path: Iterable[str]) -> bool:
    """Whether undecoded parts stand below a path."""
    for step in path:
        shape = shape.fields.get(step) if isinstance(shape, Struct) else None
    return isinstance(shape, Struct) and shape.undecoded is None


def _add(drafts: Drafts, addition: Addition) -> None:
    new = addition.draft
    draft = drafts.get(new.key)
    if draft is None:
        drafts[new.key] = new
        return
    struct = struct_of(draft.kind)
    if struct is None or draft.values is None:
        raise _opaque(draft, addition)
    if addition.foreign is not None:
        raise foreign_part(*addition.foreign)
    drafts[draft.key] = replace(draft, values=merged(struct, draft.values, new.values))


def _opaque(draft: Draft, step: Addition | Selector) -> ForeignPartError:
    message = f"this tool cannot patch {draft.key}: it does not read documents of that kind"
    return ForeignPartError(message, line=step.line, column=step.column)


def _stray(selector: Selector, release: Release) -> PatchError:
    message = (
        f"Talos {release.text} cannot write a config after a patch deletes from {selector.key}, which is not in it"
    )
    return PatchError(message, line=selector.line, column=selector.column)


# JSON Patch


def _with_json(drafts: Drafts, group: list[tuple[int, Patch]], release: Release, *, only_registries: bool) -> Drafts:
    """All operations in a row are one patch to Talos."""
    steps = [
        PlacedOperation(operation, index, *(patch.places[at] if at < len(patch.places) else (1, 1)))
        for index, patch in group
        if isinstance(patch, JsonPatch)
        for at, operation in enumerate(patch.operations)
    ]
    with _concerning(group[0][0]):
        if len(drafts) != 1:
            error_text = "JSON6902 patches are not supported for multi-document machine configuration"
            raise PatchError(error_text, line=1, column=1)
    (draft,) = drafts.values()
    if only_registries:
        steps = [step for step in steps if not is_foreign(draft, step)]
    if not steps:
        return drafts
    left = with_operations(draft, steps, release)
    return {left.key: left}


# The result


def _written(config: MachineConfig, drafts: Drafts, release: Release) -> MachineConfig:
    left = tuple(drafts.values())
    if [draft.origin for draft in left] == [*range(len(config.entries))] and not any(
        draft.is_changed for draft in left
    ):
        return config
    assembly = assembled(config.text, config.entries, config.roots, left, release)
    result = parse_with_trees(assembly.text, filename=config.filename, talos_version=config.talos_version)
    too_much = excess(result)
    if too_much:
        raise PatchError(too_much)
    shared = _shared_part(config)
    if shared and not result.loads:
        raise PatchError(_NOT_WRITTEN + shared)
    new_roots = [tree.root for tree in result.trees]
    if left and not (_holds(result, drafts) and assembly.is_proved(config.text, config.roots, new_roots)):
        raise PatchError(_NOT_WRITTEN + shared)
    return result


_NOT_WRITTEN = "this tool cannot write the result of the patches into this text"


def _holds(result: MachineConfig, drafts: Drafts) -> bool:
    """Whether a config holds what the drafts shall hold; of an undecoded document that stays the proof says that it does."""
    written = drafts_of(result)
    return written.keys() == drafts.keys() and all(
        written[key].content == draft.content
        for key, draft in drafts.items()
        if draft.origin is None or draft.values is not None
    )


def _shared_part(config: MachineConfig) -> str:
    """Why a text may have no room for changes: it shares parts; "" if it does not."""
    aliases = (leaf for tree in config.trees for leaf in leaves(tree.root) if isinstance(leaf, Alias))
    alias = next(aliases, None)
    if alias is None:
        return ""
    return f", because parts of it are shared; write out *{alias.value} (line {alias.start_mark.line + 1}) and the like first"
