"""Patches applied to a config: what Talos makes of it, in the words and with the comments of the file.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/{apply,strategic,json6902}.go.
"""

from __future__ import annotations

from collections import Counter
from contextlib import contextmanager
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.arguments import refuse_text, require_source, wrong_type
from talos_registry.diagnostic import PatchError
from talos_registry.documents import KINDS, legacy
from talos_registry.goyaml.comments import leaves
from talos_registry.goyaml.nodes import Alias
from talos_registry.loading import MachineConfig, excess, require_config
from talos_registry.loading.conflicts import Conflicts
from talos_registry.loading.statements import Selector
from talos_registry.patching.assembling import assembled
from talos_registry.patching.deletion import Copies, without_selected
from talos_registry.patching.documents import Draft, drafts_of, name_of, name_twice
from talos_registry.patching.json_merging import PlacedOperation, with_operations
from talos_registry.patching.merging import MergeError, merged
from talos_registry.patching.operations import JsonPatch
from talos_registry.patching.reading import Strategic, read_patch
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.patching.reading import Addition, Patch
    from talos_registry.versions import Release

__all__ = ["Change", "apply_patches", "changes", "written"]

Drafts = dict[str, Draft]


class Change(NamedTuple):
    """The documents that a patch touches, before and after it, by what patches find them by."""

    before: Drafts
    after: Drafts


def apply_patches(config: MachineConfig, patches: Iterable[str | bytes]) -> MachineConfig:
    """The config with the patches applied in order, as the Talos of ``config.talos_version`` does.

    A patch is the text of a strategic merge patch, ``$patch: delete`` included, or of a JSON Patch (RFC 6902), which
    Talos takes for a single document only. What no patch touches keeps its bytes and comments; new documents are
    appended. For a target before 1.12 only the v1alpha1 document and those of the typed kinds can be patched; others
    can be added and deleted as a whole.

    Does not validate the result, as Talos does not: its ``diagnostics`` do.

    Args:
        config: what ``parse`` made of the file.
        patches: the texts, or the bytes of the files.

    Raises:
        PatchError: if Talos refuses a patch, the config or the result, or if this library cannot apply the patch.
        TypeError: for a text in place of several, or what is no MachineConfig.

    Source: siderolabs/talos, pkg/machinery/config/configpatcher/{apply,strategic,json6902}.go.
    """
    require_config("apply_patches", config)
    refuse_text("apply_patches", "the texts of patches as a collection", patches)
    release = release_of(config.talos_version)
    read: list[tuple[int, Patch]] = []
    for index, text in enumerate(patches):
        if isinstance(text, MachineConfig):
            raise wrong_type("apply_patches", "the texts of patches", text, advice="pass its text")
        require_source("apply_patches", text, "")
        with _concerning(index):
            read.append((index, read_patch(text, release)))
    drafts = drafts_of(config)
    for is_json, patches_in_a_row in groupby(read, lambda numbered: isinstance(numbered[1], JsonPatch)):
        group = [*patches_in_a_row]
        drafts = (_with_json if is_json else _with_strategic)(drafts, group, release)
    return written(config, drafts, release)


def changes(config: MachineConfig, patches: Iterable[str | bytes]) -> Iterator[Change]:
    """What each of the patches does, when it is applied after those before it.

    Nothing is written: the time depends on what the patches touch.

    Raises:
        PatchError: as ``apply_patches``, but for what it cannot write.
    """
    release = config.release
    patched = _Patched(drafts_of(config), release)
    for index, text in enumerate(patches):
        patch = read_patch(text, release)
        if isinstance(patch, Strategic):
            yield patched.take(patch)
        else:
            before = patched.drafts
            patched = _Patched(_with_json(before, [(index, patch)], release), release)
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


def _with_strategic(drafts: Drafts, group: Iterable[tuple[int, Patch]], release: Release) -> Drafts:
    patched = _Patched(drafts, release)
    for index, patch in group:
        assert isinstance(patch, Strategic)
        with _concerning(index):
            patched.take(patch)
    return patched.drafts


class _Patched:
    """The documents while patches are merged into them, in time that depends on what a patch touches."""

    def __init__(self, drafts: Drafts, release: Release) -> None:
        self.drafts = dict(drafts)
        self._release = release
        self._names = Counter(map(name_of, drafts))
        self._had_twins = len(self._names) < len(drafts)

    def take(self, patch: Strategic) -> Change:
        """Merge one patch."""
        touched = dict.fromkeys(step.key if isinstance(step, Selector) else step.draft.key for step in patch.steps)
        before = {key: self.drafts[key] for key in touched if key in self.drafts}
        copies = Copies()
        for step in patch.steps:
            key = step.key if isinstance(step, Selector) else step.draft.key
            _take(self.drafts, step, copies, key in before, self._release)
        return Change(before, self._renamed(before, touched))

    def _renamed(self, before: Drafts, touched: Iterable[str]) -> Drafts:
        """The documents that a patch has touched, put under the keys that go with their values."""
        left = [(key, self.drafts[key].named_anew(self._release)) for key in touched if key in self.drafts]
        self._names.subtract(map(name_of, before))
        self._names.update(name_of(draft.key) for _, draft in left)
        if self._had_twins or any(self._names[name_of(draft.key)] > 1 for _, draft in left):
            raise PatchError(name_twice(draft.named_anew(self._release) for draft in self.drafts.values()) or "")
        if any(draft.kind not in _WITHOUT_CONFLICTS for _, draft in left):
            self._check_conflicts()
        renamed = {key: draft for key, draft in left if draft.key != key}
        if renamed:
            self.drafts = {draft.key: draft for draft in (renamed.get(key, own) for key, own in self.drafts.items())}
        return {draft.key: draft for _, draft in left}

    def _check_conflicts(self) -> None:
        conflicts = Conflicts(self._release)
        for draft in self.drafts.values():
            error_text = conflicts.refused(draft.kind, draft.values or {})
            if error_text is not None:
                raise PatchError(error_text)


_WITHOUT_CONFLICTS = {legacy.KIND, *KINDS}


def _take(drafts: Drafts, step: Addition | Selector, copies: Copies, was_there: bool, release: Release) -> None:
    if not isinstance(step, Selector):
        _add(drafts, step)
    elif step.key in drafts and (was_there or not release.checks_patches):
        _delete(drafts, step, copies)
    elif release.checks_patches:
        raise _stray(step, release)


def _delete(drafts: Drafts, selector: Selector, copies: Copies) -> None:
    draft = drafts[selector.key]
    if draft.struct is None or draft.values is None:
        if selector.path:
            raise _opaque(draft, selector)
        left = None
    else:
        left = without_selected(selector, draft.struct, draft.values, copies)
    if left is None:
        del drafts[selector.key]
    else:
        drafts[selector.key] = replace(draft, values=left)


def _add(drafts: Drafts, addition: Addition) -> None:
    new = addition.draft
    draft = drafts.get(new.key)
    if draft is None:
        drafts[new.key] = new
        return
    if draft.struct is None or draft.values is None:
        raise _opaque(draft, addition)
    try:
        values = merged(draft.struct, draft.values, new.values)
    except MergeError as error:
        raise PatchError(str(error), line=addition.line, column=addition.column) from None
    drafts[draft.key] = replace(draft, values=values)


def _opaque(draft: Draft, step: Addition | Selector) -> PatchError:
    message = f"this tool cannot patch {draft.key}: it does not read documents of that kind"
    return PatchError(message, line=step.line, column=step.column)


def _stray(selector: Selector, release: Release) -> PatchError:
    message = (
        f"Talos {release.text} cannot write a config after a patch deletes from {selector.key}, which is not in it"
    )
    return PatchError(message, line=selector.line, column=selector.column)


# JSON Patch


def _with_json(drafts: Drafts, group: list[tuple[int, Patch]], release: Release) -> Drafts:
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
    if not steps:
        return drafts
    left = with_operations(draft, steps, release)
    return {left.key: left}


# The result


def written(config: MachineConfig, drafts: Drafts, release: Release) -> MachineConfig:
    """The config with the drafts in the place of its documents; what has not changed keeps its bytes and comments.

    Raises:
        PatchError: if the result cannot be written without changing more than that.
    """
    left = tuple(drafts.values())
    if [draft.origin for draft in left] == [*range(len(config.entries))] and not any(
        draft.is_changed for draft in left
    ):
        return config
    assembly = assembled(config.text, config.entries, config.roots, left, release)
    result = config.with_text(assembly.text)
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
