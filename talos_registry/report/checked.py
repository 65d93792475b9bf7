"""What was found in a file: what the reports are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from talos_registry.diagnostic import Diagnostic, Fix

__all__ = ["Checked", "shown_fix"]


class Checked(NamedTuple):
    """One file that was checked; ``text`` is that of the file, there if anything was found."""

    name: str
    documents: int
    found: tuple[Diagnostic, ...]
    text: str = ""


def shown_fix(one: Diagnostic) -> Fix | None:
    """The fix of a finding, unless there is in it what can be user and password of a URL."""
    fix = one.fix
    return None if fix is None or any("@" in text for text in (fix.title, *(edit.text for edit in fix.edits))) else fix
