"""The proof that a migration changed what it meant to change, and nothing else."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import MigrateError
from talos_registry.documents import RegistryMirrorConfig, RegistrySet
from talos_registry.goyaml.editing import is_planned, keeps_comments
from talos_registry.loading import excess
from talos_registry.migration.section import Stream

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.documents import OpaqueDocument, RegistryDocument
    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig

__all__ = ["Planned", "effective", "not_in_place", "prove"]


class Planned(NamedTuple):
    """A document of the new text: its root in the old one, and what becomes of it, None for nothing.

    Without a root it is new, and its plan says what is in it.
    """

    root: Node | None
    plan: Plan | None = None


def prove(stream: Stream, text: str, planned: Sequence[Planned]) -> None:
    """Check a migrated text, with the documents that are ``planned``, against the stream it came from.

    Raises:
        MigrateError: if anything else is different.
    """
    before = stream.config
    after = before.with_text(text)
    too_much = excess(after)
    if too_much:
        raise MigrateError(f"This file cannot be migrated in one piece: {too_much}")
    worse = Counter(_words(after)) - Counter(_words(before))
    if worse:
        raise not_in_place(f"the result would be refused: {next(iter(worse))[1]}")
    result = Stream.of(after)
    new = [tree.root for tree in after.trees]
    if len(new) != len(planned) or not is_planned(
        (document.root or root, document.plan, root) for document, root in zip(planned, new, strict=True)
    ):
        raise not_in_place("values that are not about registries would change")
    if effective(result) != effective(stream):
        raise not_in_place("the registry settings would change")
    old = [tree.root for tree in stream.trees]
    if not keeps_comments((before.text, old), (), (text, new)):
        raise not_in_place("a comment would be lost")


def _words(config: MachineConfig) -> list[tuple[str, str]]:
    return [(diagnostic.code, diagnostic.message.partition(" on line ")[0]) for diagnostic in config.diagnostics]


def not_in_place(why: str) -> MigrateError:
    """The refusal of a file whose text does not allow it."""
    return MigrateError(f"This file is written in a way that cannot be migrated in place: {why}.")


def effective(stream: Stream) -> RegistrySet:
    """The registry settings, those of legacy entries that Talos would take in a config without errors included.

    An overridePath that is off counts as one that is not set, and apiVersion not at all: neither matters to a puller.
    """
    legacy = [document for entry in stream.entries for document in entry.documents or ()]
    return RegistrySet.of(*map(_plain, [*legacy, *stream.config.documents]), replace=True)


def _plain(document: RegistryDocument | OpaqueDocument) -> RegistryDocument | OpaqueDocument:
    changed: dict[str, Any] = {"api_version": "v1alpha1"}
    if isinstance(document, RegistryMirrorConfig):
        endpoints = document.endpoints
        changed["endpoints"] = tuple(
            endpoint.with_members(override_path=bool(endpoint.override_path)) for endpoint in endpoints
        )
    return document.with_members(**changed)
