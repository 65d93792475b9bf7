"""How two texts differ, line by line, as a unified diff; the time grows as the number of lines."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from difflib import Match, SequenceMatcher
from typing import TYPE_CHECKING, Any

from talos_registry.patching.alignment import kept_items

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["TextLines", "unified_diff"]

_CONTEXT = 3
_SMALL = 200
"""Up to as many lines, on both sides together, are compared by difflib, whose time grows as their square."""
_MOST_ROUNDS = 8


class TextLines(Sequence[str]):
    """Lines without line breaks, each made when it is asked for: one text takes less memory than a string for each."""

    def __init__(self, text: str, begins: array[int]) -> None:
        self._text = text
        self._begins = begins

    @classmethod
    def of(cls, lines: Iterable[str]) -> TextLines:
        """The lines, which hold no line feed."""
        text = "".join(f"{line}\n" for line in lines)
        return cls(text, array("I", [0, *(match.end() for match in re.finditer("\n", text))]))

    def __len__(self) -> int:
        return len(self._begins) - 1

    def __getitem__(self, at: Any) -> Any:
        if isinstance(at, slice):
            begin, end, _ = at.indices(len(self))
            return TextLines(self._text, self._begins[begin : max(begin, end) + 1])
        at = at if at >= 0 else len(self) + at
        return self._text[self._begins[at] : self._begins[at + 1] - 1]


def unified_diff(before: Sequence[str], after: Sequence[str], name: str) -> Iterator[str]:
    """The lines of the diff of two lists of lines, without line breaks; none if they are equal."""
    groups = _Matcher(before, after).get_grouped_opcodes(_CONTEXT)
    for at, group in enumerate(groups):
        if at == 0:
            yield from (f"--- {name}", f"+++ {name}")
        first, last = group[0], group[-1]
        yield f"@@ -{_range(first[1], last[2])} +{_range(first[3], last[4])} @@"
        for what, old, old_end, new, new_end in group:
            if what == "equal":
                yield from (f" {line}" for line in before[old:old_end])
                continue
            yield from (f"-{line}" for line in before[old:old_end])
            yield from (f"+{line}" for line in after[new:new_end])


def _range(begin: int, end: int) -> str:
    """Lines as a unified diff counts them."""
    length = end - begin
    if length == 1:
        return str(begin + 1)
    return f"{begin + bool(length)},{length}"


class _Matcher(SequenceMatcher[str]):
    """Finds the lines in common by those that stand once on both sides, and by difflib between them."""

    def __init__(self, before: Sequence[str], after: Sequence[str]) -> None:
        super().__init__(None, before, after)
        self._before, self._after = before, after

    def get_matching_blocks(self) -> list[Match]:
        lengths = len(self._before), len(self._after)
        blocks: list[Match] = []
        for block in (*_blocks(self._before, self._after, _MOST_ROUNDS), Match(*lengths, 0)):
            last = blocks[-1] if blocks else None
            if last and block.size and (last.a + last.size, last.b + last.size) == (block.a, block.b):
                blocks[-1] = last._replace(size=last.size + block.size)
            else:
                blocks.append(block)
        return blocks


def _blocks(before: Sequence[str], after: Sequence[str], rounds: int) -> Iterator[Match]:
    """Runs of lines that are the same on both sides, in order."""
    if len(before) + len(after) <= _SMALL:
        yield from filter(_has_lines, SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks())
        return
    shorter = min(len(before), len(after))
    head = next((at for at in range(shorter) if before[at] != after[at]), shorter)
    tail = next((at for at in range(shorter - head) if before[-1 - at] != after[-1 - at]), shorter - head)
    ends = len(before) - tail, len(after) - tail
    yield from filter(_has_lines, [Match(0, 0, head)])
    yield from _between(before[head : ends[0]], after[head : ends[1]], head, rounds)
    yield from filter(_has_lines, [Match(*ends, tail)])


def _between(before: Sequence[str], after: Sequence[str], offset: int, rounds: int) -> Iterator[Match]:
    """The runs in two parts that both begin at an offset: around the lines that stand once on both sides."""
    if len(before) + len(after) > _SMALL:
        anchors = _anchors(before, after) if rounds else []
        if not anchors:
            return
    else:
        anchors = []
    done = (0, 0)
    for old, new in [*anchors, (len(before), len(after))]:
        for block in _blocks(before[done[0] : old], after[done[1] : new], rounds - 1):
            yield Match(offset + done[0] + block.a, offset + done[1] + block.b, block.size)
        if (old, new) != (len(before), len(after)):
            yield Match(offset + old, offset + new, 1)
        done = (old + 1, new + 1)


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """The positions of lines that stand once on both sides, as many as are in the same order."""
    places = [_unique(before), _unique(after)]
    common = places[0].keys() & places[1].keys()
    old, new = ([line for line in lines if line in common] for lines in places)
    return [(places[0][old[left]], places[1][new[right]]) for left, right in kept_items(old, new)]


def _unique(lines: Sequence[str]) -> dict[str, int]:
    """The lines that stand once, in order, and where."""
    places: dict[str, int] = {}
    repeated = set()
    for at, line in enumerate(lines):
        if line in places:
            repeated.add(line)
        places.setdefault(line, at)
    return {line: at for line, at in places.items() if line not in repeated}


def _has_lines(block: Match) -> bool:
    return block.size > 0
