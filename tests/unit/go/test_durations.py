"""Durations as Go reads and prints them: what Talos 1.14 made of the interval of a FilesystemTrimConfig."""

from __future__ import annotations

import pytest

from talos_registry.go.durations import read_duration, written_duration


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("0", "0s"),
        ("-0", "0s"),
        ("+0", "0s"),
        ("0s", "0s"),
        ("0.5ns", "0s"),
        ("1h", "1h0m0s"),
        ("1h30m", "1h30m0s"),
        ("1.5h", "1h30m0s"),
        ("3600s", "1h0m0s"),
        ("60s", "1m0s"),
        ("-1.5s", "-1.5s"),
        ("+5s", "5s"),
        (".5s", "500ms"),
        ("1.s", "1s"),
        ("100ms", "100ms"),
        ("1500us", "1.5ms"),
        ("1us", "1µs"),
        ("1µs", "1µs"),  # the micro sign
        ("1μs", "1µs"),  # the Greek letter
        ("0.1us", "100ns"),
        ("999ns", "999ns"),
        ("1000ns", "1µs"),
        ("3ns", "3ns"),
        ("0.000000001s", "1ns"),
        ("1.0000000005s", "1s"),
        ("0.9999999999999999999s", "1s"),
        ("1h1m1.001s", "1h1m1.001s"),
        ("2562047h47m16.854775807s", "2562047h47m16.854775807s"),
        ("9223372036854775807ns", "2562047h47m16.854775807s"),
        ("-2562047h47m16.854775808s", "-2562047h47m16.854775808s"),
    ],
)
def test_a_duration_is_written_as_go_writes_it(text: str, written: str) -> None:
    assert written_duration(read_duration(text)) == written


@pytest.mark.parametrize(
    "text",
    [
        "", "1", "s", ".s", "-", "1d", "1H", "1h ", "- 1s", "--1s", "1e3s", "0x1s", "1_000s", "1.2.3s",
        "2562047h47m16.854775808s", "9223372036854775808ns", "3000000h",
    ],
)  # fmt: skip
def test_what_is_no_duration(text: str) -> None:
    with pytest.raises(ValueError, match=r"no duration|too long a duration"):
        read_duration(text)
