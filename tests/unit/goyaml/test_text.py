from __future__ import annotations

import pytest

from talos_registry.diagnostic import Edit, Span
from talos_registry.goyaml.text import Lines, apply_edits


def edit(line: int, column: int, end_line: int, end_column: int, text: str) -> Edit:
    return Edit(Span(line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("text", "edits", "expected"),
    [
        ("a: 1\nb: 2\n", [], "a: 1\nb: 2\n"),
        ("a: 1\nb: 2\n", [edit(2, 4, 2, 5, "3")], "a: 1\nb: 3\n"),
        ("a: 1\nb: 2\n", [edit(2, 4, 2, 5, "3"), edit(1, 1, 2, 1, "")], "b: 3\n"),
        ("a: 1\n", [edit(1, 1, 1, 1, "x"), edit(1, 1, 1, 1, "y")], "xya: 1\n"),
        ("a: 1\r\nb: 2\r\n", [edit(2, 1, 2, 1, "c: 3\r\n")], "a: 1\r\nc: 3\r\nb: 2\r\n"),
        ("a: é\u2028b: 2", [edit(2, 4, 2, 5, "3")], "a: é\u2028b: 3"),
        ("a: 1", [edit(2, 1, 2, 1, "\nb: 2")], "a: 1\nb: 2"),
    ],
)
def test_edits_change_what_they_name_and_nothing_else(text: str, edits: list[Edit], expected: str) -> None:
    assert apply_edits(text, edits) == expected


def test_edits_that_overlap_are_refused() -> None:
    with pytest.raises(ValueError, match="overlap at line 1"):
        apply_edits("abcdef", [edit(1, 1, 1, 4, "x"), edit(1, 3, 1, 5, "y")])


@pytest.mark.parametrize("text", ["", "a", "a\nb", "a\r\nb\rc\x85d\u2028e\u2029", "\n\n"])
def test_places_and_offsets_are_each_others_inverse(text: str) -> None:
    lines = Lines(text)
    assert [lines.offset(*lines.place(offset)) for offset in range(len(text) + 1)] == list(range(len(text) + 1))
