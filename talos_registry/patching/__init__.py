"""Patches of machine configs: read, applied and made as Talos does.

Reports enter ``alignment``, the rules ``applying`` and ``documents`` for what each patch changes, the command line
``effects`` for how two configs differ, and ``making`` for the releases a patch misfits, round trips ``replacing`` for one
document in the place of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.patching.applying import apply_patches
    from talos_registry.patching.effects import Effect, ValueChange, patch_effects
    from talos_registry.patching.making import make_patch

__all__ = ["Effect", "ValueChange", "apply_patches", "make_patch", "patch_effects"]

__getattr__ = face(
    __name__,
    {
        "applying": ("apply_patches",),
        "effects": ("Effect", "ValueChange", "patch_effects"),
        "making": ("make_patch",),
    },
)
