"""The legacy section as it stands in a text: its entries, their nodes, and the documents they mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from talos_registry.diagnostic import MigrateError
from talos_registry.documents import legacy
from talos_registry.documents.models import TYPED
from talos_registry.goyaml.composer import Tree, documents
from talos_registry.goyaml.nodes import Alias, Mapping, pairs
from talos_registry.goyaml.tags import is_null, resolved
from talos_registry.loading.construction import Construction
from talos_registry.loading.mismatch import GaveUp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.documents.models import RegistryDocument
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading.config import MachineConfig
    from talos_registry.versions import Release

__all__ = ["REGISTRIES", "LegacyEntry", "Stream", "empty_sections", "is_empty_at", "value_at"]

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

    text: str
    trees: tuple[Tree, ...]
    legacy_index: int | None

    @classmethod
    def of(cls, config: MachineConfig) -> Stream:
        """The nodes of a config.

        Raises:
            MigrateError: if they cannot all be read.
        """
        trees = config.trees
        if not trees or len(trees) < len(config.entries) or any(map(_is_unreadable, config.diagnostics)):
            said = next(filter(_is_unreadable, config.diagnostics), config.diagnostics[0])
            where = f"line {said.line}: {said.message}"
            raise MigrateError(f"A file that cannot be read as a whole is not changed ({where})")
        return cls._of(config.text, trees)

    @classmethod
    def read(cls, text: str, target: Release) -> Stream:
        """The nodes of a text that can be read.

        Raises:
            MigrateError: if it has several v1alpha1 documents.
        """
        items = documents(text, target)
        return cls._of(text, tuple(item for item in items if isinstance(item, Tree) and not item.is_null))

    @classmethod
    def _of(cls, text: str, trees: tuple[Tree, ...]) -> Stream:
        found = [index for index, tree in enumerate(trees) if _is_legacy(tree.root)]
        if len(found) > 1:
            raise MigrateError("There are several v1alpha1 documents in this file; Talos takes one.")
        return cls(text, trees, found[0] if found else None)

    @property
    def root(self) -> Mapping | None:
        """The root of the v1alpha1 document."""
        root = None if self.legacy_index is None else self.trees[self.legacy_index].root
        return root if isinstance(root, Mapping) else None

    def entries(self, target: Release) -> tuple[LegacyEntry, ...]:
        """The entries of the legacy section, ``mirrors`` first.

        Raises:
            MigrateError: if a part of the section is written as an alias.
        """
        return tuple(_entries(self.root, target)) if self.root is not None else ()


_UNREADABLE = frozenset({"yaml-syntax", "limit-exceeded", "template-not-rendered"})


def _is_unreadable(one: Diagnostic) -> bool:
    """Whether a finding is about a document as a whole, which then has no nodes."""
    return one.code in _UNREADABLE and len(one.path) == 1


def _is_legacy(root: Node) -> bool:
    if not isinstance(root, Mapping):
        return False
    keys = {key.value for key, _ in pairs(root)}
    return "kind" not in keys and not keys.isdisjoint(legacy.MARKS)


def empty_sections(root: Mapping) -> list[Path]:
    """The parts of the legacy section that hold no entry."""
    paths = [REGISTRIES, *((*REGISTRIES, section) for section in legacy.ENTRIES)]
    return [path for path in paths if is_empty_at(root, path)]


def is_empty_at(root: Node, path: Path) -> bool:
    """Whether there is a value at a path of keys that holds nothing."""
    node = value_at(root, path)
    return node is not None and (is_null(node) or (isinstance(node, Mapping) and not node.content))


def value_at(node: Node, path: Path) -> Node | None:
    """The node at a path of keys."""
    for step in path:
        if not isinstance(node, Mapping):
            return None
        following = next((value for key, value in pairs(node) if key.value == step), None)
        if following is None:
            return None
        node = following
    return node


def _entries(root: Mapping, target: Release) -> Iterator[LegacyEntry]:
    for parent in (REGISTRIES[:1], REGISTRIES):
        _refuse_alias(value_at(root, parent), parent)
    for section in legacy.ENTRIES:
        path = (*REGISTRIES, section)
        mapping = value_at(root, path)
        _refuse_alias(mapping, path)
        if isinstance(mapping, Mapping):
            for key, value in pairs(mapping):
                documents = _documents(section, key, value, target)
                yield LegacyEntry((*path, key.value), key, value, documents)


def _refuse_alias(node: Node | None, path: Path) -> None:
    if isinstance(node, Alias):
        where = f"line {node.start_mark.line + 1}"
        raise MigrateError(
            f"{'.'.join(map(str, path))} is an alias (*{node.value}, {where}); write it out, then migrate it."
        )


def _documents(section: str, key: Node, value: Node, target: Release) -> tuple[RegistryDocument, ...] | None:
    entry, construction = resolved(value), Construction(target)
    if not isinstance(entry, Mapping):
        return None
    try:
        name = construction.string(key, ())
        values = construction.struct(legacy.ENTRIES[section], entry)
        construction.raise_for_errors()
    except GaveUp:
        return None
    if name is None or construction.met_odd_key:
        return None
    meant = legacy.documents({"machine": {"registries": {section: {name: values}}}})
    return tuple(TYPED[one["kind"]].from_values(one) for one in meant)
