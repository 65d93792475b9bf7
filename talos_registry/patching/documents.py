"""The documents of a config or a patch while patches are applied: what Talos knows them by, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from talos_registry.diagnostic import PatchError, dotted
from talos_registry.documents import KINDS, legacy
from talos_registry.documents.encoder import encoded
from talos_registry.documents.shapes import Struct
from talos_registry.goyaml.nodes import Mapping, pairs
from talos_registry.goyaml.tags import is_null, resolved

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Path
    from talos_registry.documents.shapes import Values
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig
    from talos_registry.loading.decoder import Identity

__all__ = [
    "Draft",
    "ForeignPartError",
    "document_key",
    "drafts_of",
    "foreign_part",
    "foreign_path",
    "name_of",
    "name_twice",
    "struct_of",
]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that patches change.

    ``key`` is what patches find it by. ``text`` is what stands in its file, and says what ``before`` holds; ``values``
    are what it shall say. Both are None for a document that is not decoded. ``origin`` is its place in the config, None for
    a document of a patch.
    """

    key: str
    kind: str
    text: str
    before: Values | None
    values: Values | None
    origin: int | None = None
    emptied: frozenset[tuple[str, ...]] = frozenset()

    @property
    def is_changed(self) -> bool:
        """Whether the text does not say what it shall."""
        struct = struct_of(self.kind)
        if struct is None or self.before is None or self.values is None:
            return False
        is_same = self.before == self.values or encoded(struct, self.before) == encoded(struct, self.values)
        return bool(self.emptied) or not is_same

    @property
    def content(self) -> Values | str:
        """What it holds, in the one form Talos writes; its text if it is not decoded."""
        struct = struct_of(self.kind)
        if struct is None or self.values is None:
            return self.text.strip().replace("\r\n", "\n")
        return encoded(struct, self.values)

    def named_anew(self) -> Draft:
        """The same under the key that goes with its values."""
        return self if self.values is None else replace(self, key=_key(self.kind, self.values))


def drafts_of(config: MachineConfig) -> dict[str, Draft]:
    """The documents of a config by what patches find them by.

    Raises:
        PatchError: with Talos' text if Talos cannot load the config.
    """
    if not config.loads:
        diagnostic = config.diagnostics[0]
        raise PatchError(config.talos_error or diagnostic.message, line=diagnostic.line, column=diagnostic.column)
    drafts = [
        Draft(
            document_key(entry.kind, entry.identity, entry.values),
            entry.kind,
            config.text[entry.begin : entry.end],
            entry.values,
            entry.values,
            origin,
        )
        for origin, entry in enumerate(config.entries)
    ]
    return {draft.key: draft for draft in drafts}


def struct_of(kind: str) -> Struct | None:
    """The shape of the documents of a kind, None for one that is not decoded."""
    if kind == legacy.KIND:
        return legacy.CONFIG
    return KINDS[kind].struct if kind in KINDS else None


def document_key(kind: str, identity: Identity, values: Values | None) -> str:
    """What Talos tells documents apart by: apiVersion, kind and name.

    Source: siderolabs/talos, pkg/machinery/config/configpatcher/strategic.go (documentID).
    """
    if values is None:
        return f"{identity.api_version}/{identity.kind}" + (f"/{identity.name}" if identity.name else "")
    return _key(kind, values)


def _key(kind: str, values: Values) -> str:
    if kind == legacy.KIND:
        return f"/{legacy.KIND}"
    key = f"{values.get('apiVersion', '')}/{values.get('kind', '')}"
    return f"{key}/{values.get('name', '')}" if KINDS[kind].named else key


def name_of(key: str) -> str:
    """What there can be one of in a config: kind and name, whatever the apiVersion."""
    return key.partition("/")[2]


def name_twice(drafts: Iterable[Draft]) -> str | None:
    """What Talos says about two documents of one kind and name, None if there are none.

    Source: siderolabs/talos, pkg/machinery/config/container/container.go (New).
    """
    seen: set[str] = set()
    for draft in drafts:
        name = name_of(draft.key)
        if name in seen:
            return (
                "duplicate v1alpha1.Config"
                if draft.kind == legacy.KIND
                else f"duplicate document: {name}" + ("" if "/" in name else "/")
            )
        seen.add(name)
    return None


def foreign_path(struct: Struct, node: Node, path: Path = ()) -> tuple[Path, Node] | None:
    """The first part of a document that is not decoded: its path and its key."""
    target = resolved(node)
    for key, value in pairs(target) if isinstance(target, Mapping) else ():
        here, inner = (*path, key.value), struct.fields.get(key.value)
        if inner is None and struct.undecoded is None and not is_null(value):
            return here, key
        if isinstance(inner, Struct) and inner.undecoded is None:
            foreign = foreign_path(inner, value, here)
            if foreign:
                return foreign
    return None


class ForeignPartError(PatchError):
    """A patch that reaches into what is not decoded."""


def foreign_part(path: Path, line: int, column: int) -> ForeignPartError:
    """The error of a patch that reaches into an unread part of the kind-less document."""
    message = (
        f"this tool cannot patch {dotted(path) or 'all of it at once'}: of the kind-less v1alpha1 document it reads only machine.registries and "
        "machine.features.imageCache"
    )
    return ForeignPartError(message, line=line, column=column)
