"""The smallest input on which the two still disagree in the same aspect."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conformance.known import unexplained
from tests.oracle.oracle import ask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.conformance.outcome import Difference

__all__ = ["shrunk"]

Row = dict[str, Any]
ROUNDS = 60


def shrunk(
    row: Row, program: Path, talos_version: str, wrong: Callable[[Row, str], list[Difference]] = unexplained
) -> Row:
    """The row with as many patches, documents, lines and characters taken away as it can spare.

    Args:
        row: an input with what Talos says about it.
        program: the oracle that says so.
        talos_version: the Talos of the oracle.
        wrong: the differences of a row that are to stay.
    """
    if "in" not in row:
        return row
    aspect = wrong(row, talos_version)[0].aspect
    for _ in range(ROUNDS):
        smaller = list(_with_less(row))
        answered = [{**one, "expect": said} for one, said in zip(smaller, ask(program, smaller), strict=True)]
        found = next(
            (one for one in answered if any(said.aspect == aspect for said in wrong(one, talos_version))), None
        )
        if found is None:
            return row
        row = found
    return row


def _with_less(row: Row) -> Iterator[Row]:
    """The row with one image, without one patch, or with less in its input or one of its patches."""
    images = row.get("images", [])
    if len(images) > 1:
        yield from ({**row, "images": [image]} for image in images)
    patches = row.get("patch", [])
    if len(patches) > 1:
        yield from ({**row, "patch": patches[:at] + patches[at + 1 :]} for at in range(len(patches)))
    yield from ({**row, "in": text} for text in _smaller(row["in"]))
    for at, patch in enumerate(patches):
        yield from ({**row, "patch": [*patches[:at], text, *patches[at + 1 :]]} for text in _smaller(patch))


def _smaller(text: str) -> Iterator[str]:
    """The text without one document, else without one or more lines, else without the end of a line."""
    documents = text.split("---\n")
    if len(documents) > 1:
        yield from ("---\n".join(documents[:at] + documents[at + 1 :]) for at in range(len(documents)))
    lines = text.splitlines(keepends=True)
    for size in (8, 4, 2, 1):
        yield from ("".join(lines[:at] + lines[at + size :]) for at in range(0, len(lines), size) if len(lines) > size)
    for at, line in enumerate(lines):
        key, colon, value = line.partition(": ")
        if colon and len(value) > 2:
            yield "".join([*lines[:at], f"{key}{colon}{value[: len(value) // 2]}\n", *lines[at + 1 :]])
