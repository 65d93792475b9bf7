"""go-yaml's words for YAML it cannot read and for values it cannot make, which most of its releases changed.

Talos 1.12 has v4.0.0-rc.3, 1.13 has rc.4, 1.14 has rc.6; ``Release.error_style`` tells them apart.

Source: yaml/go-yaml v4: decode.go and yaml.go of rc.3, internal/libyaml/errors.go of rc.4 and rc.6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from talos_registry.goyaml.composer import Broken
    from talos_registry.goyaml.nodes import Node
    from talos_registry.versions import Release

__all__ = ["collected", "gave_up", "unreadable"]


def unreadable(broken: Broken, release: Release) -> str:
    """What go-yaml says about text that is not YAML."""
    return _STYLES[release.error_style].unreadable(broken)


def gave_up(stage: str, problem: str, node: Node | None, release: Release) -> str:
    """What go-yaml says when it stops at a value; ``node`` is what it points at, None if it names no place."""
    mark = None if node is None else (node.start_mark.line + 1, node.start_mark.column + 1)
    return _STYLES[release.error_style].gave_up(stage, problem, mark)


def collected(errors: Sequence[tuple[int, str]], release: Release) -> str:
    """What go-yaml says about all values that do not fit their types: lines, and texts in the words of Talos 1.14."""
    return _STYLES[release.error_style].collected(errors)


class _Style(NamedTuple):
    unreadable: Callable[[Broken], str]
    gave_up: Callable[[str, str, tuple[int, int] | None], str]
    collected: Callable[[Sequence[tuple[int, str]]], str]


# v4.0.0-rc.3


def _unreadable_rc3(broken: Broken) -> str:
    """The line is that of the context unless that is the first one; only the scanner counts from 1."""
    marks = () if broken.stage in {"reader", "composer"} else (broken.context_mark, broken.mark)
    line = next((mark[0] for mark in marks if mark and mark[0] > 1), 0)
    shown = f"line {line if broken.stage == 'scanner' else line - 1}: " if line else ""
    return f"yaml: {shown}{_without_value(broken.problem)}"


def _gave_up_rc3(_stage: str, problem: str, _mark: tuple[int, int] | None) -> str:
    return f"yaml: {_with_verb(problem, 'decode')}"


def _collected_rc3(errors: Sequence[tuple[int, str]]) -> str:
    lines = "".join(f"\n  line {line}: {_with_verb(text, 'unmarshal')}" for line, text in errors)
    return f"yaml: unmarshal errors:{lines}"


_CONSTRUCT = "cannot construct "


def _with_verb(text: str, verb: str) -> str:
    return f"cannot {verb} {text.removeprefix(_CONSTRUCT)}" if text.startswith(_CONSTRUCT) else text


# v4.0.0-rc.4


def _unreadable_rc4(broken: Broken) -> str:
    problem = _without_value(broken.problem)
    if broken.stage == "reader":
        return f"yaml: offset {broken.byte}: {problem}"
    if broken.stage == "composer":
        return f"yaml: line {broken.mark[0]}, column {broken.mark[1] + 1}: {problem}"
    here = _position(broken.mark, broken.stage)
    if not broken.context or broken.context_mark is None:
        return f"yaml: {here}: {problem}"
    there = _position(broken.context_mark, broken.stage)
    where = f"{there}: " if broken.context_mark == broken.mark else f"{there}: {here}: "
    return f"yaml: {broken.context} at {where}{problem}"


def _position(mark: tuple[int, int], stage: str) -> str:
    """A place as rc.4 writes it: the parser counts lines from 0 and then takes the first one for unknown."""
    line, column = mark[0] - (stage == "parser"), mark[1]
    if not line:
        return "<unknown position>"
    return f"line {line}" if column == 1 else f"line {line}, column {column}"


def _gave_up_rc4(_stage: str, problem: str, _mark: tuple[int, int] | None) -> str:
    return f"yaml: {problem}"


def _collected_rc4(errors: Sequence[tuple[int, str]]) -> str:
    return "yaml: construct errors:" + "".join(f"\n  line {line}: {text}" for line, text in errors)


def _without_value(problem: str) -> str:
    return problem.partition(" (value: ")[0]


# v4.0.0-rc.6


def _unreadable_rc6(broken: Broken) -> str:
    if broken.context and broken.context_mark:
        where = _range(broken.context_mark, broken.mark)
        return f"go-yaml load error in {broken.stage} ({broken.context}) at {where}: {broken.problem}"
    return _gave_up_rc6(broken.stage, broken.problem, None if broken.stage == "reader" else broken.mark)


def _range(start: tuple[int, int], end: tuple[int, int]) -> str:
    text = f"L{start[0]}.C{start[1]}"
    if start == end:
        return text
    return f"{text}-C{end[1]}" if start[0] == end[0] else f"{text}-L{end[0]}.C{end[1]}"


def _gave_up_rc6(stage: str, problem: str, mark: tuple[int, int] | None) -> str:
    where = "<unknown position>" if mark is None else f"L{mark[0]}.C{mark[1]}"
    return f"go-yaml load error in {stage} at {where}: {problem}"


def _collected_rc6(errors: Sequence[tuple[int, str]]) -> str:
    return "yaml: construct errors: " + "; ".join(f"line {line}: {text}" for line, text in errors)


_STYLES = {
    "unmarshal": _Style(_unreadable_rc3, _gave_up_rc3, _collected_rc3),
    "construct-lines": _Style(_unreadable_rc4, _gave_up_rc4, _collected_rc4),
    "construct": _Style(_unreadable_rc6, _gave_up_rc6, _collected_rc6),
}
