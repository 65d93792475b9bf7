from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talos_registry.goyaml import documents
from talos_registry.goyaml.tags import is_merge, is_null, resolved, scalar_tag, scalar_text, short_tag
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from talos_registry.goyaml import Tree


def node(text: str) -> Any:
    tree: Tree
    (tree,) = documents(text, release_of(LATEST))  # type: ignore[assignment]  # not a broken one
    return tree.root


@pytest.mark.parametrize(
    ("tag", "short"),
    [("tag:yaml.org,2002:str", "!!str"), ("!foo", "!foo"), ("!", "!"), ("tag:yaml.org,2002:", "!!"), ("x", "x")],
)
def test_short_tag(tag: str, short: str) -> None:
    assert short_tag(tag) == short


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("12", "!!int"),
        ("'12'", "!!str"),
        ("|\n  12\n", "!!str"),
        ("~", "!!null"),
        ("! 12", "!"),
        ("! '12'", "!!str"),
        ("!!binary 12", "!!binary"),
        ("!foo 12", "!foo"),
        ("!<tag:yaml.org,2002:int> a", "!!int"),
    ],
)
def test_scalar_tag(text: str, tag: str) -> None:
    assert scalar_tag(node(text)) == tag


@pytest.mark.parametrize(
    ("text", "held"),
    [
        ("!!binary aGVsbG8=", "hello"),
        ("!!binary /w==", "\udcff"),
        ("!!binary a", "a"),
        ("!!binary é", "é"),
        ("!!null a", ""),
        ("!foo a", "a"),
    ],
)
def test_scalar_text(text: str, held: str) -> None:
    assert scalar_text(node(text)) == held


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("~", True),
        ("!!null x", True),
        ("''", False),
        ("[]", False),
        ("{}", False),
        ("!!null {}", False),
        ("nUll", False),
    ],
)
def test_is_null(text: str, expected: bool) -> None:
    assert is_null(node(text)) is expected


def test_an_alias_is_what_it_stands_for() -> None:
    anchor, alias = node("[&a ~, *a]").content
    assert is_null(alias)
    assert resolved(alias) is anchor
    assert resolved(anchor) is anchor


@pytest.mark.parametrize(("text", "expected"), [("<<", True), ("'<<'", False), ("!!merge a", True), ("[<<]", False)])
def test_is_merge(text: str, expected: bool) -> None:
    assert is_merge(node(text)) is expected
