"""Other patches in the file of another tool: all else in it stays as it is."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talos_registry.goyaml.text import Lines, split_lines
from talos_registry.loading.recognition import recognise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.loading.carriers import CarriedPatch

__all__ = ["spliced"]


def spliced(text: str, new_texts: Mapping[CarriedPatch, str]) -> str | None:
    """The text of a carrier with new texts for some of its patches, None where it cannot hold them as it is written."""
    lines, changed = Lines(text), text
    for patch in sorted(new_texts, key=lambda patch: patch.span, reverse=True):
        begin, end = _region(patch, lines)
        changed = changed[:begin] + _indented(new_texts[patch], patch) + changed[end:]
    before, after = recognise(text).patches, recognise(changed).patches
    return changed if [*map(_said, after)] == [_said(_with(patch, new_texts)) for patch in before] else None


def _region(patch: CarriedPatch, lines: Lines) -> tuple[int, int]:
    """Where the text of a patch stands, without blank lines at both ends, which need not be indented."""
    inner = patch.lines
    first, last = next(at for at, line in enumerate(inner, 1) if line), len(inner)
    lead = patch.lead if first == 1 else 0
    return lines.offset(*patch.outer_place(first, 1 + lead)), lines.offset(*patch.outer_place(last, len(inner[-1]) + 1))


def _indented(text: str, patch: CarriedPatch) -> str:
    first, *others = split_lines(text.strip("\r\n"))
    margin = " " * patch.margins[1]
    return patch.line_break.join([first[patch.lead :], *(margin + line if line.strip() else line for line in others)])


def _with(patch: CarriedPatch, new_texts: Mapping[CarriedPatch, str]) -> CarriedPatch:
    return replace(patch, text=new_texts.get(patch, patch.text))


def _said(patch: CarriedPatch) -> tuple[object, ...]:
    """What a patch says, and the place it has: the line breaks of a file are not in its block scalars."""
    return patch.path, patch.file, patch.text.replace("\r\n", "\n")
