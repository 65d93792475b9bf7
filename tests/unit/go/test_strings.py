from __future__ import annotations

import pytest

from talos_registry.go.strings import byte_string, go_quote, text_bytes, text_of


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("", '""'),
        ("plain", '"plain"'),
        ('say "a\\b"', r'"say \"a\\b\""'),
        ("\a\b\f\n\r\t\v", r'"\a\b\f\n\r\t\v"'),
        ("\x00\x1b\x7f", r'"\x00\x1b\x7f"'),
        ("ä😀\ufffd", '"ä😀\ufffd"'),
        ("\xa0\u200b\ufeff", r'"\u00a0\u200b\ufeff"'),
        ("\U000e0001", r'"\U000e0001"'),
        ("a\udcffb", r'"a\xffb"'),
    ],
)
def test_quoting_is_gos(text: str, quoted: str) -> None:
    assert go_quote(text) == quoted


@pytest.mark.parametrize(
    ("text", "encoded"),
    [
        ("plain", b"plain"),
        ("ä", b"\xc3\xa4"),
        ("a\udcff", b"a\xff"),
        ("\ud800", b"\xed\xa0\x80"),
    ],
)
def test_every_text_has_bytes(text: str, encoded: bytes) -> None:
    assert text_bytes(text) == encoded
    assert byte_string(text) == encoded.decode("latin-1")


@pytest.mark.parametrize(("encoded", "text"), [("plain", "plain"), ("\xc3\xa4", "ä"), ("a\xff", "a\udcff")])
def test_every_byte_string_has_a_text(encoded: str, text: str) -> None:
    assert text_of(encoded) == text
