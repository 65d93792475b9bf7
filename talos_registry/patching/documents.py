"""The documents of a config or a patch while patches are applied: what Talos knows them by, and what they hold."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded
from talos_registry.documents.kinds import is_named, struct_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.documents.shapes import Struct, Values
    from talos_registry.loading import MachineConfig
    from talos_registry.loading.decoder import Identity
    from talos_registry.versions import Release

__all__ = ["Draft", "drafted", "drafts_of", "name_of", "name_twice"]


@dataclass(frozen=True, slots=True)
class Draft:
    """A document that patches change.

    ``key`` is what patches find it by. ``text`` is what stands in its file, and says what ``before`` holds; ``values``
    are what it shall say. Both are None for a document that is not decoded, as is its ``struct``. ``origin`` is its place
    in the config, None for a document of a patch.
    """

    key: str
    kind: str
    text: str
    struct: Struct | None
    before: Values | None
    values: Values | None
    origin: int | None = None

    @property
    def is_changed(self) -> bool:
        """Whether the text does not say what it shall."""
        if self.struct is None or self.before is None or self.values is None:
            return False
        return self.before != self.values and encoded(self.struct, self.before) != encoded(self.struct, self.values)

    @property
    def content(self) -> Values | str:
        """What it holds, in the one form Talos writes; its text if it is not decoded."""
        if self.struct is None or self.values is None:
            return self.text.strip().replace("\r\n", "\n")
        return encoded(self.struct, self.values)

    def named_anew(self, release: Release) -> Draft:
        """The same under the key that goes with its values."""
        return self if self.values is None else replace(self, key=_key(self.kind, self.values, release))


def drafted(
    kind: str, identity: Identity, text: str, values: Values | None, release: Release, origin: int | None = None
) -> Draft:
    """A document that no patch has changed yet.

    Talos tells documents apart by apiVersion, kind and name.

    Source: siderolabs/talos, pkg/machinery/config/configpatcher/strategic.go (documentID).
    """
    if values is None:
        key = f"{identity.api_version}/{identity.kind}" + (f"/{identity.name}" if identity.name else "")
    else:
        key = _key(kind, values, release)
    return Draft(key, kind, text, struct_of(kind, release), values, values, origin)


def _key(kind: str, values: Values, release: Release) -> str:
    if kind == legacy.KIND:
        return f"/{legacy.KIND}"
    key = f"{values.get('apiVersion', '')}/{values.get('kind', '')}"
    return f"{key}/{values.get('name', '')}" if is_named(kind, release) else key


def drafts_of(config: MachineConfig) -> dict[str, Draft]:
    """The documents of a config by what patches find them by.

    Raises:
        PatchError: with Talos' text if Talos cannot load the config.
    """
    if not config.loads:
        diagnostic = config.diagnostics[0]
        raise PatchError(config.talos_error or diagnostic.message, line=diagnostic.line, column=diagnostic.column)
    drafts = [
        drafted(entry.kind, entry.identity, config.text[entry.begin : entry.end], entry.values, config.release, origin)
        for origin, entry in enumerate(config.entries)
    ]
    return {draft.key: draft for draft in drafts}


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
