"""What ``lint --fix`` and ``--diff`` do with mended files."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from talos_registry.cli.difference import show_changes
from talos_registry.cli.files import complain
from talos_registry.cli.writing import WriteError, encoded_like, write_back
from talos_registry.loading import parse

if TYPE_CHECKING:
    from talos_registry.cli.checking import Outcome

__all__ = ["put_back", "show_difference"]


def put_back(outcome: Outcome) -> Outcome:
    """Write a mended file, and say what was mended; a file that cannot be written is not reported on."""
    if outcome.mended is None:
        return outcome
    before, after, found = outcome.mended
    try:
        write_back(outcome.name, before, encoded_like(after, before))
    except WriteError as error:
        error.show()
        return outcome._replace(checked=None, mended=None, is_unreadable=True)
    counts = Counter(one.code for one in found)
    complain(outcome.name, "mended: " + ", ".join(f"{code} ({count})" for code, count in counts.items()))
    return outcome._replace(mended=None)


def show_difference(outcome: Outcome, talos_version: str) -> Outcome:
    """Print what would be written, with secrets masked, as a unified diff."""
    if outcome.mended is not None:
        config = parse(outcome.mended.before, filename=outcome.name, talos_version=talos_version)
        show_changes(config, outcome.mended.after)
    return outcome
