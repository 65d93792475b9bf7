"""What was found in a file: what the reports are about."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.report.excerpt import Excerpt

__all__ = ["Checked"]


class Checked(NamedTuple):
    """One file that was checked; ``excerpts`` are the lines of the findings, one for each, as far as they are shown."""

    name: str
    documents: int
    diagnostics: tuple[Diagnostic, ...]
    excerpts: tuple[Excerpt | None, ...] = ()
    talos_version: str = LATEST
