from __future__ import annotations

import tracemalloc

import pytest

from talos_registry.messages import did_you_mean


@pytest.mark.parametrize(
    ("word", "advice"),
    [
        ("endpoint", '; did you mean "endpoints"?'),
        ("EndPoints", '; did you mean "endpoints"?'),
        ("skipfallback", '; did you mean "skipFallback"?'),
        ("x", "."),
        ("", "."),
    ],
)
def test_the_nearest_known_word_is_offered(word: str, advice: str) -> None:
    for _ in range(2):  # what has been asked before is answered alike
        assert did_you_mean(word, ["endpoints", "skipFallback"]) == advice


def test_nothing_is_near_among_nothing() -> None:
    assert did_you_mean("x", [], otherwise="!") == "!"


def test_a_very_long_word_is_not_looked_into() -> None:
    word = "endpoints" * 100_000
    tracemalloc.start()
    assert did_you_mean(word, ["endpoints"]) == "."
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 3 * len(word)
