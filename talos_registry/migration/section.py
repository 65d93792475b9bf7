"""The legacy section as it stands in a text: its entries, their nodes, and the documents they mean."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from talos_registry.diagnostic import MigrateError
from talos_registry.documents import TYPED, legacy
from talos_registry.goyaml.nodes import Alias, Mapping, Sequence, pairs
from talos_registry.goyaml.tags import is_null, resolved, scalar_text
from talos_registry.loading.construction import Construction
from talos_registry.loading.mismatch import GaveUp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.documents import RegistryDocument
    from talos_registry.documents.shapes import Values
    from talos_registry.goyaml import Tree
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig
    from talos_registry.versions import Release

__all__ = ["REGISTRIES", "LegacyEntry", "Stream", "empty_sections"]

REGISTRIES = ("machine", "registries")


@dataclass(frozen=True, eq=False)
class LegacyEntry:
    """One entry of ``mirrors`` or ``config``.

    ``path`` is that in the document, with the key as it is written; ``documents`` is what the entry means, None when
    Talos does not take it.
    """

    path: Path
    key: Node
    value: Node
    documents: tuple[RegistryDocument, ...] | None


@dataclass(frozen=True)
class Stream:
    """A config with its nodes: the trees of its documents, as many as it has entries, and which is the v1alpha1 document."""

    config: MachineConfig
    trees: tuple[Tree, ...]
    legacy_index: int | None

    @classmethod
    def of(cls, config: MachineConfig) -> Stream:
        """The nodes of a config.

        Raises:
            MigrateError: if they cannot all be read, or if there are several v1alpha1 documents.
        """
        trees = config.trees
        if not trees or len(trees) < len(config.entries) or any(map(_is_unreadable, config.diagnostics)):
            diagnostic = next(filter(_is_unreadable, config.diagnostics), config.diagnostics[0])
            where = f"line {diagnostic.line}: {diagnostic.message}"
            raise MigrateError(f"A file that cannot be read as a whole is not changed ({where})")
        legacy_indices = [index for index, tree in enumerate(trees) if _is_legacy(tree.root)]
        if len(legacy_indices) > 1:
            raise MigrateError("There are several v1alpha1 documents in this file; Talos takes one.")
        return cls(config, trees, legacy_indices[0] if legacy_indices else None)

    @property
    def root(self) -> Mapping | None:
        """The root of the v1alpha1 document."""
        root = None if self.legacy_index is None else self.trees[self.legacy_index].root
        return root if isinstance(root, Mapping) else None

    @cached_property
    def entries(self) -> tuple[LegacyEntry, ...]:
        """The entries of the legacy section, ``mirrors`` first.

        Raises:
            MigrateError: if a part of the section is written as an alias.
        """
        if self.legacy_index is None or self.root is None:
            return ()
        values = self.config.entries[self.legacy_index].values
        return tuple(_entries(self.root, values, self.config.release))


_UNREADABLE = frozenset({"yaml-syntax", "limit-exceeded", "template-not-rendered"})


def _is_unreadable(diagnostic: Diagnostic) -> bool:
    """Whether a finding is about a document as a whole, which then has no nodes."""
    return diagnostic.code in _UNREADABLE and len(diagnostic.path) == 1


def _is_legacy(root: Node) -> bool:
    if not isinstance(root, Mapping):
        return False
    keys = {key.value for key, _ in pairs(root)}
    return "kind" not in keys and not keys.isdisjoint(legacy.MARKS)


def empty_sections(root: Mapping) -> list[Path]:
    """The parts of the legacy section that hold no entry."""
    paths = [REGISTRIES, *((*REGISTRIES, section) for section in legacy.SECTIONS)]
    return [path for path in paths if _is_empty_at(root, path)]


def _is_empty_at(root: Node, path: Path) -> bool:
    """Whether there is a value at a path of keys that holds nothing."""
    node = _value_at(root, path)
    return node is not None and (is_null(node) or (isinstance(node, Mapping) and not node.content))


def _value_at(node: Node, path: Path) -> Node | None:
    """The node at a path of keys."""
    for step in path:
        if not isinstance(node, Mapping):
            return None
        following = next((value for key, value in pairs(node) if key.value == step), None)
        if following is None:
            return None
        node = following
    return node


def _entries(root: Mapping, values: Values | None, release: Release) -> Iterator[LegacyEntry]:
    for parent in (REGISTRIES[:1], REGISTRIES):
        _refuse_alias(_value_at(root, parent), parent)
    for section in legacy.SECTIONS:
        path = (*REGISTRIES, section)
        mapping = _value_at(root, path)
        _refuse_alias(mapping, path)
        decoded = None if values is None else legacy.registries(values).get(section) or {}
        if isinstance(mapping, Mapping):
            for key, value in pairs(mapping):
                entry = _decoded(section, key, value, release) if decoded is None else decoded.get(_name(key))
                yield LegacyEntry((*path, key.value), key, value, _documents(section, key, entry))


def _refuse_alias(node: Node | None, path: Path) -> None:
    if isinstance(node, Alias):
        where = f"line {node.start_mark.line + 1}"
        raise MigrateError(
            f"{'.'.join(map(str, path))} is an alias (*{node.value}, {where}); write it out, then migrate it."
        )


def _name(key: Node) -> str:
    target = resolved(key)
    return "" if isinstance(target, Mapping | Sequence) else scalar_text(target)


def _decoded(section: str, key: Node, value: Node, release: Release) -> Values | None:
    """An entry of a document that Talos refuses, if it would take the entry in another."""
    entry, construction = resolved(value), Construction(release)
    if not isinstance(entry, Mapping):
        return None
    try:
        name = construction.string(key, ())
        values = construction.struct(legacy.entry(section, release), entry)
        construction.raise_for_errors()
    except GaveUp:
        return None
    return None if name is None or construction.met_odd_key else values


def _documents(section: str, key: Node, entry: Values | None) -> tuple[RegistryDocument, ...] | None:
    if entry is None:
        return None
    meant = legacy.documents({"machine": {"registries": {section: {_name(key): entry}}}})
    return tuple(TYPED[values["kind"]].from_values(values) for values in meant)
