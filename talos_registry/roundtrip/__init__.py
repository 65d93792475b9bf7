"""Registry documents in the round-trip trees of ruamel.yaml, for scripts that load a file, mend it and dump it again.

The trees are those of ``list(YAML().load_all(text))``, or one of ``YAML().load(text)``; plain dicts and lists will do, too.
Only this room imports ruamel.yaml.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.roundtrip.building import tree_of
    from talos_registry.roundtrip.inserting import merge_into
    from talos_registry.roundtrip.places import locate
    from talos_registry.roundtrip.reading import config_of

__all__ = ["config_of", "locate", "merge_into", "tree_of"]

__getattr__ = face(
    __name__,
    {
        "building": ("tree_of",),
        "inserting": ("merge_into",),
        "places": ("locate",),
        "reading": ("config_of",),
    },
)
