"""What Talos accepts and one would regret: the engine, what rules see and say, and the rules.

Commands that explain a code also enter ``pages`` and ``rules``, which read no YAML.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.linting.fixer import Fixed, fix
    from talos_registry.linting.linter import lint

__all__ = ["Fixed", "fix", "lint"]

__getattr__ = face(__name__, {"fixer": ("Fixed", "fix"), "linter": ("lint",)})
