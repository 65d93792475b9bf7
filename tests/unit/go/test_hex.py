"""Hexadecimal digits as Go reads them: what Talos 1.14 said of the hardwareAddr of a BondConfig."""

from __future__ import annotations

import pytest

from talos_registry.go.hex import HexError, read_hex


@pytest.mark.parametrize(
    ("text", "data"), [("", b""), ("aabb", b"\xaa\xbb"), ("AABBCC001122", b"\xaa\xbb\xcc\0\x11\x22")]
)
def test_bytes(text: str, data: bytes) -> None:
    assert read_hex(text) == data


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a", "encoding/hex: odd length hex string"),
        ("aab", "encoding/hex: odd length hex string"),
        ("zz", "encoding/hex: invalid byte: U+007A 'z'"),
        ("aa-bb", "encoding/hex: invalid byte: U+002D '-'"),
        ("a b", "encoding/hex: invalid byte: U+0020 ' '"),
        ('"', "encoding/hex: invalid byte: U+0022 '\"'"),
        ("\\a", "encoding/hex: invalid byte: U+005C '\\'"),
        ("\0", "encoding/hex: invalid byte: U+0000"),
        ("aé", "encoding/hex: invalid byte: U+00C3 'Ã'"),
    ],
)  # fmt: skip
def test_what_is_not_hexadecimal(text: str, error: str) -> None:
    with pytest.raises(HexError) as caught:
        read_hex(text)
    assert str(caught.value) == error
