"""The page of a code as text for a terminal, and the list of all codes."""

from __future__ import annotations

from textwrap import fill, indent
from typing import TYPE_CHECKING

from talos_registry.linting.pages import shown
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.linting import Page

__all__ = ["render_list", "render_page"]

_WIDTH = 88


def render_page(page: Page) -> str:
    """Everything there is to say about a code; ends without a line break."""
    parts = [
        f"{styled(page.code, bold=True)} ({page.severity})",
        _paragraph(page.title),
        _section("Flags", page.flags),
        _section("Because", page.because),
        _sample("Flagged", page.flagged),
        _sample("Clean", page.clean),
        _section("Fix", page.fix),
        _section("Source", page.source),
    ]
    return "\n\n".join(parts)


def _section(heading: str, text: str) -> str:
    return _paragraph(f"{heading}: {text}").replace(heading, styled(heading, bold=True), 1)


def _sample(heading: str, text: str) -> str:
    return f"{styled(heading, bold=True)}:\n\n{indent(shown(text), '    ')}"


def _paragraph(text: str) -> str:
    return fill(text.replace("``", ""), _WIDTH, break_long_words=False, break_on_hyphens=False)


def render_list(pages: Iterable[Page]) -> str:
    """A line for each code: its severity, the code, what it means."""
    rows = [(page.severity, page.code, page.title.replace("``", "")) for page in pages]
    severity, code = (max(len(row[column]) for row in rows) for column in (0, 1))
    return "\n".join(f"{row[0]:<{severity}}  {row[1]:<{code}}  {row[2]}" for row in rows)
