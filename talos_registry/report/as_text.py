"""Findings as text for people: what is wrong, the line it is in, and how to mend it."""

from __future__ import annotations

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
    for file in (file for file in checked if file.found):
        for one, excerpt in zip_longest(file.found, file.excerpts):
            yield render_finding(one)
            yield from _excerpt(one, excerpt)
            if (fix := shown_fix(one)) is not None:
                yield f"    {styled('help', fg='green', bold=True)}: {_help(fix)}"


def render_finding(one: Diagnostic) -> str:
    """``FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE``."""
    name = printable(one.file)
    place = name if one.line is None else f"{name}:{one.line}:{one.column}"
    severity = styled(f"{one.severity}[{one.code}]", fg=_COLOURS[one.severity], bold=True)
    return f"{styled(place, bold=True)}: {severity}: {one.message}"


def render_summary(found: Sequence[Diagnostic], *, files: int, documents: int) -> str:
    """What was checked and how much was found, on one line."""
    checked = f"{_count(documents, 'document')} in {_count(files, 'file')}"
    counts = ((severity, sum(one.severity is severity for one in found)) for severity in Severity)
    said = ", ".join(_count(count, severity) for severity, count in counts if count)
    return f"{checked}: {said or 'nothing found'}"


def _excerpt(one: Diagnostic, shown: Excerpt | None) -> Iterator[str]:
    if shown is None:
        return
    number = str(one.line)
    carets = "^" * (shown.end - shown.begin)
    yield f"    {number} | {shown.line}"
    yield f"    {' ' * len(number)} | {' ' * shown.begin}{styled(carets, fg=_COLOURS[one.severity], bold=True)}"


def _help(fix: Fix) -> str:
    return f"{fix.title} ({'--fix' if fix.safe else '--fix --unsafe'})"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
