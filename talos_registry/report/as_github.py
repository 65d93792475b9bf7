"""Findings as GitHub workflow commands, which put them beside the lines of a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.messages import printable
from talos_registry.report.names import from_here

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.report.checked import Checked

__all__ = ["render"]

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(checked: Iterable[Checked]) -> Iterator[str]:
    """One command for each finding."""
    for file in checked:
        yield from map(_command, file.diagnostics)


def _command(diagnostic: Diagnostic) -> str:
    properties = ",".join(f"{key}={_escaped(str(value), ',:')}" for key, value in _properties(diagnostic).items())
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_escaped(diagnostic.message)}"


def _properties(diagnostic: Diagnostic) -> dict[str, object]:
    properties: dict[str, object] = {"file": printable(from_here(diagnostic.file))}
    if diagnostic.line is not None:
        properties |= {"line": diagnostic.line, "endLine": diagnostic.end_line}
        if diagnostic.line == diagnostic.end_line:
            # GitHub counts columns from 1 and includes the last one.
            properties |= {
                "col": diagnostic.column,
                "endColumn": max(diagnostic.column or 1, (diagnostic.end_column or 1) - 1),
            }
    return {**properties, "title": diagnostic.code}


def _escaped(text: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
