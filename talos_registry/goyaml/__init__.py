"""YAML as go-yaml reads and writes it: text, nodes and their places; nothing here knows Talos' documents.

Rooms above also enter ``editing``, the one editor, which has a face of its own, and the modules that they work with node
by node: ``composer`` and ``feed`` (from text to trees), ``nodes``, ``tags``, ``scalars`` and ``plain`` (what they hold), ``paths``, ``text`` and ``comments`` (where it stands),
``representer`` and ``emitter`` (how it is written), ``errors`` (what go-yaml says).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.goyaml.composer import Broken, Source, Tree, documents
    from talos_registry.goyaml.emitter import write

__all__ = ["Broken", "Source", "Tree", "documents", "write"]

__getattr__ = face(__name__, {"composer": ("Broken", "Source", "Tree", "documents"), "emitter": ("write",)})
