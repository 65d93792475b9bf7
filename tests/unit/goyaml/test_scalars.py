from __future__ import annotations

import pytest

from talos_registry.goyaml.scalars import base64_error, resolve_plain

# The tables of yaml/go-yaml v4, internal/libyaml/resolver.go, as observed by encoding the texts with Talos.
TAGS = {
    "!!null": ["", "~", "null", "Null", "NULL"],
    "!!bool": ["true", "True", "TRUE", "false", "False", "FALSE"],
    "!!int": [
        "0", "12", "+1", "-1", "0123", "0o17", "0O7", "0x1F", "0X1f", "0b11", "0B1", "1_000", "0x_f", "-0x1", "007",
        "18446744073709551615", "-9223372036854775808", "+9223372036854775807", "1__2", "1_",
    ],
    "!!float": [
        "12.50", "089", "1.", ".5", "-.5", "1e3", "1.e3", "1E-3", "-0", "-0.0", "1_0.5", "18446744073709551616",
        ".inf", "-.INF", "+.Inf", ".nan", ".NaN", ".NAN", "-9223372036854775809",
    ],
    "!!timestamp": [
        "2001-01-01", "2001-1-1", "2000-02-29", "2001-12-14t21:59:43.10-05:00", "2001-12-14T21:59:43Z", "2001-1-1 1:2:3",
        "2001-01-01 23:59:59.5", "2001-01-01T00:00:00,5Z",
    ],
    "!!merge": ["<<"],
    "!!str": [
        "nUll", "nil", "tRUE", "yes", "on", "y", "Off", "0o8", "0b2", "0x", "_1", "1e400", "0x1p3", ".", "..", "+", "-", "--1",
        "190:20:30", "1:2", "=", "1,000", ".Nan", "inf", "nan", "+.nan", "0xg", "1 2", "1e", "e1", "٣",
        "2001-02-29", "2001-13-01", "2001-00-01", "2001-1-32", "2001-1-1 24:00:00", "2001-01-01T00:00:00", "2001-01-01 00:00:00 Z",
        "20010-01-01", "2001-01-01T00:60:00Z", "1.2.3", "10.0.0.1",
    ],
}  # fmt: skip


@pytest.mark.parametrize(("text", "tag"), [(text, tag) for tag, texts in TAGS.items() for text in texts])
def test_a_plain_scalar_resolves_as_in_go_yaml(text: str, tag: str) -> None:
    assert resolve_plain(text) == tag


def test_dates_are_text_when_another_tag_is_explicit() -> None:
    assert resolve_plain("2001-01-01", dates=False) == "!!str"


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("", None),
        ("aGVsbG8=", None),
        ("aGVs\r\nbG8=\n", None),
        ("a", 0),
        ("aG", 0),
        ("aGVsb", 4),
        ("!", 0),
        ("aG!=", 2),
        ("a===", 1),
        ("aG=x", 2),
        ("aGVsbG8=x", 8),
        ("aGVsbG8==", 8),
        ("aGVs bG8=", 4),
        ("aGVs\n!", 5),
        ("-----BEGIN CERTIFICATE-----", 0),
        ("aGVsbG8", 4),
    ],
)
def test_base64_stops_where_go_stops(text: str, offset: int | None) -> None:
    assert base64_error(text) == offset
