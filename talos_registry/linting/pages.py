"""The documentation of a code, from the docstring of its file in ``rules/``."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import NamedTuple

from talos_registry.arguments import wrong_type
from talos_registry.linting.rules import codes, load, no_such_code

__all__ = ["HEADINGS", "PROJECT", "Page", "explain", "help_uri", "shown"]

PROJECT = "https://github.com/talos-registry/talos-registry"
"""Where the project lives."""

HEADINGS = ("Flags", "Because", "Flagged", "Clean", "Fix", "Source")
"""What every page has, in this order."""


class Page(NamedTuple):
    """What there is to say about a code, in paragraphs in which code stands between double backquotes.

    ``flagged`` and ``clean`` are configs, with directives in comments: ``# --talos-version V``, ``# --image REF``, ``#
    --schema FILE`` (one of Talos' own), ``# --command NAME`` (who finds it, if not lint), ``# also: CODE`` (what else
    is found) and ``# file: NAME`` (several files are a config and its patches).

    Attributes:
        code: what diagnostics have.
        severity: that of the findings, "error or ..." where Talos refuses the same thing in another place.
        title: one sentence.
        flags: what is found.
        because: why it matters.
        flagged: a sample in which it is found.
        clean: the sample without it.
        fix: what to do.
        source: where that is known from.
    """

    code: str
    severity: str
    title: str
    flags: str
    because: str
    flagged: str
    clean: str
    fix: str
    source: str


def explain(code: str) -> Page:
    """The page of a code: what it flags and why, with an example, the fix and the source.

    Args:
        code: as a diagnostic has it, such as ``doubled-v2``.

    Raises:
        ValueError: if there is no such code.
        TypeError: for what is no text.
    """
    if not isinstance(code, str):
        raise wrong_type("explain", "a code as text", code)
    if code not in codes():
        raise no_such_code(code, codes())
    rule = load(code)
    title, *parts = re.split(rf"^({'|'.join(HEADINGS)}):", rule.__doc__, flags=re.MULTILINE)
    if tuple(parts[::2]) != HEADINGS:
        raise ValueError(f"the headings of {code} are {parts[::2]}")
    severity = f"error or {rule.SEVERITY}" if getattr(rule, "ALSO_ERROR", False) else str(rule.SEVERITY)
    return Page(code, severity, title.strip(), *(_body(part) for part in parts[1::2]))


def _body(text: str) -> str:
    return dedent(text.strip("\n")).strip() if text.startswith("\n") else " ".join(text.split())


def help_uri(code: str) -> str:
    """Where the page of a code can be read."""
    return f"{PROJECT}/blob/main/docs/rules/{code}.md"


def shown(sample: str) -> str:
    """A sample as readers want it, without the directives that only its test needs."""
    return re.sub(r"^# also: .*\n", "", sample, flags=re.MULTILINE)
