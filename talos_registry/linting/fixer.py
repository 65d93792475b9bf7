"""Mends what lint finds, by the edits its findings carry; all else in the text stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import Severity
from talos_registry.goyaml.text import apply_edits
from talos_registry.linting.linter import lint

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talos_registry.diagnostic import Diagnostic, Edit
    from talos_registry.loading.config import MachineConfig

__all__ = ["Fixed", "fix"]

_MAX_ROUNDS = 10
"""One fix can make room for another; more rounds than this would be two that undo each other."""


class Fixed(NamedTuple):
    """The mended config, the findings that were mended, in the order they were, and those that could not be.

    A fix is ``refused`` if Talos would refuse more of its result than before.
    """

    config: MachineConfig
    applied: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]


def fix(config: MachineConfig, *, unsafe: bool = False, **options: Any) -> Fixed:  # noqa: ANN401 - those of lint
    """The config with all safe fixes made, and with ``unsafe`` the others, too; ``options`` are those of ``lint``.

    A fix after which Talos would refuse more than before is not made.

    Raises:
        ValueError, InvalidReferenceError: as ``lint``.
    """
    applied: list[Diagnostic] = []
    offered: list[Diagnostic] = []
    for _ in range(_MAX_ROUNDS):
        offered = [one for one in lint(config, **options) if one.fix and (one.fix.safe or unsafe)]
        chosen = _apart(offered)
        mended, made = _made(config, chosen) if chosen else (config, [])
        if not made:
            break
        config = mended
        applied += made
    return Fixed(config, tuple(applied), tuple(offered))


def _made(config: MachineConfig, chosen: Sequence[Diagnostic]) -> tuple[MachineConfig, list[Diagnostic]]:
    """All chosen fixes at once, or, where that makes things worse, those that do not."""
    mended = _edited(config, chosen)
    if _errors(mended) <= _errors(config):
        return mended, list(chosen)
    if len(chosen) == 1:
        return config, []
    half = len(chosen) // 2
    # The places of the second half move with the first, so it waits for the next round.
    first = _made(config, chosen[:half])
    return first if first[1] else _made(config, chosen[half:])


def _edited(config: MachineConfig, chosen: Iterable[Diagnostic]) -> MachineConfig:
    edits = [edit for one in chosen for edit in _edits(one)]
    return config.with_text(apply_edits(config.text, edits))


def _errors(config: MachineConfig) -> int:
    return sum(one.severity is Severity.ERROR for one in config.diagnostics)


def _apart(offered: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The fixes whose edits do not touch those of one before."""
    chosen: list[Diagnostic] = []
    taken: dict[int, list[Edit]] = {}
    for one in offered:
        edits = _edits(one)
        if not any(_touch(edit, other) for edit in edits for line in _lines(edit) for other in taken.get(line, ())):
            chosen.append(one)
            for edit in edits:
                for line in _lines(edit):
                    taken.setdefault(line, []).append(edit)
    return chosen


def _edits(one: Diagnostic) -> tuple[Edit, ...]:
    return one.fix.edits if one.fix else ()


def _lines(edit: Edit) -> range:
    return range(edit.span.line, edit.span.end_line + 1)


def _touch(edit: Edit, other: Edit) -> bool:
    return edit.span[:2] <= other.span[2:] and other.span[:2] <= edit.span[2:]
