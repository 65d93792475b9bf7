"""Findings as text for people: what is wrong, the line it is in, and how to fix it."""

from __future__ import annotations

from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.messages import printable
from talos_registry.report.checked import shown_fix
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic, Fix
    from talos_registry.report.checked import Checked
    from talos_registry.report.excerpt import Excerpt

__all__ = ["render", "render_finding", "render_summary"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render(checked: Iterable[Checked]) -> Iterator[str]:
    """The lines of all findings, each with the line of the file as far as it may be shown."""
    for file in (file for file in checked if file.diagnostics):
        for diagnostic, excerpt in zip_longest(file.diagnostics, file.excerpts):
            yield render_finding(diagnostic)
            yield from _excerpt(diagnostic, excerpt)
            if (fix := shown_fix(diagnostic)) is not None:
                yield f"    {styled('help', fg='green', bold=True)}: {_help(fix)}"


def render_finding(diagnostic: Diagnostic) -> str:
    """``FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE``."""
    name = printable(diagnostic.file)
    place = name if diagnostic.line is None else f"{name}:{diagnostic.line}:{diagnostic.column}"
    severity = styled(f"{diagnostic.severity}[{diagnostic.code}]", fg=_COLOURS[diagnostic.severity], bold=True)
    return f"{styled(place, bold=True)}: {severity}: {diagnostic.message}"


def render_summary(checked: Sequence[Checked]) -> str:
    """What was checked and how much was found, on one line."""
    documents = sum(file.documents for file in checked)
    counts = Counter(diagnostic.severity for file in checked for diagnostic in file.diagnostics)
    found = ", ".join(_count(counts[severity], severity) for severity in Severity if counts[severity])
    return f"{_count(documents, 'document')} in {_count(len(checked), 'file')}: {found or 'nothing found'}"


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
