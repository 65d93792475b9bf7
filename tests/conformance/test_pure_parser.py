"""The parser in Python, which serves where PyYAML has none in C: the same verdicts and values, but for what is listed."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import MachineConfig, OpaqueDocument, parse
from talos_registry.goyaml import composer as source
from talos_registry.goyaml.parser import PureParser

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.conformance.conftest import Disagreements, Row, Vectors

# It takes no tab for white space: not inside plain text, not between tokens.
TABS = {"scalar-string-0106", "scalar-ca-0106", "stream-0088", "mutate-char-1299"}

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\n"
AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"
REFUSED_BUT_GOOD = {
    "a tab between tokens": f"{AUTH}username:\tu\n",
    "a tab in plain text": f"{AUTH}username: a\tb\n",
    "a tab before a flow value": "{\tapiVersion: v1alpha1, kind: RegistryAuthConfig, name: a}\n",
    "a go-yaml escape": f'{AUTH}username: "a\\\'b"\n',
    "a comment at a block scalar": f"{AUTH}username: |#c\n  a\n",
}
ACCEPTED_BUT_BAD = {
    "a tab as indentation of a block scalar": f"{AUTH}username: |\n\n  \ta\n",
    "an unknown directive": f"%FOO\n---\n{AUTH}",
    "a flow indicator in a tag": f"{AUTH}username: !a,b c\n",
}


@pytest.fixture
def pure(monkeypatch: pytest.MonkeyPatch) -> Callable[[str | bytes], MachineConfig]:
    monkeypatch.setattr(source, "open_parser", PureParser)
    return parse


def outcome(config: MachineConfig) -> tuple[bool, list[Any]]:
    """The verdict, and the values of what could be decoded."""
    decoded = [document.to_values() for document in config.documents if not isinstance(document, OpaqueDocument)]
    return config.talos_error is None, decoded


@pytest.fixture
def rows(vectors: Vectors) -> list[Row]:
    """The recorded inputs, with what the parser in C makes of them; that this is right is shown elsewhere."""
    return [{**row, "expect": outcome(parse(text(row)))} for row in vectors("load")]


def text(row: Row) -> str | bytes:
    read: str | bytes = base64.b64decode(row["b64"]) if "b64" in row else row["in"]
    return read


def test_both_parsers_agree(
    rows: list[Row], disagreements: Disagreements, pure: Callable[[str | bytes], MachineConfig]
) -> None:
    different = disagreements("load: pure parser", rows, lambda row: outcome(pure(text(row))))
    assert {one.id for one in different} == TABS


@pytest.mark.parametrize("text", REFUSED_BUT_GOOD.values(), ids=REFUSED_BUT_GOOD.keys())
def test_what_only_the_pure_parser_refuses(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse(text).talos_error is None
    monkeypatch.setattr(source, "open_parser", PureParser)
    assert [one.code for one in parse(text).diagnostics] == ["yaml-syntax"]


@pytest.mark.parametrize("text", ACCEPTED_BUT_BAD.values(), ids=ACCEPTED_BUT_BAD.keys())
def test_what_only_the_pure_parser_accepts(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert parse(text).talos_error is not None
    monkeypatch.setattr(source, "open_parser", PureParser)
    assert parse(text).talos_error is None


@pytest.mark.parametrize(
    "text",
    [
        "\ud800",
        f'{AUTH}username: "\\ud83d\\ude00"\n',
        f'{AUTH}username: "\\U00110000"\n',
        f'{AUTH}username: "\\UFFFFFFFF"\n',
        f"{AUTH}username: \x00\n",
        f"{AUTH}username: \ufffe\n",
        f"{MIRROR}endpoints: {'[' * 100_000}\n",
    ],
)
def test_what_both_refuse(text: str, pure: Callable[[str | bytes], MachineConfig]) -> None:
    assert {one.code for one in pure(text).diagnostics} <= {"yaml-syntax", "limit-exceeded"}
    assert pure(text).diagnostics


@pytest.mark.parametrize("data", [b"\xff", b"a: \xc3", b"\xff\xfea", b"\xff\xfe\x00\xd8", bytes(range(256))])
def test_bytes_that_are_no_text(data: bytes, pure: Callable[[str | bytes], MachineConfig]) -> None:
    assert [one.code for one in pure(data).diagnostics] == ["yaml-syntax"]
