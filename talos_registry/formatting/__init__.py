"""Canonical text that keeps what only the text knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.formatting.appending import appended
    from talos_registry.formatting.formatter import formatted

__all__ = ["appended", "formatted"]

__getattr__ = face(__name__, {"appending": ("appended",), "formatter": ("formatted",)})
