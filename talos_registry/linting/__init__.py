"""What Talos accepts and one would regret: the engine, what rules see and say, and the rules.

``Rule``, ``View`` and ``Finding`` are for rules of one's own; a finding with a fix has a ``ProposedFix`` of ``Put``,
``Remove`` and ``Add``. Commands that explain a code also enter ``pages`` and ``rules``, which read no YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.linting.finding import Add, Finding, ProposedFix, Put, Remove
    from talos_registry.linting.fixer import Fixed, fix
    from talos_registry.linting.linter import lint
    from talos_registry.linting.pages import Page, explain
    from talos_registry.linting.rules import Rule
    from talos_registry.linting.view import View

__all__ = [
    "Add", "Finding", "Fixed", "Page", "ProposedFix", "Put", "Remove", "Rule", "View", "explain", "fix", "lint",
]  # fmt: skip

__getattr__ = face(
    __name__,
    {
        "finding": ("Add", "Finding", "ProposedFix", "Put", "Remove"),
        "fixer": ("Fixed", "fix"),
        "linter": ("lint",),
        "pages": ("Page", "explain"),
        "rules": ("Rule",),
        "view": ("View",),
    },
)
