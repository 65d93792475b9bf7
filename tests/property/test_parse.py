"""``parse`` of anything at all: it never raises, and what it says hangs together."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from talos_registry import MachineConfig, OpaqueDocument, Severity, parse
from tests.property.mutations import PIECES, lines_of, mutated

LIMIT = "limit-exceeded"


def assert_coherent(config: MachineConfig, text: str | None = None) -> None:
    limited = any(one.code == LIMIT for one in config.diagnostics)
    assert all(one.severity is Severity.ERROR for one in config.diagnostics)
    assert limited or bool(config.diagnostics) == (config.talos_error is not None)
    places = [(one.line, one.column) for one in config.diagnostics]
    assert places == sorted(places, key=lambda place: (place[0] or 0, place[1] or 0))
    assert_places_inside(config, lines_of(config.text if text is None else text))
    assert len(config.documents) == len(config.entries)
    assert_opaque_text_is_verbatim(config)
    assert set(config.registries.mirrors) >= {
        one.name
        for one in config.documents
        if one.kind == "RegistryMirrorConfig" and not isinstance(one, OpaqueDocument)
    }
    assert all(one.path[0] in range(max(1, len(config.documents))) for one in config.diagnostics)


def assert_places_inside(config: MachineConfig, lines: list[str]) -> None:
    for one in config.diagnostics:
        assert one.line is not None
        assert one.column is not None
        assert one.end_line is not None
        assert one.end_column is not None
        assert 1 <= one.line <= one.end_line <= len(lines) + 1, one
        assert (one.line, one.column) <= (one.end_line, one.end_column), one
        assert 1 <= one.column <= (len(lines[one.line - 1]) if one.line <= len(lines) else 0) + 1, one
        assert 1 <= one.end_column <= (len(lines[one.end_line - 1]) if one.end_line <= len(lines) else 0) + 2, one
        assert not any(unicodedata.category(char) in {"Cc", "Cs"} for char in one.message), one


def assert_opaque_text_is_verbatim(config: MachineConfig) -> None:
    rest = config.text
    for document in config.documents:
        if isinstance(document, OpaqueDocument):
            assert document.text in rest
            rest = rest[rest.index(document.text) + len(document.text) :]


@settings(max_examples=400)
@given(st.text(alphabet=st.characters(), max_size=80))
@example("\ud800\x7f")
@example("\udcff: \x9f")
@example("a: \ufeff")
def test_any_text(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=300)
@given(st.binary(max_size=80))
@example(b"\xff\xfea")
@example(b"\xfe\xff\xd8\x00")
def test_any_bytes(data: bytes) -> None:
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert_coherent(parse(data), data.decode("utf-16", "replace") if is_utf_16 else None)


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_pieces_of_yaml(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=1000)
@given(mutated())
def test_any_mutated_file(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=100)
@given(mutated(), st.sampled_from(["1.11", "1.12", "1.13.2", "1.14.0-beta.1", "1.15"]))
def test_any_version(text: str, version: str) -> None:
    assert_coherent(parse(text, talos_version=version))


@settings(max_examples=200)
@given(mutated())
def test_text_and_its_bytes_are_the_same_file(text: str) -> None:
    from_text, from_utf8 = parse(text), parse(text.encode("utf-8", "surrogatepass"))
    assert (from_text.diagnostics, from_text.talos_error) == (from_utf8.diagnostics, from_utf8.talos_error)
