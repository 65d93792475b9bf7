"""Findings as text for people: what is wrong, the line it is in, and how to fix it."""

from __future__ import annotations

from collections import Counter
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.messages import printable
from talos_registry.report.style import styled
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic, Fix
    from talos_registry.report.checked import Checked
    from talos_registry.report.excerpt import Excerpt

__all__ = ["render", "render_finding", "render_summary"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


_FEW = 3
"""In how many files a finding is shown in each of them."""


def render(checked: Iterable[Checked]) -> Iterator[str]:
    """The lines of all findings, each with the line of the file as far as it may be shown.

    The same finding in many files is shown once, with the places of the others.
    """
    files = [file for file in checked if file.diagnostics]
    shared = _shared(files)
    for file in files:
        for diagnostic, excerpt in zip_longest(file.diagnostics, file.excerpts):
            places = shared.get(_said(diagnostic), [])
            if not places:
                yield from _lines(diagnostic, excerpt)
            elif places[0] is diagnostic:
                yield from _lines(diagnostic, excerpt)
                yield from _others(places)


def _lines(diagnostic: Diagnostic, excerpt: Excerpt | None) -> Iterator[str]:
    yield render_finding(diagnostic)
    yield from _excerpt(diagnostic, excerpt)
    if (fix := diagnostic.shown_fix) is not None:
        yield f"    {styled('help', fg='green', bold=True)}: {_help(fix)}"


def _shared(files: Iterable[Checked]) -> dict[tuple[str, ...], list[Diagnostic]]:
    """The findings that are the same in more than a few files."""
    found: dict[tuple[str, ...], dict[str, list[Diagnostic]]] = {}
    for file in files:
        for diagnostic in file.diagnostics:
            found.setdefault(_said(diagnostic), {}).setdefault(file.name, []).append(diagnostic)
    return {said: [*chain.from_iterable(by_file.values())] for said, by_file in found.items() if len(by_file) > _FEW}


def _said(diagnostic: Diagnostic) -> tuple[str, ...]:
    return diagnostic.code, diagnostic.severity, diagnostic.message


def _others(places: Sequence[Diagnostic]) -> Iterator[str]:
    files = len({diagnostic.file for diagnostic in places})
    yield f"    the same {_count(len(places), 'time')} in {files} files, also at:"
    yield from (f"      {_place(diagnostic)}" for diagnostic in places[1:])


def render_finding(diagnostic: Diagnostic) -> str:
    """``FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE``."""
    severity = styled(f"{diagnostic.severity}[{diagnostic.code}]", fg=_COLOURS[diagnostic.severity], bold=True)
    return f"{styled(_place(diagnostic), bold=True)}: {severity}: {diagnostic.message}"


def _place(diagnostic: Diagnostic) -> str:
    name = printable(diagnostic.file)
    return name if diagnostic.line is None else f"{name}:{diagnostic.line}:{diagnostic.column}"


def render_summary(checked: Sequence[Checked], shown: int = 0) -> str:
    """What was checked and how much was found, on one line; ``shown`` of it are shown as changes, and not listed."""
    documents = sum(file.documents for file in checked)
    counts = Counter(diagnostic.severity for file in checked for diagnostic in file.diagnostics)
    found = ", ".join(_count(counts[severity], severity) for severity in Severity if counts[severity])
    where = f"{_count(documents, 'document')} in {_count(len(checked), 'file')}{_for_talos(checked)}"
    changes = f"{_count(shown, 'change')} shown" if shown else ""
    return f"{where}: {', '.join(filter(None, (changes, found))) or 'nothing found'}"


def _for_talos(checked: Iterable[Checked]) -> str:
    """The versions that files are judged for, if that is not the newest."""
    versions = sorted({file.talos_version for file in checked}, key=lambda version: release_of(version)[1:3])
    return f", for Talos {' and '.join(versions)}" if versions not in ([], [LATEST]) else ""


def _excerpt(diagnostic: Diagnostic, shown: Excerpt | None) -> Iterator[str]:
    if shown is None:
        return
    number = str(diagnostic.line)
    carets = "^" * (shown.end - shown.begin)
    yield f"    {number} | {shown.line}"
    yield f"    {' ' * len(number)} | {' ' * shown.begin}{styled(carets, fg=_COLOURS[diagnostic.severity], bold=True)}"


def _help(fix: Fix) -> str:
    return f"{fix.title} ({'--fix' if fix.safe else '--fix --unsafe'})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
