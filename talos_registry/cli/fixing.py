"""What ``lint --fix`` and ``--diff`` do with fixed files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from talos_registry.cli.difference import show_carrier_changes, show_changes
from talos_registry.cli.streams import note
from talos_registry.cli.writing import WriteError, encoded_like, write_back
from talos_registry.loading import parse

if TYPE_CHECKING:
    from talos_registry.cli.checking import Outcome

__all__ = ["show_difference", "write_fixed"]


def write_fixed(outcome: Outcome) -> Outcome:
    """Write a fixed file, and say what was fixed; a file that cannot be written is not reported on.

    Standard input is written to standard output, also when there is nothing to fix in it.
    """
    if outcome.fixed is None:
        click.echo(outcome.data, nl=False)
        return outcome
    before, after, diagnostics = outcome.fixed
    try:
        _write(outcome.name, before, encoded_like(after, before))
    except WriteError as error:
        error.show()
        return outcome._replace(checked=None, fixed=None, is_unreadable=True)
    counts = Counter(diagnostic.code for diagnostic in diagnostics)
    note("fixed: " + ", ".join(f"{code} ({count})" for code, count in counts.items()), outcome.name)
    return outcome._replace(fixed=None)


def _write(name: str, before: bytes, after: bytes) -> None:
    if name == "-":
        click.echo(after, nl=False)
    else:
        write_back(name, before, after)


def show_difference(outcome: Outcome) -> Outcome:
    """Print what would be written, with secrets masked, as a unified diff."""
    if outcome.fixed is not None and outcome.checked is not None:
        before, after, _ = outcome.fixed
        version = outcome.checked.talos_version
        show = show_carrier_changes if outcome.is_carrier else show_changes
        show(parse(before, filename=outcome.name, talos_version=version), after)
    return outcome
