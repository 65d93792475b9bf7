"""Colour, where it is wanted: on a terminal, and never with ``NO_COLOR``."""

from __future__ import annotations

import os

import click

__all__ = ["styled"]


def styled(text: str, **style: str | bool) -> str:
    """The text in a style; click takes it out again where the output is no terminal."""
    return text if os.environ.get("NO_COLOR") else click.style(text, **style)  # type: ignore[arg-type]  # click's own names
