"""Changes of one document, as edits of its text: what a plan does not name keeps its bytes.

One policy for all who edit. A comment goes with what it stands beside, directly above at the same indentation, or below
and further in. New lines are indented and end as those of the file; in braces everything stays in braces, in quotes
everything in quotes. Where that cannot be done, ``CannotEdit`` says why.
"""

from __future__ import annotations

from talos_registry.goyaml.editing.canvas import Canvas
from talos_registry.goyaml.editing.editor import Editor
from talos_registry.goyaml.editing.ending import ended
from talos_registry.goyaml.editing.layout import layout_of
from talos_registry.goyaml.editing.plan import REMOVE, CannotEdit, Cut, Item, Members, Plan, Replace, with_cuts
from talos_registry.goyaml.editing.proof import difference, is_planned, keeps_comments
from talos_registry.goyaml.editing.scalars import last_block
from talos_registry.goyaml.editing.streams import closed, with_documents

__all__ = [
    "REMOVE",
    "CannotEdit",
    "Canvas",
    "Cut",
    "Editor",
    "Item",
    "Members",
    "Plan",
    "Replace",
    "closed",
    "difference",
    "ended",
    "is_planned",
    "keeps_comments",
    "last_block",
    "layout_of",
    "with_cuts",
    "with_documents",
]
