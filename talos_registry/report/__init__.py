"""Findings and plans as people and programs read them: one renderer per format, each entered by its module.

``FORMATS`` names the formats of findings.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talos_registry.report.checked import Checked

__all__ = ["FORMATS", "rendered"]

FORMATS = {
    "text": "as_text",
    "json": "as_json",
    "github": "as_github",
    "sarif": "as_sarif",
    "junit": "as_junit",
}
"""The modules that render findings, by the names of their formats; each is imported when it is wanted."""


def rendered(checked: Sequence[Checked], output: str) -> Iterable[str]:
    """The report about files in a format, in parts that are lines, or several, without the last line break."""
    parts: Iterable[str] = import_module(f"{__name__}.{FORMATS[output]}").render(checked)
    return parts
