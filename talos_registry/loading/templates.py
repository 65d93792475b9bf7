"""Files that are still to be filled in: what is wrong with them is that, not their YAML and not the values."""

from __future__ import annotations

from dataclasses import replace

from talos_registry.diagnostic import Diagnostic, Span, by_place
from talos_registry.goyaml.feed import place
from talos_registry.goyaml.text import split_lines
from talos_registry.placeholders import has_placeholder

__all__ = ["has_marker", "without_noise"]

_MARKERS = (("{{", "}}"), ("{%", "%}"), ("%{", "}"))
_WHOLE_LINES = frozenset({"wrong-type", "not-a-mapping", "missing-kind"})
"""Findings that a marker anywhere on their lines can cause; others are caused by a marker in what they point at."""

_OF_VALUES = frozenset(
    {"invalid-url", "unsupported-scheme", "invalid-ca", "invalid-client-identity", "invalid-base64", "wrong-type"}
)
"""Findings about a value that can be right once it is filled in."""


def without_noise(diagnostics: list[Diagnostic], text: str) -> list[Diagnostic]:
    """The findings in the text of a file, with those that are about what is still to be filled in called that."""
    marker = _first_marker(text)
    if marker is None and not any(diagnostic.code in _OF_VALUES for diagnostic in diagnostics):
        return diagnostics
    lines = split_lines(text)
    return [
        _filled_in_later(diagnostic, lines)
        for diagnostic in (_without_yaml(diagnostics, text, lines, marker) if marker else diagnostics)
    ]


def _filled_in_later(diagnostic: Diagnostic, lines: list[str]) -> Diagnostic:
    span = diagnostic.span
    if diagnostic.code not in _OF_VALUES or span is None or span.line != span.end_line or span.line > len(lines):
        return diagnostic
    value = _value(lines[span.line - 1], span).strip("\"'")
    if value.startswith("!") or "$patch" in value or not has_placeholder(value):
        return diagnostic
    message = "This value is filled in later, and Talos refuses it as it stands; fill in the file first."
    return replace(diagnostic, code="template-not-rendered", message=message)


def _value(line: str, span: Span) -> str:
    """The value that a finding on a line is about, also where it points at the key."""
    behind = line[span.end_column - 1 :]
    return behind[1:].strip() if behind.startswith(":") else line[span.column - 1 : span.end_column - 1]


def _without_yaml(diagnostics: list[Diagnostic], text: str, lines: list[str], marker: slice) -> list[Diagnostic]:
    begin = place(text, marker.start)
    noise: list[Diagnostic] = []
    kept: list[Diagnostic] = []
    for diagnostic in diagnostics:
        (noise if _is_noise(diagnostic, begin[0], lines) else kept).append(diagnostic)
    if not noise:
        return diagnostics
    shown = f"{text[marker][:2]} ... {text[marker][-2:]}"  # what is between them can be a secret
    template = replace(
        noise[0],
        code="template-not-rendered",
        message=f"Here stands a template marker, {shown}; render the file first.",
        span=Span(*begin, *place(text, marker.stop)),
    )
    return sorted([*kept, template], key=by_place)


def _is_noise(diagnostic: Diagnostic, first_line: int, lines: list[str]) -> bool:
    span = diagnostic.span or Span(1, 1, 1, 1)
    if diagnostic.code == "yaml-syntax":  # the parser stumbles where the marker stands or later
        return span.line >= first_line
    own = lines[span.line - 1 : span.end_line]
    if len(own) == 1 and diagnostic.code not in _WHOLE_LINES:
        own = [own[0][span.column - 1 : span.end_column - 1]]
    elif own and diagnostic.code not in _WHOLE_LINES:
        own[-1] = own[-1][: span.end_column - 1]
        own[0] = own[0][span.column - 1 :]
    return any(opening in line for line in own for opening, _ in _MARKERS)


def has_marker(text: str) -> bool:
    """Whether a marker of a template language stands in a text."""
    return _first_marker(text) is not None


def _first_marker(text: str) -> slice | None:
    """Where the first marker of a template language stands; a regular expression would take quadratic time to say no."""
    markers = [
        (start, end + len(closing))
        for opening, closing in _MARKERS
        if (start := text.find(opening)) >= 0 and (end := text.find(closing, start + len(opening))) >= 0
    ]
    return slice(*min(markers)) if markers else None
