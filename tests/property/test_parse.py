"""``parse`` of anything at all: it never raises, and what it says hangs together."""

from __future__ import annotations

import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from talos_registry import MachineConfig, OpaqueDocument, Severity, parse

LIMIT = "limit-exceeded"

SAMPLES = (
    """\
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: http://10.5.0.1:5000
  - {url: "https://harbor.example/v2/proxy", overridePath: true}
skipFallback: yes
---
apiVersion: v1alpha1
kind: RegistryAuthConfig
name: &host registry.example:5000
username: 'it''s'
password: !!binary aGVsbG8=
--- # comment
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: *host
ca: |-
  -----BEGIN CERTIFICATE-----
  MIIB
clientIdentity: {cert: c, key: k}
---
apiVersion: v1alpha1
kind: ImageCacheConfig
local: {enabled: on}
...
---
apiVersion: v1alpha1
kind: VolumeConfig
name: EPHEMERAL
""",
    """\
version: v1alpha1
machine:
  registries:
    mirrors:
      "*": {endpoints: [http://a, "b:5000"], overridePath: false}
      docker.io:
    config:
      a:5000:
        auth: {username: u, password: p}
        tls: {ca: aGVsbG8=, clientIdentity: {crt: aGVsbG8=, key: "******"}}
  features: {imageCache: {localEnabled: true}}
cluster: {}
""",
)
PIECES = (
    "---\n", "...\n", "- ", ": ", ":", "? ", "&a ", "*a", "<<: *a\n", "!!null ", "!!int ", "!foo ", "|\n", ">-\n", "{", "}", "[", "]",
    '"', "'", "\\", "\\'", "\\/", "#", "%YAML 1.2\n", "\t", "\r", "\n\n", "\x00", "\x7f", "\x85", "\u2028", "\ufeff", "\U000f0000", "😀",
    "kind", "apiVersion", "name", "url", "machine:\n", "null", "~", "2001-01-01", "0x1F", "y", "{{ x }}", "{% x %}", "  ",
)  # fmt: skip


@st.composite
def mutated(draw: st.DrawFn) -> str:
    """A good file with pieces of YAML put into it, cut out of it and doubled."""
    text = draw(st.sampled_from(SAMPLES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 12)))
        piece = draw(st.one_of(st.sampled_from(PIECES), st.just(text[start:end] * 2), st.text(max_size=3)))
        text = text[:start] + piece + text[end:]
    return text


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


def lines_of(text: str) -> list[str]:
    """The lines as YAML breaks them."""
    for mark in ("\r\n", "\r", "\x85", "\u2028", "\u2029"):
        text = text.replace(mark, "\n")
    return text.split("\n")


def assert_opaque_text_is_verbatim(config: MachineConfig) -> None:
    rest = config.text
    for document in config.documents:
        if isinstance(document, OpaqueDocument):
            assert document.text in rest
            rest = rest[rest.index(document.text) + len(document.text) :]


@settings(max_examples=400, deadline=None)
@given(st.text(alphabet=st.characters(), max_size=80))
@example("\ud800\x7f")
@example("\udcff: \x9f")
@example("a: \ufeff")
def test_any_text(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=80))
@example(b"\xff\xfea")
@example(b"\xfe\xff\xd8\x00")
def test_any_bytes(data: bytes) -> None:
    is_utf_16 = data.startswith((b"\xff\xfe", b"\xfe\xff"))
    assert_coherent(parse(data), data.decode("utf-16", "replace") if is_utf_16 else None)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_any_pieces_of_yaml(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=1000, deadline=None)
@given(mutated())
def test_any_mutated_file(text: str) -> None:
    assert_coherent(parse(text))


@settings(max_examples=100, deadline=None)
@given(mutated(), st.sampled_from(["1.11", "1.12", "1.13.2", "1.14.0-beta.1", "1.15"]))
def test_any_version(text: str, version: str) -> None:
    assert_coherent(parse(text, talos_version=version))


@settings(max_examples=200, deadline=None)
@given(mutated())
def test_text_and_its_bytes_are_the_same_file(text: str) -> None:
    from_text, from_utf8 = parse(text), parse(text.encode("utf-8", "surrogatepass"))
    assert (from_text.diagnostics, from_text.talos_error) == (from_utf8.diagnostics, from_utf8.talos_error)
