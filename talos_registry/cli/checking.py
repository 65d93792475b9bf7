"""Many files checked, one by one or by several processes, always in the same order."""

from __future__ import annotations

import sys
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import click

from talos_registry.cli.candidates import candidates
from talos_registry.cli.files import is_own
from talos_registry.cli.intake import Skipped, Skips, examined, policy_for
from talos_registry.report.checked import Checked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from talos_registry.cli.candidates import Candidate
    from talos_registry.cli.intake import Foreign, Policy, Subject
    from talos_registry.cli.options import IntakeOptions
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.linting import Fixed
    from talos_registry.loading import MachineConfig

__all__ = ["FixedFile", "Judge", "Outcome", "check_files", "checked", "done", "refusal"]


class FixedFile(NamedTuple):
    """What a file holds, the text it is to hold, and the diagnostics that are fixed by it."""

    before: bytes
    after: str
    diagnostics: tuple[Diagnostic, ...]


class Outcome(NamedTuple):
    """What became of one file; without ``checked`` it was not looked at, and ``message`` tells why if that is still due.

    ``fixed`` is what is still to be written; ``checked`` is about the file as it will be then. ``skipped`` is set for a
    file that is not judged. ``data`` is what was read from standard input.
    """

    name: str
    checked: Checked | None = None
    fixed: FixedFile | None = None
    message: str = ""
    is_unreadable: bool = False
    skipped: Skipped | None = None
    is_carrier: bool = False
    data: bytes = b""


class Judge(NamedTuple):
    """How a config or a patch is judged, and fixed if it is to be; several processes need functions that can be pickled.

    ``output`` is the format of the report; only text shows lines of the file.
    """

    diagnostics: Callable[[MachineConfig], tuple[Diagnostic, ...]]
    fix: Callable[[MachineConfig], Fixed] | None = None
    output: str = "text"


_MANY = 100


def check_files(
    names: Sequence[str], judge: Judge, options: IntakeOptions, *, jobs: int = 1, alone: Foreign = "tell"
) -> Iterator[Outcome]:
    """The outcome of every file that ``names`` stand for, in order; ``jobs`` of 0 is a process for each core.

    Files that carriers name are judged with them, but not fixed. ``alone``: what becomes of a file of another tool that is
    the only one.
    """
    files = candidates(names, options)
    policy = policy_for(names, files, options, alone=alone)
    run = partial(_outcome, judge, policy)
    one_by_one = jobs == 1 or len(files) <= 1 or any(is_own(file.name) for file in files)
    outcomes = _with_progress(map(run, files) if one_by_one else _by_processes(run, files, jobs), len(files))
    yield from _without_skipped(outcomes, Skips(policy, is_verbose=options["verbose"]))


def _without_skipped(outcomes: Iterable[Outcome], skips: Skips) -> Iterator[Outcome]:
    """The outcomes; of files that are not judged what is to be reported of them instead."""
    for outcome in outcomes:
        reported = skips.take(outcome.skipped) if outcome.skipped else None
        yield outcome if reported is None else outcome._replace(checked=Checked(outcome.name, 0, (reported,)))
    skips.tell()


def _by_processes(run: Callable[[Candidate], Outcome], files: list[Candidate], jobs: int) -> Iterator[Outcome]:
    from talos_registry.cli.workers import LostError, process_count, run_in_processes

    try:
        yield from run_in_processes(run, files, process_count(jobs, len(files)))
    except LostError as lost:
        first, *others = lost.items
        which = f" and {len(others)} more" if others else ""
        yield Outcome(
            first.name, message=f"this file{which} not checked: a process of --jobs was killed", is_unreadable=True
        )


def _with_progress(outcomes: Iterable[Outcome], count: int) -> Iterator[Outcome]:
    """The outcomes as they come; many of them are counted where somebody waits at a terminal."""
    if count < _MANY or not sys.stderr.isatty():
        yield from outcomes
        return
    with click.progressbar(outcomes, count, "Checking", show_pos=True, file=sys.stderr) as counted:
        yield from counted


def _outcome(judge: Judge, policy: Policy, file: Candidate) -> Outcome:
    if not file.is_there:
        return Outcome(file.name, is_unreadable=True)
    try:
        subject = examined(file, policy)
    except OSError as error:
        return Outcome(file.name, message=error.strerror or str(error), is_unreadable=True)
    outcome = _examined(subject, judge._replace(fix=None) if file.is_followed else judge)
    return outcome._replace(data=subject.data) if file.name == "-" else outcome


def _examined(subject: Subject | Skipped, judge: Judge) -> Outcome:
    if isinstance(subject, Skipped):
        return Outcome(subject.name, skipped=subject._replace(data=b""))
    if subject.form == "carrier":
        from talos_registry.cli.carried import judged_carrier

        return judged_carrier(subject, judge)
    return _judged(subject, judge)


def _judged(subject: Subject, judge: Judge) -> Outcome:
    config = subject.config()
    fixed = judge.fix(config) if judge.fix else None
    if fixed is not None:
        config = fixed.config
    outcome = Outcome(
        subject.name,
        checked(config, judge.diagnostics(config), judge.output),
        message=refusal(fixed.refused) if fixed else "",
    )
    if not fixed or not fixed.applied:
        return outcome
    return outcome._replace(fixed=FixedFile(subject.data, config.text, done(fixed.applied)))


def refusal(diagnostics: Iterable[Diagnostic]) -> str:
    """What is said of fixes that are not made; "" if there are none."""
    codes = ", ".join(sorted({diagnostic.code for diagnostic in diagnostics}))
    return f"not fixed, because Talos would refuse the result: {codes}" if codes else ""


def done(diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """Findings whose fixes are made."""
    return tuple(replace(diagnostic, fix=None) for diagnostic in diagnostics)


def checked(config: MachineConfig, diagnostics: tuple[Diagnostic, ...], output: str) -> Checked:
    """What was found in a config, for the report in a format; only text shows lines of the file."""
    documents = len({entry.begin for entry in config.entries if entry.identity.kind})
    if output != "text" or not diagnostics:
        return Checked(config.filename, documents, diagnostics, talos_version=config.talos_version)
    from talos_registry.report.excerpt import excerpts

    shown = excerpts(config, diagnostics)
    return Checked(config.filename, documents, diagnostics, shown, talos_version=config.talos_version)
