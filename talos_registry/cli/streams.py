"""What is printed: talk on stderr, reports and configs on stdout.

File names, keys and texts of configs are other people's. On a terminal or in a log they are text and nothing else: no
control character reaches it, and no line begins as a command of a GitHub workflow does.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Diagnostic

__all__ = ["complain", "harmless", "print_config", "print_findings", "print_report", "say"]

_COMMAND = re.compile(r"^((?:\s|\x1b\[[\d;]*m)*):(?=:)", re.MULTILINE)
"""What makes a line of a log a command of a GitHub workflow, also behind a colour of ours, which a log does without."""


def say(text: str) -> None:
    """Print a line on stderr."""
    click.echo(harmless(printable(text)), err=True)


def complain(what: str, name: str | None = None) -> None:
    """Say on stderr what is the matter, with the file of that name if it is about one."""
    say(f"talos-registry: {what}" if name is None else f"talos-registry: {name}: {what}")


def print_report(text: str) -> None:
    """Print a report whose parts have been made printable."""
    click.echo(harmless(text))


def print_findings(diagnostics: Iterable[Diagnostic], *, err: bool = True) -> None:
    """Print a line for each finding, on stderr unless they are what was asked for."""
    from talos_registry.report.as_text import render_finding

    for diagnostic in diagnostics:
        click.echo(harmless(render_finding(diagnostic)), err=err)


def print_config(text: str) -> None:
    """Print a config as it is: in UTF-8 whatever the terminal's encoding, with the bytes that are no text."""
    click.echo(text.encode("utf-8", "surrogateescape"), nl=False)


def harmless(text: str) -> str:
    """The text with a first colon escaped in lines that would be commands."""
    return _COMMAND.sub(r"\1\\x3a", text)
