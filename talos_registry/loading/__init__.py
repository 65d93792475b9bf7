"""From text to documents and verdicts, as Talos loads a config.

Rooms that decode parts of a text themselves also enter ``config``, ``verdict``, ``conflicts``, ``decoder``, ``patches``,
``statements``, ``construction``, ``mismatch`` and ``unknown_keys``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.loading.carriers import CarriedPatch
    from talos_registry.loading.config import MachineConfig, parse, parse_patch, require_config
    from talos_registry.loading.oversize import excess
    from talos_registry.loading.recognition import (
        Recognition,
        is_plainly_config,
        recognise,
        recognise_trees,
        unrendered_form,
    )
    from talos_registry.loading.settings import Setting
    from talos_registry.loading.splicing import spliced
    from talos_registry.loading.target import parse_for_its_target

__all__ = [
    "CarriedPatch", "MachineConfig", "Recognition", "Setting", "excess", "is_plainly_config", "parse",
    "parse_for_its_target", "parse_patch", "recognise", "recognise_trees", "require_config", "spliced", "unrendered_form",
]  # fmt: skip

__getattr__ = face(
    __name__,
    {
        "carriers": ("CarriedPatch",),
        "config": ("MachineConfig", "parse", "parse_patch", "require_config"),
        "oversize": ("excess",),
        "recognition": ("Recognition", "is_plainly_config", "recognise", "recognise_trees", "unrendered_form"),
        "settings": ("Setting",),
        "splicing": ("spliced",),
        "target": ("parse_for_its_target",),
    },
)
