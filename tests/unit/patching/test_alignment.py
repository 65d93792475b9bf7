from __future__ import annotations

import pytest

from talos_registry.patching.alignment import kept_items


@pytest.mark.parametrize(
    ("before", "after", "kept"),
    [
        ("aba", "xba", [(1, 1), (2, 2)]),
        ("aba", "abx", [(0, 0), (1, 1)]),
        ("abc", "abc", [(0, 0), (1, 1), (2, 2)]),
        ("aa", "aaa", [(0, 0), (1, 1)]),
        ("aaa", "aa", [(0, 0), (1, 1)]),
        ("abc", "cab", [(0, 1), (1, 2)]),
        ("xaby", "zbaw", [(1, 2)]),
        ("", "ab", []),
        ("ab", "", []),
    ],
)
def test_what_stands_where_it_stood_is_kept(before: str, after: str, kept: list[tuple[int, int]]) -> None:
    assert kept_items(before, after) == kept
