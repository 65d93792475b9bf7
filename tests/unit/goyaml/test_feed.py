from __future__ import annotations

import pytest

from talos_registry.goyaml.feed import Feed, Source, place
from talos_registry.versions import LATEST, release_of


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("a: ä\n", "a: ä\n"),
        ("\ufeffa", "a"),
        ("\ufeff\ufeffa", "\ufeffa"),
        (b"a: \xc3\xa4\n", "a: ä\n"),
        (b"\xef\xbb\xbfa", "a"),
        (b"\xff\xfea\0", "a"),
        (b"\xfe\xff\0a", "a"),
        (b"\xff\xfe\x3d\xd8\x00\xde", "😀"),
        (b"\xff\xfe", ""),
    ],
)
def test_text_and_bytes_are_decoded_without_a_byte_order_mark(source: str | bytes, text: str) -> None:
    assert Source.of(source) == Source(text, text.encode())


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"a\xff", Source("a\udcff", b"a\xff")),
        (b"\xff\xfea", Source("", b"\xff\xfea")),
        (b"\xff\xfe\x00\xd8a\0", Source("", b"\xff\xfe\x00\xd8a\0")),
        ("\ud800", Source("\ud800", b"\xed\xa0\x80")),
    ],
)
def test_what_is_no_text_is_left_to_the_parser(source: str | bytes, expected: Source) -> None:
    assert Source.of(source) == expected


@pytest.mark.parametrize(
    ("text", "fed"),
    [
        ("a: b\n", "a: b\n"),
        ("...\na", "   \na"),
        ("# x\r\n...\n# y\n...\na: ...\n", "   \r\n   \n   \n   \na: ...\n"),
        ("....\n", "....\n"),
        ("...\t#x\u2028...\na", "      \u2028   \na"),
        ("... {a: b}\n", "--- {a: b}\n"),
        ("...\n... ...\n", "   \n--- ...\n"),
        ("a: \x7f\ufeff\n", "a: \U000f007f\U000ffeff\n"),
        ("a: \x7f\U000f0000\n", "a: \x7f\U000f0000\n"),
        ("a: \x85\n", "a: \x85\n"),
    ],
)
def test_what_only_libyaml_refuses_is_respelled_in_as_many_characters(text: str, fed: str) -> None:
    feed = Feed.of(Source.of(text), release_of(LATEST))
    assert blanked(feed.text) == blanked(fed)
    assert len(feed.text) == len(text)
    assert feed.original(feed.text).split() == text.split() or "..." in text


def blanked(text: str) -> list[str]:
    return [line.rstrip() for line in text.splitlines()]


def test_data_from_an_offset_has_the_same_marks() -> None:
    text = "a: ä\r\nb\rc\n\x85\u2028---\nd: e\n"
    start = text.index("---")
    data = Feed.of(Source.of(text), release_of(LATEST)).from_offset(start).decode()
    assert data[start:] == text[start:]
    assert data[:start].strip() == ""
    assert place(data, start) == place(text, start)


@pytest.mark.parametrize(
    ("text", "offset", "expected"),
    [
        ("", 0, (1, 1)),
        ("abc", 2, (1, 3)),
        ("a\nbc", 2, (2, 1)),
        ("a\r\nbc", 4, (2, 2)),
        ("a\rb\x85c\u2028d\u2029e", 8, (5, 1)),
        ("a\x0bb\x0cc\x1cd", 6, (1, 7)),
        ("\n\n", 2, (3, 1)),
    ],
)
def test_lines_are_what_yaml_takes_for_lines(text: str, offset: int, expected: tuple[int, int]) -> None:
    assert place(text, offset) == expected
