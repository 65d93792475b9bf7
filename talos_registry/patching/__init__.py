"""Patches of machine configs: read, applied and made as Talos does.

``effects`` says what patches change; its function has the name of the module. Reports enter ``alignment``, the rules
``applying`` and ``documents`` for what each patch changes, the command line ``making`` for the releases a patch misfits, round trips ``replacing`` for one document
in the place of another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.patching.applying import apply_patches
    from talos_registry.patching.making import make_patch

__all__ = ["apply_patches", "make_patch"]

__getattr__ = face(__name__, {"applying": ("apply_patches",), "making": ("make_patch",)})
