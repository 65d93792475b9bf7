"""The proof that a migration changed what it meant to change, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from talos_registry.config import parse
from talos_registry.diagnostic import MigrateError
from talos_registry.migration.comments import all_comments
from talos_registry.migration.section import Stream
from talos_registry.nodes import Mapping, Sequence, pairs
from talos_registry.registries import RegistrySet
from talos_registry.versions import release

if TYPE_CHECKING:
    from talos_registry.config import MachineConfig
    from talos_registry.diagnostic import Path
    from talos_registry.migration.removal import Removal
    from talos_registry.nodes import Node

__all__ = ["effective", "is_same", "prove"]


def prove(before: MachineConfig, after_text: str, kept: list[tuple[Node, Removal]], place: int, added: int) -> None:
    """Check a migrated text against the config it came from.

    ``kept``: the documents that stay, each with what is removed from it; ``added`` new ones stand at index ``place``.

    Raises:
        MigrateError: if anything else is different.
    """
    after = parse(after_text, filename=before.filename, talos_version=before.talos_version)
    worse = Counter(_words(after)) - Counter(_words(before))
    if worse:
        raise _refusal(f"the result would be refused: {next(iter(worse))[1]}")
    stream = Stream.of(after)
    roots = [tree.root for tree in stream.trees]
    still_there = roots[:place] + roots[place + added :]
    if len(still_there) != len(kept) or not all(
        is_same(old, new, removal) for (old, removal), new in zip(kept, still_there, strict=True)
    ):
        raise _refusal("values that are not about registries would change")
    if effective(after, stream) != effective(before, Stream.of(before)):
        raise _refusal("the registry settings would change")
    if Counter(all_comments(after.text, stream.trees)) != Counter(all_comments(before.text, Stream.of(before).trees)):
        raise _refusal("a comment would be lost")


def _words(config: MachineConfig) -> list[tuple[str, str]]:
    return [(one.code, one.message.partition(" on line ")[0]) for one in config.diagnostics]


def _refusal(why: str) -> MigrateError:
    return MigrateError(f"This file is written in a way that cannot be migrated in place: {why}.")


def effective(config: MachineConfig, stream: Stream) -> RegistrySet:
    """The registry settings, those of legacy entries that Talos would take in a config without errors included."""
    entries = stream.entries(release(config.talos_version))
    legacy = [document for entry in entries for document in entry.documents or ()]
    return RegistrySet.of(*legacy, *config.documents)


def is_same(old: Node, new: Node, removal: Removal, path: Path = ()) -> bool:
    """Whether two trees are the same but for what is removed from the old one."""
    if type(old) is not type(new) or (old.tag, old.anchor, old.value) != (new.tag, new.anchor, new.value):
        return False
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        left = removal.remaining(old, path)
        return len(left) * 2 == len(new.content) and all(
            is_same(member.key, key, removal, member.path) and is_same(member.value, value, removal, member.path)
            for member, (key, value) in zip(left, pairs(new), strict=True)
        )
    if isinstance(old, Sequence) and isinstance(new, Sequence):
        return len(old.content) == len(new.content) and all(
            is_same(one, other, removal, (*path, index))
            for index, (one, other) in enumerate(zip(old.content, new.content, strict=True))
        )
    return True
