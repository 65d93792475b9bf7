"""The few sentences that more than one kind of document says."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from talos_registry.masking import mask_before_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Problem

__all__ = ["did_you_mean", "missing_name", "nearest_word", "printable", "quoted", "shortened"]


_LONGEST = 100


def missing_name(meaning: str) -> Problem:
    """A named document without a name; ``meaning`` says what the name stands for."""
    from talos_registry.diagnostic import Problem

    return Problem("missing-name", ("name",), "name must be specified", f"The document has no name: it is {meaning}.")


def quoted(text: str) -> str:
    """A value shown in a message: quoted, shortened, on one line, and without user and password of a URL."""
    return f'"{printable(shortened(mask_before_at(text)))}"'


def printable(text: str) -> str:
    """The text with what no terminal should be sent as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shortened(text: str) -> str:
    """The beginning of a text that is too long to show."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = ".", cutoff: float = 0.6) -> str:
    """The end of a sentence that offers the known word nearest to ``word``; ``otherwise`` when none is near."""
    near = nearest_word(word, known, cutoff=cutoff)
    return f"; did you mean {quoted(near)}?" if near is not None else otherwise


def nearest_word(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str | None:
    """The known word nearest to ``word``, None if none is near."""
    words = tuple(known)
    is_near = len(word) <= _TIMES_AS_LONG * max(
        map(len, words), default=0
    )  # looking into a long text takes much memory
    return _nearest(word.lower(), words, cutoff) if is_near else None


_TIMES_AS_LONG = 4
"""Words that differ as much in length are never near."""


@lru_cache(maxsize=4096)
def _nearest(word: str, known: tuple[str, ...], cutoff: float) -> str | None:
    from difflib import get_close_matches

    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word, by_lower, n=1, cutoff=cutoff)
    return by_lower[near[0]] if near else None
