"""The few sentences that more than one kind of document says."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Problem

__all__ = ["did_you_mean", "mask_before_at", "mask_url", "missing_name", "printable", "quoted", "shortened", "userinfo"]


_LONGEST = 100


def missing_name(meaning: str) -> Problem:
    """A named document without a name; ``meaning`` says what the name stands for."""
    from talos_registry.diagnostic import Problem  # noqa: PLC0415 - the other sentences do without

    return Problem("missing-name", ("name",), "name must be specified", f"The document has no name: it is {meaning}.")


def quoted(text: str) -> str:
    """A value shown in a message: quoted, shortened, on one line, and without user and password of a URL."""
    return f'"{printable(shortened(mask_before_at(text)))}"'


def mask_before_at(text: str) -> str:
    """A value with ``***`` in place of all that can be user and password, also where it is no URL for it."""
    return _BEFORE_AT.sub(r"\1***@", text) if "@" in text else text


def printable(text: str) -> str:
    """The text with what no terminal should be sent as escapes."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def shortened(text: str) -> str:
    """The beginning of a text that is too long to show."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


_BEFORE_AT = re.compile(r"\A((?:[\w+.-]*:)?//)?.*@", re.DOTALL)

_START = r"((?:[\w+.-]*:)?//)"
_IN_URL = re.compile(rf"\A(?:{_START}[^/?#]*|(?!{_START}).*)@", re.DOTALL)


def mask_url(url: str, mask: str = "***") -> str:
    """The URL with ``mask`` in place of user and password."""
    return _IN_URL.sub(lambda found: f"{found[1] or ''}{mask}@", url) if "@" in url else url


def userinfo(url: str) -> str | None:
    """User and password of a URL, None if it has none."""
    found = _IN_URL.match(url)
    return found[0][len(found[1] or "") : -1] if found else None


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str = ".", cutoff: float = 0.6) -> str:
    """The end of a sentence that offers the known word nearest to ``word``; ``otherwise`` when none is near."""
    from difflib import get_close_matches  # noqa: PLC0415 - only a misspelling needs it

    by_lower = {name.lower(): name for name in known}
    near = get_close_matches(word.lower(), by_lower, n=1, cutoff=cutoff)
    return f"; did you mean {quoted(by_lower[near[0]])}?" if near else otherwise
