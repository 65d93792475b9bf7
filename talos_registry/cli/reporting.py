"""What ``validate`` and ``lint`` share: the formats, the report, and the exit code that follows from it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, NoReturn

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.streams import complain, harmless, is_quiet
from talos_registry.cli.targets import warn_of_newer
from talos_registry.diagnostic import Severity
from talos_registry.report import FORMATS, rendered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talos_registry.cli.checking import Outcome
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.report.checked import Checked

__all__ = ["finish", "format_option"]

format_option = click.option(
    "--format",
    "output",
    type=click.Choice([*FORMATS]),
    default="text",
    show_default=True,
    help="Output format.",
)


def finish(
    outcomes: Iterable[Outcome], output: str, *, fail_on: Severity = Severity.ERROR, err: bool = False
) -> NoReturn:
    """Print the report and end the process; findings at or above ``fail_on`` make the exit code 1, fixed ones do not.

    ``err``: the report goes to stderr.
    """
    checked: list[Checked] = []
    pending: list[Diagnostic] = []
    is_unreadable = False
    for outcome in outcomes:
        if outcome.message:
            complain(outcome.message, outcome.name)
        if outcome.checked is not None:
            checked.append(outcome.checked)
        if outcome.fixed is not None:
            pending.extend(outcome.fixed.diagnostics)
        is_unreadable |= outcome.is_unreadable
    warn_of_newer(file.talos_version for file in checked)
    _print(checked, output, len(pending), err=err)
    diagnostics = (*pending, *(diagnostic for file in checked for diagnostic in file.diagnostics))
    has_findings = any(diagnostic.severity >= fail_on for diagnostic in diagnostics)
    sys.exit(Exit.USAGE if is_unreadable else Exit.FINDINGS if has_findings else Exit.CLEAN)


def _print(checked: Sequence[Checked], output: str, shown: int, *, err: bool) -> None:
    for part in rendered(checked, output):
        click.echo(part if output == "github" else harmless(part), err=err)
    if checked and output != "json" and not is_quiet():
        from talos_registry.report.as_text import render_summary

        click.echo(render_summary(checked, shown), err=True)
