"""What two lists have in common, in time that grows as their length."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterator, Sequence

__all__ = ["kept_items"]


def kept_items(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Items that stand in both lists, in the same order, as many as there are: their positions in both.

    Items that are equal at the beginning and at the end of both lists are the same; of other items that occur several times
    the first is the first in both lists, and so on. The time grows as n log n.
    """
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    within = _kept_within(before[start : len(before) - end], after[start : len(after) - end])
    inner = [(start + old, start + new) for old, new in within]
    last = [(len(before) - back, len(after) - back) for back in range(end, 0, -1)]
    return [*((at, at) for at in range(start)), *inner, *last]


def _common(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    """How many items are equal from the beginning of both lists on."""
    pairs = enumerate(zip(before, after, strict=False))
    return next((at for at, (old, new) in pairs if old != new), min(len(before), len(after)))


def _kept_within(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    places: dict[Hashable, list[int]] = defaultdict(list)
    for at, item in enumerate(before):
        places[item].append(at)
    queues = {item: iter(positions) for item, positions in places.items()}
    both = [(old, new) for new, item in enumerate(after) if (old := next(queues.get(item, iter(())), None)) is not None]
    return _longest_rising(both)


def _longest_rising(both: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest run of pairs, not all next to each other, of which the first numbers rise."""
    ends: list[int] = []
    chosen: list[int] = []
    before: list[int | None] = []
    for at, (old, _) in enumerate(both):
        length = bisect_left(ends, old)
        before.append(chosen[length - 1] if length else None)
        ends[length : length + 1] = [old]
        chosen[length : length + 1] = [at]
    return list(_traced(both, before, chosen[-1] if chosen else None))[::-1]


def _traced(both: list[tuple[int, int]], before: list[int | None], last: int | None) -> Iterator[tuple[int, int]]:
    while last is not None:
        yield both[last]
        last = before[last]
