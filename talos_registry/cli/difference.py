"""What changes in a config, shown as a unified diff without its secrets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.messages import printable
from talos_registry.redaction import REPLACEMENT, redact, secret_comments
from talos_registry.report.masked_text import MaskedText
from talos_registry.report.style import styled
from talos_registry.report.unified_diff import unified_diff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.loading import MachineConfig

__all__ = ["show_changes"]

_COLOURS = {"-": "red", "+": "green", "@": "cyan"}


def show_changes(config: MachineConfig, text: str) -> None:
    """Print what changes when a config becomes ``text``; nothing if nothing does."""
    for line in _difference(config, text):
        is_heading = line.startswith(("--- ", "+++ "))
        colour = _COLOURS.get(line[0])
        click.echo(styled(line, bold=True) if is_heading else styled(line, fg=colour) if colour else line)


def _difference(config: MachineConfig, text: str) -> Iterator[str]:
    after = config.with_text(text)
    name = printable(config.filename)
    hidden = secret_comments(config) | secret_comments(after)
    before, changed = (_without_secrets(version, hidden) for version in (config, after))
    for line in unified_diff(before, changed, name):
        yield line.removesuffix(_NO_BREAK)
        if line.endswith(_NO_BREAK):
            yield "\\ No newline at end of file"


_NO_BREAK = "\x00"
"""Stands at the end of a last line that has no line break."""


def _without_secrets(config: MachineConfig, hidden: frozenset[str]) -> list[str]:
    """The lines without secrets; a line that may still hold some, before an ``@``, is masked more than need be."""
    try:
        config, is_redacted = config.with_text(redact(config)), True
    except TalosRegistryError:
        is_redacted = False
    masked = MaskedText(config)
    *lines, last = (
        printable(_without(hidden, line)) if is_redacted and "@" not in line else masked.line(number)
        for number, line in enumerate(masked.lines, 1)
    )
    return [*lines, last + _NO_BREAK] if last else lines


def _without(hidden: frozenset[str], line: str) -> str:
    """A line without a comment that is hidden, where the line is another one now, too."""
    for at in (found.start() for found in re.finditer("#", line)) if hidden else ():
        if line[at:].rstrip() in hidden:
            return f"{line[:at]}#{REPLACEMENT}"
    return line
