"""The registry settings of a config in merge order, as plain values: who looks at them needs no models."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.documents import legacy
from talos_registry.masking import masked_repr

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.documents.shapes import Values
    from talos_registry.loading.verdict import Entry

__all__ = ["Setting", "in_merge_order"]


class Setting(NamedTuple):
    """A mirror, or the credentials or TLS settings of a host, in a document or an entry of the legacy section.

    ``values`` are by the keys of the document, PEM as text. ``path`` leads to the whole, ``name_path`` to its name.
    """

    kind: str
    name: str
    values: Values
    path: Path
    name_path: Path
    is_legacy: bool

    def __repr__(self) -> str:
        return masked_repr(self, [name for name in self._fields if name != "values"])


def in_merge_order(entries: Iterable[Entry]) -> Iterator[Setting]:
    """The settings of a config, of which each replaces those before it of its kind and name as a whole.

    Source: siderolabs/talos, pkg/machinery/config/container/container.go (RegistryMirrorConfigs and its siblings).
    """
    decoded = [(index, entry.kind, entry.values) for index, entry in enumerate(entries) if entry.values is not None]
    for index, kind, values in decoded:
        if kind == legacy.KIND:
            yield from (_legacy(index, meant) for meant in legacy.documents(values))
    for index, kind, values in decoded:
        if kind in _KINDS:
            yield Setting(kind, values.get("name", ""), values, (index,), (index, "name"), is_legacy=False)


_KINDS = {"RegistryMirrorConfig": "", "RegistryAuthConfig": "auth", "RegistryTLSConfig": "tls"}
"""The kinds of settings, with the keys they have in an entry of the legacy ``config``."""


def _legacy(index: int, values: Values) -> Setting:
    kind, name = values["kind"], values["name"]
    section = "config" if _KINDS[kind] else "mirrors"
    entry: Path = (index, "machine", "registries", section, name)
    path = (*entry, _KINDS[kind]) if _KINDS[kind] else entry
    return Setting(kind, name, values, path, entry, is_legacy=True)
