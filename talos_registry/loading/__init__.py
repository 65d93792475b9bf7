"""From text to documents and verdicts, as Talos loads a config.

Rooms that decode parts of a text themselves also enter ``config``, ``verdict``, ``decoder``, ``construction`` and
``mismatch``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.loading.config import MachineConfig, parse, parse_with_trees
    from talos_registry.loading.oversize import excess
    from talos_registry.loading.settings import Setting

__all__ = ["MachineConfig", "Setting", "excess", "parse", "parse_with_trees"]

__getattr__ = face(
    __name__,
    {"config": ("MachineConfig", "parse", "parse_with_trees"), "oversize": ("excess",), "settings": ("Setting",)},
)
