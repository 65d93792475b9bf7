"""Fixes what lint finds, by the edits of its diagnostics; all else in the text stays as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.arguments import refuse_text
from talos_registry.diagnostic import Severity
from talos_registry.goyaml.editing import CannotEdit, Editor, is_planned, keeps_comments, layout_of, with_cuts
from talos_registry.linting.edits import Growing
from talos_registry.linting.linter import lint
from talos_registry.loading import require_config

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig
    from talos_registry.resolution import Reference

__all__ = ["Fixed", "fix"]

_MAX_ROUNDS = 10
"""One fix can make room for another; more rounds than this would be two that undo each other."""


class Fixed(NamedTuple):
    """What ``fix`` made of a config.

    Attributes:
        config: the fixed config; the one that was given if there was nothing to fix.
        applied: the diagnostics that were fixed, in the order they were.
        refused: those whose fix was not made, because Talos would refuse more of its result than before.
    """

    config: MachineConfig
    applied: tuple[Diagnostic, ...]
    refused: tuple[Diagnostic, ...]


def fix(
    config: MachineConfig,
    *,
    unsafe: bool = False,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    images: Iterable[str | Reference] = (),
) -> Fixed:
    """The config with all safe fixes made, and with ``unsafe`` the others, too; all else in its text stays as it is.

    A fix after which Talos would refuse more than before is not made.

    Args:
        config: what ``parse`` made of the file.
        unsafe: make also the fixes by which a pull that works can change.
        select: as for ``lint``.
        ignore: as for ``lint``.
        images: as for ``lint``.

    Raises:
        ValueError, InvalidReferenceError, TypeError: as ``lint``.
    """
    require_config("fix", config)
    refuse_text("fix", "images as a collection", images)
    images = tuple(images)
    applied: list[Diagnostic] = []
    offered: list[Diagnostic] = []
    for _ in range(_MAX_ROUNDS):
        offered = [
            diagnostic
            for diagnostic in lint(config, select=select, ignore=ignore, images=images)
            if diagnostic.fix and (diagnostic.fix.safe or unsafe)
        ]
        config, made = _made(config, offered)
        if not made:
            break
        applied += made
    return Fixed(config, tuple(applied), tuple(offered))


def _made(config: MachineConfig, offered: Sequence[Diagnostic]) -> tuple[MachineConfig, list[Diagnostic]]:
    """As many fixes as go together; where they make things worse, half of them, for the others wait for the next round."""
    chosen, plans = _together(offered)
    if not chosen:
        return config, []
    fixed = _edited(config, plans)
    if fixed is not None and _errors(fixed) <= _errors(config) - _cured(chosen):
        return fixed, chosen
    if len(chosen) == 1:
        return config, []
    half = len(chosen) // 2
    first = _made(config, chosen[:half])
    return first if first[1] else _made(config, chosen[half:])


def _cured(chosen: Sequence[Diagnostic]) -> int:
    """How many errors are to be gone after several fixes; one alone may bring to light what its error hid."""
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in chosen) if len(chosen) > 1 else 0


def _together(offered: Iterable[Diagnostic]) -> tuple[list[Diagnostic], dict[int, Growing]]:
    """The fixes that go together, and what they make of the documents, by their indices."""
    chosen: list[Diagnostic] = []
    plans: dict[int, Growing] = {}
    for diagnostic in offered:
        plan = plans.setdefault(int(diagnostic.path[0]), Growing())
        if diagnostic.fix and plan.takes(diagnostic.fix.plan):
            plan.take(diagnostic.fix.plan)
            chosen.append(diagnostic)
    return chosen, plans


def _edited(config: MachineConfig, plans: Mapping[int, Growing]) -> MachineConfig | None:
    """The config with its documents changed; None where that cannot be done without changing more."""
    roots = config.roots
    members = {index: plan.members() for index, plan in plans.items()}
    editor = Editor(config.lines, layout_of(roots.values()))
    try:
        cuts = [cut for index, plan in members.items() for cut in editor.cuts(roots[index], plan)]
        text = with_cuts(config.text, cuts)
    except CannotEdit:
        return None
    fixed = config.with_text(text)
    new_roots = [tree.root for tree in fixed.trees]
    planned = [(root, members.get(index), new) for (index, root), new in zip(roots.items(), new_roots, strict=False)]
    is_proved = len(roots) == len(new_roots) and is_planned(planned)
    return fixed if is_proved and keeps_comments((config.text, roots.values()), cuts, (text, new_roots)) else None


def _errors(config: MachineConfig) -> int:
    return sum(diagnostic.severity is Severity.ERROR for diagnostic in config.diagnostics)
