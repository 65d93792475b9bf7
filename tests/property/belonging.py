"""Which comments belong to what is taken out of a document, told from the lines alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.editing import REMOVE, Members, Replace
from talos_registry.goyaml.editing.plan import members, settled
from talos_registry.goyaml.nodes import Mapping, Sequence, text_end

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.nodes import Node

__all__ = ["may_go"]


def may_go(text: str, node: Node, plan: Plan | None) -> Iterator[tuple[int, int]]:
    """Where comments stand that belong to what a plan takes out."""
    plan = plan and settled(node, plan)
    if isinstance(plan, Replace):
        yield node.start_mark.index, len(text)
    if not isinstance(plan, Members) or not isinstance(node, Mapping | Sequence):
        return
    found = members(node)
    for at, member in enumerate(found):
        change = plan.changes.get(at)
        change = change and settled(member.last, change)
        end = text_end(member.last, text)
        start = member.start if node.flow or isinstance(node, Mapping) else text.rindex("-", 0, member.start)
        if change is REMOVE and node.flow:
            before = found[at - 1].last.end_mark.index if at else node.start_mark.index
            yield before, found[at + 1].start if at + 1 < len(found) else node.end_mark.index
        elif change is REMOVE:
            yield lines_above(text, start), lines_below(text, start, end)
        elif isinstance(change, Replace) and isinstance(member.last, Mapping | Sequence):
            if member.last.flow:
                yield member.last.start_mark.index, end
            else:
                first, below = member.last.start_mark.index, text.find("\n", start)
                yield (below if member.last.anchor or below < first else first), lines_below(text, start, end)
        else:
            yield from may_go(text, member.last, change)


def lines_above(text: str, start: int) -> int:
    """Where the comments begin that end right above the line of an offset, and are indented like it."""
    line = text.rfind("\n", 0, start) + 1
    indent = indentation(text[line:])
    while line:
        above = text.rfind("\n", 0, line - 1) + 1
        if not text[above:line].lstrip(" ").startswith("#") or indentation(text[above:]) != indent:
            break
        line = above
    return line


def lines_below(text: str, start: int, end: int) -> int:
    """Where the comments end that stand beside an offset and below it, further in than the line of what they are below."""
    indent = indentation(text[text.rfind("\n", 0, start) + 1 :])
    begin = line = text.find("\n", end) + 1 or len(text)
    while line < len(text):
        following = text.find("\n", line) + 1 or len(text)
        content = text[line:following].strip()
        if content and not (content.startswith("#") and indentation(text[line:]) > indent):
            break
        line = following
        begin = following if content else begin
    return begin


def indentation(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
