"""What ``lint --fix`` and ``--diff`` do with mended files."""

from __future__ import annotations

from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

import click

from talos_registry.cli.files import complain
from talos_registry.cli.writing import WriteError, write_back
from talos_registry.documents.text import printable
from talos_registry.report.excerpt import Excerpts
from talos_registry.report.style import styled
from talos_registry.source import Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.cli.checking import Outcome

__all__ = ["encoded_like", "put_back", "show_changes", "show_difference"]


def encoded_like(text: str, before: bytes) -> bytes:
    """The bytes of a text, in the encoding of the bytes that were there before."""
    for mark, encoding in ((BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"), (BOM_UTF8, "utf-8")):
        if before.startswith(mark):
            return mark + text.encode(encoding, "surrogateescape")
    return text.encode("utf-8", "surrogateescape")


def put_back(outcome: Outcome) -> Outcome:
    """Write a mended file, and say what was mended; a file that cannot be written is not reported on."""
    if outcome.mended is None:
        return outcome
    before, after, found = outcome.mended
    try:
        write_back(outcome.name, before, after)
    except WriteError as error:
        error.show()
        return outcome._replace(checked=None, mended=None, is_unreadable=True)
    counts = Counter(one.code for one in found)
    complain(outcome.name, "mended: " + ", ".join(f"{code} ({count})" for code, count in counts.items()))
    return outcome._replace(mended=None)


def show_difference(outcome: Outcome) -> Outcome:
    """Print what would be written, with secrets masked, as a unified diff."""
    if outcome.mended is not None:
        show_changes(outcome.name, *(Source.of(data).text for data in outcome.mended[:2]))
    return outcome


def show_changes(name: str, before: str, after: str) -> None:
    """Print how the text of a file would change, with secrets masked, as a unified diff."""
    for line in _difference(printable(name), before, after):
        click.echo(line)


_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def _difference(name: str, before: str, after: str) -> Iterator[str]:
    old, new = (Excerpts(text, longest=len(text)) for text in (before, after))
    matcher = SequenceMatcher(None, old.lines[:-1], new.lines[:-1])
    yield from (styled(f"{sign} {name}", bold=True) for sign in ("---", "+++"))
    for group in matcher.get_grouped_opcodes():
        (_, first, _, start, _), (_, _, last, _, end) = group[0], group[-1]
        yield _coloured(f"@@ -{first + 1},{last - first} +{start + 1},{end - start} @@")
        for kind, *ranges in group:
            yield from map(_coloured, _block(kind, old, new, ranges))


def _block(kind: str, old: Excerpts, new: Excerpts, ranges: list[int]) -> Iterator[str]:
    first, last, start, end = ranges
    if kind == "equal":
        yield from (f" {old.line(at + 1)}" for at in range(first, last))
        return
    yield from (f"-{old.line(at + 1)}" for at in range(first, last))
    yield from (f"+{new.line(at + 1)}" for at in range(start, end))


def _coloured(line: str) -> str:
    colour = _COLOURS.get(line[0])
    return styled(line, fg=colour) if colour else line
