"""Fixes of what Talos refuses: unknown keys that are nearly known ones are renamed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talos_registry.documents.kinds import struct_of
from talos_registry.documents.shapes import ListOf, MapOf, Struct
from talos_registry.linting.finding import ProposedFix, Put
from talos_registry.linting.placing import Fixes
from talos_registry.loading.unknown_keys import meant_key
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.documents.shapes import Shape
    from talos_registry.goyaml.paths import Locator
    from talos_registry.loading import MachineConfig

__all__ = ["refusals"]


def refusals(config: MachineConfig) -> Iterator[Diagnostic]:
    """What Talos refuses in a config, with the fixes that there are."""
    if not any(map(_is_unknown_key, config.diagnostics)):
        yield from config.diagnostics
        return
    roots = {tree.index: config.places(tree) for tree in config.trees}
    fixes = {index: Fixes(places, config) for index, places in roots.items()}
    taken: set[Path] = set()
    for diagnostic in config.diagnostics:
        index = int(diagnostic.path[0]) if _is_unknown_key(diagnostic) else -1
        renamed = _renamed(config, diagnostic, roots[index]) if index in roots else None
        if renamed is None or renamed in taken:
            yield diagnostic
            continue
        taken.add(renamed)
        key = str(renamed[-1])
        rename = ProposedFix(f"Write {quoted(key)}", (Put(diagnostic.path, key, is_key=True),))
        yield replace(diagnostic, fix=fixes[index].of(rename))


def _is_unknown_key(diagnostic: Diagnostic) -> bool:
    return diagnostic.code == "unknown-key" and len(diagnostic.path) > 1


def _renamed(config: MachineConfig, diagnostic: Diagnostic, places: Locator) -> Path | None:
    """The path of the key that is meant, None if nobody can tell or it is there already."""
    index, *above, key = diagnostic.path
    struct = _struct_at(struct_of(diagnostic.kind, config.release), above)
    meant = meant_key(struct, str(key)) if struct is not None else None
    if meant is None or len(list(places.walk((*above, meant)))) > len(above) + 1:
        return None
    return (index, *above, meant)


def _struct_at(shape: Shape | None, path: list[str | int]) -> Struct | None:
    for step in path:
        if isinstance(shape, Struct):
            shape = shape.fields.get(str(step))
        else:
            shape = shape.item if isinstance(shape, MapOf | ListOf) else None
    return shape if isinstance(shape, Struct) else None
