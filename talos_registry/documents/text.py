"""The few sentences that more than one kind of document says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["did_you_mean", "missing_name", "quoted"]


_LONGEST = 100


def missing_name(meaning: str) -> Problem:
    """A named document without a name; ``meaning`` says what the name stands for."""
    return Problem("missing-name", ("name",), "name must be specified", f"The document has no name: it is {meaning}.")


def quoted(text: str) -> str:
    """A value shown in a message: quoted, shortened, on one line, and without the password of a URL."""
    head, at, tail = text.rpartition("@")
    if at and ":" in head:
        start = head.find("//") + 2 if "//" in head else 0
        text = f"{head[:start]}***@{tail}"
    shown = text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
    if not shown.isprintable():
        shown = "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in shown)
    return f'"{shown}"'


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = ".", cutoff: float = 0.6) -> str:
    """The end of a sentence that offers the known word nearest to ``word``; ``otherwise`` when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelling needs it

    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return f"; did you mean {quoted(by_lower[near[0]])}?" if near else otherwise
