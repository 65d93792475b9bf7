"""How far a long run is, on stderr, where that is a terminal."""

from __future__ import annotations

import sys
from time import monotonic
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["with_progress"]

_T = TypeVar("_T")
_LONG, _PAUSE = 1.0, 0.1
"""After how many seconds a run is long, and how many pass between two lines."""


def with_progress(items: Iterable[_T], total: int) -> Iterator[_T]:
    """The items as they come; a run that takes long says how many there have been."""
    if total <= 1 or not sys.stderr.isatty():
        yield from items
        return
    due = monotonic() + _LONG
    is_shown = False
    for count, item in enumerate(items, 1):
        if monotonic() >= due:
            click.echo(f"\r{count} of {total} files", err=True, nl=False)
            due, is_shown = monotonic() + _PAUSE, True
        yield item
    if is_shown:
        click.echo(f"\r{' ' * len(f'{total} of {total} files')}\r", err=True, nl=False)
