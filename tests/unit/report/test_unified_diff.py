from __future__ import annotations

import difflib
import re
import time

from hypothesis import given
from hypothesis import strategies as st

from talos_registry.report.unified_diff import TextLines, unified_diff

lines = st.lists(st.sampled_from([*"abcdefgh", "same"]), max_size=40)


def patched(before: list[str], diff: list[str]) -> list[str]:
    """What a diff makes of some lines; every line that it shows as there has to be there."""
    result: list[str] = []
    done = 0
    for line in diff[2:]:
        hunk = re.match(r"@@ -(\d+)(?:,(\d+))? ", line)
        if hunk:
            begin = int(hunk[1]) - (hunk[2] != "0")
            result += before[done:begin]
            done = begin
        elif line[0] == "+":
            result.append(line[1:])
        else:
            assert before[done] == line[1:]
            result += [line[1:]] * (line[0] == " ")
            done += 1
    return result + before[done:]


@given(lines, lines)
def test_small_texts_differ_as_difflib_says(before: list[str], after: list[str]) -> None:
    assert [*unified_diff(before, after, "x")] == [*difflib.unified_diff(before, after, "x", "x", lineterm="")]


@given(lines, lines, st.integers(100, 150))
def test_a_diff_of_large_texts_makes_one_of_the_other(before: list[str], after: list[str], times: int) -> None:
    old = [line + str(at % 7) * (at % 3) for at, line in enumerate([*before, "once"] * times)]
    new = [line + str(at % 5) * (at % 2) for at, line in enumerate([*after, "once"] * times)]
    assert patched(old, [*unified_diff(old, new, "x")]) == new


def test_lines_that_stand_once_are_found_between_many_others() -> None:
    before = [line for number in range(500) for line in (f"name: {number}", "- a", "- b")]
    after = [line for number in range(500) for line in (f"name: {number}", "  - a", "- b")]
    after[0:0] = ["new"]
    changed = [line for line in [*unified_diff(before, after, "x")][2:] if line[0] in "+-"]
    assert sorted(changed) == sorted(["+new", *["-- a", "+  - a"] * 500])


def test_the_time_of_a_diff_grows_as_the_number_of_lines() -> None:
    def seconds(count: int) -> float:
        before = [line for number in range(count) for line in ("kind: a", f"name: {number}", "endpoints:", "- url: x")]
        after = [line.replace("- ", "    - ") for line in before]
        start = time.process_time()
        assert len([*unified_diff(before, after, "x")]) > count
        return time.process_time() - start

    assert seconds(10_000) < 25 * min(seconds(1000) for _ in range(3))  # of the square it would be 100 times


def test_lines_of_a_text_are_those_it_was_made_of() -> None:
    lines = ["a", "", "b\u2028c", "d"]
    made = TextLines.of(iter(lines))
    assert [*made] == lines
    assert [made[-1], made[-4], len(made)] == ["d", "a", 4]
    assert [[*made[begin:end]] for begin in range(6) for end in range(6)] == [
        lines[begin:end] for begin in range(6) for end in range(6)
    ]
    assert [*unified_diff(made, TextLines.of([*lines, "e"]), "x")] == [*unified_diff(lines, [*lines, "e"], "x")]
