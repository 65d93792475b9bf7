"""Comments that suppress findings: ``# talos-registry: ignore[CODE] reason``, and what is wrong with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, Severity, Span
from talos_registry.goyaml.text import each_line
from talos_registry.messages import did_you_mean, quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from talos_registry.loading import MachineConfig

__all__ = ["suppressed"]

CODE = "unused-suppression"
_COMMENT = re.compile(r"#\s*talos-registry:\s*ignore\[([^\]\r\n]*)\]")


class _Comment(NamedTuple):
    """One comment: where it is, and the codes in it."""

    file: str
    span: Span
    codes: frozenset[str]


def suppressed(
    diagnostics: Iterable[Diagnostic],
    files: Sequence[MachineConfig],
    judged: Collection[str],
    known: Collection[str],
) -> list[Diagnostic]:
    """The findings that no comment on one of their lines suppresses; what Talos refuses stays.

    With them come the comments that suppress none, as far as their codes are among the ``judged``, or not ``known``.
    """
    comments = [comment for config in files for comment in _comments(config)]
    by_line = {(comment.file, comment.span.line): comment for comment in comments}
    used: set[tuple[_Comment, str]] = set()
    kept = []
    for diagnostic in diagnostics:
        over = [] if diagnostic.severity is Severity.ERROR else [*_over(diagnostic, by_line)]
        used.update((comment, diagnostic.code) for comment in over)
        if not over:
            kept.append(diagnostic)
    if CODE in judged:
        refused = {diagnostic.file for diagnostic in kept if diagnostic.severity is Severity.ERROR}
        unused = _Unused(used, judged, known)
        kept += (found for comment in comments for found in unused.of(comment, is_refused=comment.file in refused))
    return kept


def _comments(config: MachineConfig) -> Iterator[_Comment]:
    if "talos-registry:" not in config.text:
        return
    for number, line in enumerate(each_line(config.text), 1):
        match = _COMMENT.search(line)
        if match:
            span = Span(number, match.start() + 1, number, match.end() + 1)
            yield _Comment(config.filename, span, frozenset(code.strip() for code in match[1].split(",")))


def _over(diagnostic: Diagnostic, by_line: dict[tuple[str, int], _Comment]) -> Iterator[_Comment]:
    """The comments that suppress a finding."""
    lines = range(diagnostic.line or 0, (diagnostic.end_line or 0) + 1) if by_line else ()
    for line in lines:
        comment = by_line.get((diagnostic.file, line))
        if comment is not None and diagnostic.code in comment.codes:
            yield comment


class _Unused(NamedTuple):
    """The comments that are of use, each with a code, and the codes that were looked for, and all there are."""

    used: Collection[tuple[_Comment, str]]
    judged: Collection[str]
    known: Collection[str]

    def of(self, comment: _Comment, *, is_refused: bool) -> Iterator[Diagnostic]:
        """What is wrong with a comment; in a file that Talos refuses not every rule can say what it would."""
        if CODE in comment.codes:
            return
        for code in sorted(comment.codes):
            if code not in self.known:
                message = f"There is no code {quoted(code)} to ignore{did_you_mean(code, self.known)}"
            elif code in self.judged and not is_refused and (comment, code) not in self.used:
                message = f"This comment suppresses nothing: {code} is not found on its line."
            else:
                continue
            yield Diagnostic(
                code="unused-suppression",
                severity=Severity.INFO,
                message=message,
                file=comment.file,
                **comment.span._asdict(),
            )
