"""Credentials in endpoint URLs, masked before anything is printed."""

from __future__ import annotations

import re

__all__ = ["mask_quoted", "mask_url"]

_START = r"((?:[\w+.-]*:)?//)"
_IN_URL = re.compile(rf"\A(?:{_START}[^/?#]*|(?!{_START}).*)@", re.DOTALL)
_IN_QUOTES = re.compile(rf"""(?:("){_START}?(?:[^"\\\n]|\\.)*|('){_START}?[^'\n]*)@""")


def mask_url(url: str) -> str:
    """The URL with ``***`` in place of user and password."""
    return _IN_URL.sub(lambda found: f"{found[1] or ''}***@", url)


def mask_quoted(text: str) -> str:
    """A text, of Go or of TOML, with ``***`` in place of user and password in every quoted URL."""
    return _IN_QUOTES.sub(lambda found: f"{found[1] or found[3]}{found[2] or found[4] or ''}***@", text)
