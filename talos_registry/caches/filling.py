"""The templates of the files that are written: data of this package, with ``@{name}`` where something is put in."""

from __future__ import annotations

from pathlib import Path
from string import Template

__all__ = ["filled"]

_HERE = Path(__file__).parent / "templates"


class _Template(Template):
    """Its sign means nothing in shells, YAML and Markdown."""

    delimiter = "@"


def filled(name: str, **values: str) -> str:
    """The text of a template with the values in their places, each of which has one."""
    return _Template((_HERE / name).read_text(encoding="utf-8")).substitute(values)
