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
        yield from map(_command, file.found)


def _command(one: Diagnostic) -> str:
    properties = ",".join(f"{key}={_escaped(str(value), ',:')}" for key, value in _properties(one).items())
    return f"::{_COMMANDS[one.severity]} {properties}::{_escaped(one.message)}"


def _properties(one: Diagnostic) -> dict[str, object]:
    properties: dict[str, object] = {"file": printable(from_here(one.file))}
    if one.line is not None:
        properties |= {"line": one.line, "endLine": one.end_line}
        if one.line == one.end_line:
            # GitHub counts columns from 1 and includes the last one.
            properties |= {"col": one.column, "endColumn": max(one.column or 1, (one.end_column or 1) - 1)}
    return {**properties, "title": one.code}


def _escaped(text: str, more: str = "") -> str:
    for char in f"%\r\n{more}":
        text = text.replace(char, f"%{ord(char):02X}")
    return text
