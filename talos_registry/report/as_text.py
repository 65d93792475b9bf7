"""Findings as text, one line each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.diagnostic import Diagnostic

__all__ = ["render_finding", "render_summary"]

_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}


def render_finding(one: Diagnostic) -> str:
    """``FILE:LINE:COLUMN: SEVERITY[CODE]: MESSAGE``."""
    place = one.file if one.line is None else f"{one.file}:{one.line}:{one.column}"
    severity = styled(f"{one.severity}[{one.code}]", fg=_COLOURS[one.severity], bold=True)
    return f"{styled(place, bold=True)}: {severity}: {one.message}"


def render_summary(found: Sequence[Diagnostic], *, files: int, documents: int) -> str:
    """What was checked and how much was found, on one line."""
    checked = f"{_count(documents, 'document')} in {_count(files, 'file')}"
    counts = ((severity, sum(one.severity is severity for one in found)) for severity in Severity)
    said = ", ".join(_count(count, severity) for severity, count in counts if count)
    return f"{checked}: {said or 'nothing found'}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
