"""The migration to documents as a patch for a running node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import MigrateError, PatchError
from talos_registry.documents import emit
from talos_registry.documents.legacy import SECTIONS
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value
from talos_registry.masking import mask_secrets
from talos_registry.messages import quoted
from talos_registry.migration.outcome import Migration
from talos_registry.migration.proof import effective
from talos_registry.migration.section import Stream
from talos_registry.migration.selection import select
from talos_registry.patching import apply_patches

if TYPE_CHECKING:
    from talos_registry.loading import MachineConfig
    from talos_registry.migration.section import LegacyEntry
    from talos_registry.migration.selection import Selection

__all__ = ["to_patch"]

_DELETE = {"$patch": "delete"}


def to_patch(config: MachineConfig) -> Migration:
    """The patch that writes as documents what can be, "" where there is nothing to do.

    Raises:
        MigrateError: if there is no such patch.
    """
    stream = Stream.of(config)
    selection = select(config, stream)
    if not selection.taken:
        return Migration("", selection.stays, selection.notes)
    deletes = {"machine": {"registries": _deletes(stream.entries, selection.taken)}}
    documents = emit([new.document for new in selection.added], talos_version=config.talos_version)
    text = write(from_value(deletes, config.release)) + (f"---\n{documents}" if documents else "")
    _prove(stream, selection, text)
    return Migration(text, selection.stays, selection.notes)


def _deletes(entries: tuple[LegacyEntry, ...], taken: tuple[LegacyEntry, ...]) -> dict[str, Any]:
    """What to delete below ``machine.registries``: whole maps where nothing in them stays."""
    if len(entries) == len(taken):
        return _DELETE
    deletes: dict[str, Any] = {}
    for section in SECTIONS:
        there, going = ([entry for entry in group if section in entry.path[:3]] for group in (entries, taken))
        if going:
            deletes[section] = _DELETE if len(going) == len(there) else {_name(entry): _DELETE for entry in going}
    return deletes


def _name(entry: LegacyEntry) -> str:
    name = str(entry.path[-1])
    if not name or name.startswith("["):
        raise MigrateError(
            f"A patch cannot delete the entry {quoted(name)} alone; fix the entries that have to stay first."
        )
    return name


def _prove(stream: Stream, selection: Selection, text: str) -> None:
    try:
        patched = apply_patches(stream.config, [text])
    except PatchError as error:
        raise MigrateError(f"No patch can do this: {mask_secrets(str(error))}") from error
    after = Stream.of(patched)
    left = {entry.path for entry in after.entries}
    gone = {entry.path for entry in selection.taken}
    if left & gone or effective(after) != effective(stream):
        raise MigrateError("No patch can do this: the registry settings would change.")
