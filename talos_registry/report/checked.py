"""What was found in a file: what the reports are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from talos_registry.diagnostic import Diagnostic, Fix
    from talos_registry.report.excerpt import Excerpt

__all__ = ["Checked", "shown_fix"]


class Checked(NamedTuple):
    """One file that was checked; ``excerpts`` are the lines of the findings, one for each, as far as they are shown."""

    name: str
    documents: int
    diagnostics: tuple[Diagnostic, ...]
    excerpts: tuple[Excerpt | None, ...] = ()
    talos_version: str = LATEST


def shown_fix(diagnostic: Diagnostic) -> Fix | None:
    """The fix of a finding, unless there is in it what can be user and password of a URL."""
    fix = diagnostic.fix
    return None if fix is None or any("@" in text for text in (fix.title, *(edit.text for edit in fix.edits))) else fix
