"""The proof that a migration changed what it meant to change, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import MigrateError
from talos_registry.documents.models import RegistryMirrorConfig
from talos_registry.documents.registries import RegistrySet
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.migration.comments import all_comments
from talos_registry.migration.removal import Removal
from talos_registry.migration.section import Stream
from talos_registry.versions import release

if TYPE_CHECKING:
    from talos_registry.diagnostic import Path
    from talos_registry.documents.models import OpaqueDocument, RegistryDocument
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading.config import MachineConfig

__all__ = ["Addition", "effective", "prove"]


class Addition(NamedTuple):
    """What is new in a text: so many documents at an index, and members of the v1alpha1 document."""

    place: int
    documents: int
    members: Removal = Removal(())


def prove(before: MachineConfig, after_text: str, kept: list[tuple[Node, Removal]], new: Addition) -> None:
    """Check a migrated text against the config it came from.

    ``kept``: the documents that stay, each with what is removed from it.

    Raises:
        MigrateError: if anything else is different.
    """
    after = before.with_text(after_text)
    worse = Counter(_words(after)) - Counter(_words(before))
    if worse:
        raise _refusal(f"the result would be refused: {next(iter(worse))[1]}")
    old_stream, stream = Stream.of(before), Stream.of(after)
    roots = [tree.root for at, tree in enumerate(stream.trees) if not new.place <= at < new.place + new.documents]
    if len(roots) != len(kept) or not all(
        _is_same(old, root, removal, new.members) for (old, removal), root in zip(kept, roots, strict=True)
    ):
        raise _refusal("values that are not about registries would change")
    if effective(after, stream) != effective(before, old_stream):
        raise _refusal("the registry settings would change")
    if Counter(all_comments(after.text, stream.trees)) != Counter(all_comments(before.text, old_stream.trees)):
        raise _refusal("a comment would be lost")


def _words(config: MachineConfig) -> list[tuple[str, str]]:
    return [(one.code, one.message.partition(" on line ")[0]) for one in config.diagnostics]


def _refusal(why: str) -> MigrateError:
    return MigrateError(f"This file is written in a way that cannot be migrated in place: {why}.")


def effective(config: MachineConfig, stream: Stream) -> RegistrySet:
    """The registry settings, those of legacy entries that Talos would take in a config without errors included.

    An overridePath that is off counts as one that is not set, and apiVersion not at all: neither matters to a puller.
    """
    entries = stream.entries(release(config.talos_version))
    legacy = [document for entry in entries for document in entry.documents or ()]
    return RegistrySet.of(*map(_plain, [*legacy, *config.documents]))


def _plain(document: RegistryDocument | OpaqueDocument) -> RegistryDocument | OpaqueDocument:
    changed: dict[str, Any] = {"api_version": "v1alpha1"}
    if isinstance(document, RegistryMirrorConfig):
        endpoints = document.endpoints
        changed["endpoints"] = tuple(
            one.model_copy(update={"override_path": bool(one.override_path)}) for one in endpoints
        )
    return document.model_copy(update=changed)


def _is_same(old: Node, new: Node, gone: Removal, come: Removal, path: Path = ()) -> bool:
    """Whether two trees are the same but for what is removed from the old one and what has come to the new one."""
    if type(old) is not type(new) or (old.tag, old.anchor, old.value) != (new.tag, new.anchor, new.value):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        left, there = gone.remaining(old, path), come.remaining(new, path)
        return len(left) == len(there) and all(
            _is_same(one.key, other.key, gone, come, one.path)
            and _is_same(one.value, other.value, gone, come, one.path)
            for one, other in zip(left, there, strict=True)
        )
    if isinstance(old, Sequence) and isinstance(new, Sequence):
        return len(old.content) == len(new.content) and all(
            _is_same(one, other, gone, come, (*path, index))
            for index, (one, other) in enumerate(zip(old.content, new.content, strict=True))
        )
    return True
