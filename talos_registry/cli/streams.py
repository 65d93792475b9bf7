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

__all__ = [
    "be_quiet",
    "complain",
    "harmless",
    "is_quiet",
    "note",
    "print_config",
    "print_findings",
    "print_report",
    "remark",
    "say",
]

_COMMAND = re.compile(r"^((?:\s|\x1b\[[\d;]*m)*):(?=:)", re.MULTILINE)
"""What makes a line of a log a command of a GitHub workflow, also behind a colour of ours, which a log does without."""


def say(text: str) -> None:
    """Print a line on stderr."""
    click.echo(harmless(printable(text)), err=True)


def complain(what: str, name: str | None = None) -> None:
    """Say on stderr what is the matter, with the file of that name if it is about one."""
    say(f"talos-registry: {what}" if name is None else f"talos-registry: {name}: {what}")


def remark(text: str) -> None:
    """Print a line on stderr that somebody may want to know, but not with ``-q``."""
    if not is_quiet():
        say(text)


def note(what: str, name: str | None = None) -> None:
    """Say on stderr what somebody may want to know, but not with ``-q``."""
    if not is_quiet():
        complain(what, name)


_QUIET = "talos_registry.quiet"


def be_quiet(ctx: click.Context, param: click.Parameter, value: bool) -> None:  # noqa: ARG001 - click's signature
    """The callback of ``-q``."""
    ctx.find_root().meta[_QUIET] = value


def is_quiet() -> bool:
    """Whether ``-q`` was given."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(context.find_root().meta.get(_QUIET))


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
