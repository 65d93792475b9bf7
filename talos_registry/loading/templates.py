"""Files that are still to be filled in: what is wrong with them is that, not their YAML and not the values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talos_registry.goyaml.feed import place
from talos_registry.goyaml.text import split_lines
from talos_registry.placeholders import has_placeholder

if TYPE_CHECKING:
    from talos_registry.diagnostic import Diagnostic

__all__ = ["without_noise"]

_MARKERS = (("{{", "}}"), ("{%", "%}"))
_WHOLE_LINES = frozenset({"wrong-type", "not-a-mapping", "missing-kind"})
"""Findings that a marker anywhere on their lines can cause; others are caused by a marker in what they point at."""

_OF_VALUES = frozenset(
    {"invalid-url", "unsupported-scheme", "invalid-ca", "invalid-client-identity", "invalid-base64", "wrong-type"}
)
"""Findings about a value that can be right once it is filled in."""


_MARKS = ("$", "<", "%s", "ENC[", "op://", "ref+")
"""What is in every file with a placeholder, and in few others."""


def without_noise(found: list[Diagnostic], text: str) -> list[Diagnostic]:
    """The findings in the text of a file, with those that are about what is still to be filled in said as such."""
    marker = _first_marker(text)
    if marker is None and not any(one.code in _OF_VALUES for one in found):
        return found
    if marker is None and not any(mark in text for mark in _MARKS):
        return found
    lines = split_lines(text)
    return [_filled_in_later(one, lines) for one in (_without_yaml(found, text, lines, marker) if marker else found)]


def _filled_in_later(one: Diagnostic, lines: list[str]) -> Diagnostic:
    if one.code not in _OF_VALUES or one.line is None or one.line != one.end_line or one.line > len(lines):
        return one
    value = lines[one.line - 1][(one.column or 1) - 1 : (one.end_column or 1) - 1].strip("\"'")
    if value.startswith("!") or not has_placeholder(value):
        return one
    message = "This value is filled in later, and Talos refuses it as it stands; fill in the file first."
    return replace(one, code="template-not-rendered", message=message)


def _without_yaml(found: list[Diagnostic], text: str, lines: list[str], marker: slice) -> list[Diagnostic]:
    line, column = place(text, marker.start)
    noise: list[Diagnostic] = []
    kept: list[Diagnostic] = []
    for one in found:
        (noise if _is_noise(one, line, lines) else kept).append(one)
    if not noise:
        return found
    end_line, end_column = place(text, marker.stop)
    shown = f"{text[marker][:2]} ... {text[marker][-2:]}"  # what is between them can be a secret
    template = replace(
        noise[0],
        code="template-not-rendered",
        message=f"Here stands a template marker, {shown}; render the file first.",
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
    )
    return sorted([*kept, template], key=lambda one: (one.line or 0, one.column or 0))


def _is_noise(one: Diagnostic, first_line: int, lines: list[str]) -> bool:
    start, end = (one.line or 1) - 1, one.end_line or 1
    if one.code == "yaml-syntax":  # the parser stumbles where the marker stands or later
        return start + 1 >= first_line
    own = lines[start:end]
    if own and one.code not in _WHOLE_LINES:
        own[-1] = own[-1][: (one.end_column or 1) - 1]
        own[0] = own[0][(one.column or 1) - 1 :]
    return any(opening in line for line in own for opening, _ in _MARKERS)


def _first_marker(text: str) -> slice | None:
    """Where the first marker of a template language stands; a regular expression would take quadratic time to say no."""
    found = [
        (start, end + len(closing))
        for opening, closing in _MARKERS
        if (start := text.find(opening)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0
    ]
    return slice(*min(found)) if found else None
