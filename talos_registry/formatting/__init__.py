"""Canonical text that keeps what only the text knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.formatting.appending import append
    from talos_registry.formatting.formatter import format_config

__all__ = ["append", "format_config"]

__getattr__ = face(__name__, {"appending": ("append",), "formatter": ("format_config",)})
