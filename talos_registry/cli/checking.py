"""Many files checked, one by one or by several processes, always in the same order."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import click

from talos_registry.cli.files import find_files, is_own, read_bytes
from talos_registry.cli.unrendered import reason_to_skip
from talos_registry.report.checked import Checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["Check", "FixedFile", "Outcome", "check_files", "checked"]


class FixedFile(NamedTuple):
    """What a file holds, the text it is to hold, and the diagnostics that are fixed by it."""

    before: bytes
    after: str
    diagnostics: tuple[Diagnostic, ...]


class Outcome(NamedTuple):
    """What became of one file; without ``checked`` it was not looked at, and ``message`` tells why if that is still due.

    ``fixed`` is what is still to be written; ``checked`` is about the file as it will be then.
    """

    name: str
    checked: Checked | None = None
    fixed: FixedFile | None = None
    message: str = ""
    is_unreadable: bool = False


Check: TypeAlias = "Callable[[bytes, str], Outcome]"
"""Checks what is in a file of that name; several processes need one that can be pickled."""

_MANY = 100


def check_files(names: Iterable[str], check: Check, *, jobs: int = 1) -> Iterator[Outcome]:
    """The outcome of every file that ``names`` stand for, in order; ``jobs`` of 0 is a process for each core."""
    files = list(find_files(names))
    run = partial(_outcome, check)
    one_by_one = jobs == 1 or len(files) <= 1 or any(is_own(name) for name, _ in files)
    yield from _with_progress(map(run, files) if one_by_one else _by_processes(run, files, jobs), len(files))


def _by_processes(
    run: Callable[[tuple[str, bool]], Outcome], files: list[tuple[str, bool]], jobs: int
) -> Iterator[Outcome]:
    from talos_registry.cli.workers import LostError, process_count, run_in_processes

    try:
        yield from run_in_processes(run, files, process_count(jobs, len(files)))
    except LostError as lost:
        (name, _), *others = lost.items
        which = f" and {len(others)} more" if others else ""
        yield Outcome(name, message=f"this file{which} not checked: a process of --jobs was killed", is_unreadable=True)


def _with_progress(outcomes: Iterable[Outcome], count: int) -> Iterator[Outcome]:
    """The outcomes as they come; many of them are counted where somebody waits at a terminal."""
    if count < _MANY or not sys.stderr.isatty():
        yield from outcomes
        return
    with click.progressbar(outcomes, count, "Checking", show_pos=True, file=sys.stderr) as counted:
        yield from counted


def _outcome(check: Check, file: tuple[str, bool]) -> Outcome:
    name, is_there = file
    if not is_there:
        return Outcome(name, is_unreadable=True)
    try:
        data = read_bytes(name)
    except OSError as error:
        return Outcome(name, message=error.strerror or str(error), is_unreadable=True)
    reason = reason_to_skip(name, data)
    return Outcome(name, message=f"skipped: {reason}") if reason else check(data, name)


def checked(config: MachineConfig, diagnostics: tuple[Diagnostic, ...], output: str) -> Checked:
    """What was found in a config, for the report in a format; only text shows lines of the file."""
    documents = sum(entry.identity.kind != "" for entry in config.entries)
    if output != "text" or not diagnostics:
        return Checked(config.filename, documents, diagnostics)
    from talos_registry.report.excerpt import excerpts

    return Checked(config.filename, documents, diagnostics, excerpts(config, diagnostics))
