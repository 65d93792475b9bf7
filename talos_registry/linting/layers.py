"""A patch whose documents set the same thing several times, which Talos merges in turn: every one of them is judged."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talos_registry.loading import MachineConfig

__all__ = ["layers"]


_MOST = 10
"""In how many parts a patch is judged; of what is set more often than that the last counts."""


def layers(config: MachineConfig) -> list[MachineConfig]:
    """The config, or of a patch as many parts as it takes to have everything that is set once in each."""
    levels = _levels(config) if config.is_patch else {}
    if not any(levels.values()):
        return [config]
    return [_part(config, levels, level) for level in range(max(levels.values()) + 1)]


def _levels(config: MachineConfig) -> dict[int, int]:
    """The part that each document goes to, by its index: the first in which nothing that it sets is set."""
    levels: dict[int, int] = {}
    taken: dict[tuple[str, str], int] = {}
    for setting in config.settings:
        index, key = int(setting.path[0]), (setting.kind, setting.name)
        levels[index] = min(max(levels.get(index, 0), taken.get(key, 0)), _MOST - 1)
        taken[key] = levels[index] + 1
    return levels


def _part(config: MachineConfig, levels: dict[int, int], level: int) -> MachineConfig:
    """The config with the documents of one level; the others have no values, and keep their indices."""
    entries = (
        entry if levels.get(index, 0) == level else entry._replace(values=None)
        for index, entry in enumerate(config.entries)
    )
    return replace(config, entries=tuple(entries))
