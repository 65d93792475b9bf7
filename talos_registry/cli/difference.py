"""What changes in a config, shown as a unified diff without its secrets."""

from __future__ import annotations

import re
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.goyaml.text import each_line
from talos_registry.messages import printable
from talos_registry.redaction import REPLACEMENT, redact, secret_comments
from talos_registry.report.masked_text import MaskedText
from talos_registry.report.style import styled
from talos_registry.report.unified_diff import TextLines, unified_diff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.loading import MachineConfig

__all__ = ["show_changes"]

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def show_changes(config: MachineConfig, text: str) -> None:
    """Print what changes when a config becomes ``text``; nothing if nothing does."""
    for line in _difference(config, text) if text != config.text else ():
        is_heading = line.startswith(("--- ", "+++ "))
        colour = _COLOURS.get(line[0])
        click.echo(styled(line, bold=True) if is_heading else styled(line, fg=colour) if colour else line)


def _difference(config: MachineConfig, text: str) -> Iterator[str]:
    for line in unified_diff(*_both_without_secrets(config, text), printable(config.filename)):
        yield line.removesuffix(_NO_BREAK)
        if line.endswith(_NO_BREAK):
            yield "\\ No newline at end of file"


def _both_without_secrets(config: MachineConfig, text: str) -> tuple[TextLines, TextLines]:
    """The lines before and after; nothing else is kept of either."""
    after = config.with_text(text)
    hidden = secret_comments(config) | secret_comments(after)
    before, changed = (TextLines.of(_ended(_without_secrets(version, hidden))) for version in (config, after))
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


def _without_secrets(config: MachineConfig, hidden: frozenset[str]) -> Iterator[str]:
    """The lines without secrets; a line that may still hold some, before an ``@``, is masked more than need be."""
    redacted = _redacted(config)
    shown = config if redacted in {None, config.text} else config.with_text(redacted or "")
    masked, is_redacted = MaskedText(shown), redacted is not None
    for number, line in enumerate(each_line(shown.text), 1):
        yield printable(_without(hidden, line)) if is_redacted and "@" not in line else masked.line(number)


def _redacted(config: MachineConfig) -> str | None:
    with suppress(TalosRegistryError):
        return redact(config)
    return None


def _without(hidden: frozenset[str], line: str) -> str:
    """A line without a comment that is hidden, where the line is another one now, too."""
    for at in (found.start() for found in re.finditer("#", line)) if hidden else ():
        if line[at:].rstrip() in hidden:
            return f"{line[:at]}#{REPLACEMENT}"
    return line
