"""What changes in a config, shown as a unified diff without its secrets."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import click

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.goyaml.text import each_line
from talos_registry.loading import parse_patch, recognise
from talos_registry.messages import printable
from talos_registry.redaction import redact_version
from talos_registry.report.masked_text import MaskedText
from talos_registry.report.style import styled
from talos_registry.report.unified_diff import TextLines, unified_diff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.loading import CarriedPatch, MachineConfig

__all__ = ["show_carrier_changes", "show_changes"]

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def show_changes(config: MachineConfig, text: str) -> None:
    """Print what changes when a config becomes ``text``; nothing if nothing does."""
    if text != config.text:
        _show(_both_without_secrets(config, text), config.filename)


def show_carrier_changes(carrier: MachineConfig, text: str) -> None:
    """Print what changes when a file of another tool, read as a config, becomes ``text`` because its patches change."""
    after = carrier.with_text(text)
    before, changed = (
        TextLines.of(_ended(iter(_carrier_lines(*pair)))) for pair in ((carrier, after), (after, carrier))
    )
    _show((before, changed), carrier.filename)


def _carrier_lines(carrier: MachineConfig, other: MachineConfig) -> list[str]:
    """The lines of a carrier, those of its patches as lines of patches; of all else what may be shown of any text."""
    masked = MaskedText(carrier)
    lines = [printable(masked.line(number)) for number in range(1, len(masked.lines) + 1)]
    shown: dict[CarriedPatch, list[str]] = {}
    both = zip(recognise(carrier.text).patches, recognise(other.text).patches, strict=True)
    for patch, its_other in ((patch, its_other) for patch, its_other in both if patch.first_line is not None):
        config = parse_patch(patch.text, filename=carrier.filename, talos_version=carrier.talos_version)
        inner = [*_without_secrets(config, config.with_text(its_other.text))]
        shown[patch] = _indented(inner[: None if inner[-1] else -1], patch, masked)
    for patch, replaced in sorted(shown.items(), key=lambda item: item[0].span, reverse=True):
        at = (patch.first_line or 1) - 1
        lines[at : at + len(patch.lines)] = replaced
    return lines


def _indented(inner: list[str], patch: CarriedPatch, masked: MaskedText) -> list[str]:
    """The lines of a patch as they stand in its carrier, behind what comes before it on the first of them."""
    first, *others = inner
    column = patch.margins[0] + patch.lead
    pieces = masked.pieces(patch.first_line or 1)
    before = "".join(printable(piece.shown) for piece in pieces if piece.end <= column)
    return [before + first[patch.lead :], *(line and " " * patch.margins[1] + line for line in others)]


def _show(both: tuple[TextLines, TextLines], name: str) -> None:
    for line in _difference(both, name):
        is_heading = line.startswith(("--- ", "+++ "))
        colour = _COLOURS.get(line[0])
        click.echo(styled(line, bold=True) if is_heading else styled(line, fg=colour) if colour else line)


def _difference(both: tuple[TextLines, TextLines], name: str) -> Iterator[str]:
    for line in unified_diff(*both, printable(name)):
        yield line.removesuffix(_NO_BREAK)
        if line.endswith(_NO_BREAK):
            yield "\\ No newline at end of file"


def _both_without_secrets(config: MachineConfig, text: str) -> tuple[TextLines, TextLines]:
    """The lines before and after; nothing else is kept of either."""
    after = config.with_text(text)
    before, changed = (TextLines.of(_ended(_without_secrets(*pair))) for pair in ((config, after), (after, config)))
    return before, changed


_NO_BREAK = "\x00"
"""Stands at the end of a last line that has no line break."""


def _ended(lines: Iterator[str]) -> Iterator[str]:
    """The lines, of which the last, without a line break, is none if it is empty."""
    last = next(lines)
    for line in lines:
        yield last
        last = line
    if last:
        yield last + _NO_BREAK


def _without_secrets(config: MachineConfig, other: MachineConfig) -> Iterator[str]:
    """The lines without secrets; a line that may still hold some, before an ``@``, is masked more than need be."""
    redacted = _redacted(config, other)
    shown = config if redacted in {None, config.text} else config.with_text(redacted or "")
    masked, is_redacted = MaskedText(shown), redacted is not None
    for number, line in enumerate(each_line(shown.text), 1):
        yield printable(line) if is_redacted and "@" not in line else masked.line(number)


def _redacted(config: MachineConfig, other: MachineConfig) -> str | None:
    with suppress(TalosRegistryError):
        return redact_version(config, other)
    return None
