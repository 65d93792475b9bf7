"""The documentation of a code, from the docstring of its file in ``rules/``."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import NamedTuple

from talos_registry.rules import load

__all__ = ["HEADINGS", "PROJECT", "Page", "help_uri", "page"]

PROJECT = "https://github.com/talos-registry/talos-registry"
"""Where the project lives."""

HEADINGS = ("Flags", "Because", "Flagged", "Clean", "Fix", "Source")
"""What every page has, in this order."""


class Page(NamedTuple):
    """What there is to say about a code; ``flagged`` and ``clean`` are configs, with directives in comments.

    The directives are ``# --talos-version V``, ``# --image REF``, ``# --schema FILE`` (one of Talos' own), ``# also:
    CODE`` (what else is found) and ``# file: NAME`` (several files are a config and its patches).
    """

    code: str
    title: str
    flags: str
    because: str
    flagged: str
    clean: str
    fix: str
    source: str


def page(code: str) -> Page:
    """The page of a code.

    Raises:
        LookupError: if there is no such code.
        ValueError: if a heading is missing or out of order.
    """
    try:
        text = load(code).__doc__
    except ModuleNotFoundError:
        raise LookupError(code) from None
    title, *parts = re.split(rf"^({'|'.join(HEADINGS)}):", text, flags=re.MULTILINE)
    if tuple(parts[::2]) != HEADINGS:
        raise ValueError(f"the headings of {code} are {parts[::2]}")
    return Page(code, title.strip(), *(_body(part) for part in parts[1::2]))


def _body(text: str) -> str:
    return dedent(text.strip("\n")).strip() if text.startswith("\n") else " ".join(text.split())


def help_uri(code: str) -> str:
    """Where the page of a code can be read."""
    return f"{PROJECT}/blob/main/docs/rules/{code}.md"
