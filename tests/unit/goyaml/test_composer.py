from __future__ import annotations

from typing import Any

import pytest

from talos_registry.goyaml import Broken, Source, Tree, documents, nodes
from talos_registry.goyaml.nodes import Alias, Mapping, Sequence
from talos_registry.limits import MAX_DEPTH, MAX_NODES
from talos_registry.versions import LATEST, release_of


def items(text: str | bytes) -> list[Tree | Broken]:
    return list(documents(Source.of(text), release_of(LATEST)))


def root(text: str) -> Any:
    (tree,) = items(text)
    assert isinstance(tree, Tree)
    return tree.root


def shape(node: Any) -> Any:
    """A tree as plain data: raw text, aliases as ``*name``."""
    if isinstance(node, Mapping):
        return {shape(key): shape(value) for key, value in nodes.pairs(node)}
    if isinstance(node, Sequence):
        return [shape(item) for item in node.content]
    return f"*{node.value}" if isinstance(node, Alias) else node.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 0123\nb: [yes, 'no', ~]\n", {"a": "0123", "b": ["yes", "no", "~"]}),
        ("{a: {b: c}, d: }", {"a": {"b": "c"}, "d": ""}),
        ("- - a\n  - b\n-\n", [["a", "b"], ""]),
        ("a: &x b\nc: *x\n", {"a": "b", "c": "*x"}),
        ("? a\n: b\n", {"a": "b"}),
        ("[{url: http://a}]", [{"url": "http://a"}]),
        ('"a\\tb\\x41\\u00e4\\U0001F600\\e\\N"', "a\tbAä😀\x1b\x85"),
        ('"a\\\'b"', "a'b"),
        ("a: \x7f\x9f\ufeff\n", {"a": "\x7f\x9f\ufeff"}),
        ("a: |\n  x\n\n  y\n", {"a": "x\n\ny\n"}),
        ("a:\tb\t# c\n", {"a": "b"}),
        ("plain", "plain"),
        ("", None),
    ],
)
def test_nothing_is_constructed(text: str, expected: Any) -> None:
    assert [shape(item.root) for item in items(text) if isinstance(item, Tree)] == (
        [] if expected is None else [expected]
    )


def test_what_go_yaml_names_stays_visible() -> None:
    node = root("a: !!int &x '1'\n")
    value = node.content[1]
    assert (value.tag, value.anchor, value.style, value.value) == ("tag:yaml.org,2002:int", "x", "'", "1")
    assert nodes.span(value) == (1, 4, 1, 16)
    assert nodes.span(node) == (1, 1, 2, 1)


@pytest.mark.parametrize("name", ["a", "a-b_1", "a.b", "a/b", "b!", "0"])
def test_anchor_names_of_go_yaml(name: str) -> None:
    node = root(f"a: &{name} x\nb: *{name}\n")
    assert shape(node) == {"a": "x", "b": f"*{name}"}
    assert node.content[3].target is node.content[1]


def test_indices_count_broken_documents_and_no_nulls() -> None:
    read = items("~\n---\na: 1\n---\n---\n'b\n---\nc: 1\n--- !!null ''\n")
    assert [(item.index, isinstance(item, Tree) and item.is_null) for item in read] == [
        (0, True),
        (0, False),
        (1, True),
        (1, False),
        (2, False),
        (3, True),
    ]


@pytest.mark.parametrize(
    ("version", "tag", "is_null"), [("1.12", None, True), ("1.13", None, True), ("1.14", "!", False)]
)
def test_a_lone_tag_is_one_from_a_release_on(version: str, tag: str | None, is_null: bool) -> None:
    first, second = documents("a: ! b\n--- !\n", release_of(version))
    assert isinstance(first, Tree)
    assert isinstance(first.root, Mapping)
    assert isinstance(second, Tree)
    assert (first.root.content[1].tag, second.is_null) == (tag, is_null)


def test_a_text_has_lost_its_byte_order_mark() -> None:
    for source, name in (
        ("\ufeffa: 1\n", "\ufeffa"),
        (Source.of("\ufeffa: 1\n"), "a"),
        (Source.of("\ufeff\ufeffa: 1\n"), "\ufeffa"),
    ):
        (tree,) = documents(source, release_of(LATEST))
        assert isinstance(tree, Tree)
        assert shape(tree.root) == {name: "1"}


def test_anchors_live_on_in_later_documents() -> None:
    first, second = items("a: &x 1\n---\nb: *x\n")
    assert isinstance(first, Tree)
    assert isinstance(second, Tree)
    alias: Any = second.root.content[1]  # type: ignore[union-attr]  # a mapping
    assert alias.target is first.root.content[1]  # type: ignore[union-attr]  # a mapping


@pytest.mark.parametrize(
    ("text", "stage", "problem", "mark"),
    [
        ("a: *x\n", "composer", "unknown anchor 'x' referenced", (1, 4)),
        ("%YAML 1.2\n---\na: b\n", "parser", "found incompatible YAML document", (1, 1)),
        ('a: "b\\/c"\n', "scanner", "found unknown escape character", (1, 6)),
        ('a: "b\n  \\\\\\/c"\n', "scanner", "found unknown escape character", (2, 5)),
        ("a: b: c\n", "scanner", "mapping values are not allowed in this context", (1, 5)),
        ("a: [b\n", "parser", "did not find expected ',' or ']'", (2, 1)),
        ("!x!y z\n", "parser", "found undefined tag handle", (1, 1)),
        ("a: \x00", "reader", "control characters are not allowed (value: 0)", (1, 4)),
        (b"a\n\xff", "reader", "invalid leading UTF-8 octet (value: 255)", (2, 1)),
        (b"a\xc3", "reader", "incomplete UTF-8 octet sequence", (1, 2)),
        (b"\xff\xfea", "reader", "incomplete UTF-16 character", (1, 1)),
        (b"\xff\xfe\x00\xdca\0", "reader", "unexpected low surrogate area (value: 56320)", (1, 1)),
    ],
)
def test_what_go_yaml_refuses(text: str | bytes, stage: str, problem: str, mark: tuple[int, int]) -> None:
    broken = next(item for item in items(text) if isinstance(item, Broken))
    assert (broken.stage, broken.problem, broken.mark, broken.limit) == (stage, problem, mark, False)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ("a: 1\n---\nb: 2\n", ["a: 1\n", "\nb: 2\n"]),
        ("--- {a: b}\n--- # c\nb: 2\n...\n---\n", [" {a: b}\n", " # c\nb: 2\n", "\n"]),
        ("# x\na: 1\n# y\n", ["# x\na: 1\n# y\n"]),
        ("%TAG ! tag:x,\n---\na: 1\n", ["%TAG ! tag:x,\n---\na: 1\n"]),
        ("ä: 1\r\n---\r\nb: 2", ["ä: 1\r\n", "\r\nb: 2"]),
    ],
)
def test_where_the_text_of_a_document_stands(text: str, texts: list[str]) -> None:
    assert [text[item.begin : item.end] for item in items(text)] == texts


def test_reading_goes_on_after_a_broken_document() -> None:
    text = "a: 1\n---\nb: [\n---\nc: 3\n---\nd: *x\n---\ne: 5\n"
    kinds = [type(item).__name__ for item in items(text)]
    assert kinds == ["Tree", "Broken", "Tree", "Broken", "Tree"]
    assert [text[item.begin : item.end] for item in items(text) if isinstance(item, Broken)] == [
        "\nb: [\n",
        "\nd: *x\n",
    ]
    assert [item.root.start_mark.line + 1 for item in items(text) if isinstance(item, Tree)] == [1, 5, 9]


@pytest.mark.parametrize(
    ("text", "limited"),
    [
        ("[" * MAX_DEPTH + "]" * MAX_DEPTH, False),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), True),
        ("- " * (MAX_DEPTH + 1) + "a", True),
        (f"[{'a,' * (MAX_NODES - 2)}]", False),
        (f"[{'a,' * (MAX_NODES - 1)}]", True),
        ("a: b\n---\n" + "- a\n" * MAX_NODES, True),
        ("---\na: b\n" * MAX_NODES, False),
        (f'"{"x" * MAX_NODES * 3}"', False),
        ('"' + "\\'" * 63 + '"', False),
        ('"' + "\\'" * 64 + '"', True),
    ],
)
def test_limits(text: str, limited: bool) -> None:
    assert (
        any(isinstance(item, Broken) and item.limit for item in documents(Source.of(text), release_of(LATEST)))
        is limited
    )


@pytest.mark.parametrize(
    "text",
    [
        "# c\n\t# d\na: 1\n",
        "a: 1\n# c\n\n \t # d\n\t# e\n",
        "a:\n  # c\n\t\n\t# d\n  b: 1\n",
        "a: {} # x\n# c\n\t# d\n",
        "--- # c\n\t# d\na: 1\n",
        "a:\n  - # c\n\t# d\n    b\n",
        "a: |\n  x\n# c\n\t# d\n",
        "a: 'x'\r\n# c\r\n\t# d\r\n",
    ],
)
@pytest.mark.parametrize("version", ["1.12", "1.13", "1.14"])
def test_comments_below_a_comment_may_have_tabs_before_them(text: str, version: str) -> None:
    items = list(documents(text, release_of(version)))
    assert all(isinstance(item, Tree) for item in items)
    assert [item.end for item in items] == [len(text)]


@pytest.mark.parametrize(
    "text",
    [
        "\t# d\na: 1\n",
        "a: 1\n\t# d\n",
        "a: 1 # c\n\t# d\n",
        "# c\n\t\na: 1\n",
        "# c\n\ta: 1\n",
        "a: |\n  x\n  # c\n\t# d\n",
        "a: {} # c\n\n\t# d\n",
    ],
)
@pytest.mark.parametrize("version", ["1.12", "1.13", "1.14"])
def test_tabs_elsewhere_before_a_comment_are_refused(text: str, version: str) -> None:
    assert any(isinstance(item, Broken) for item in documents(text, release_of(version)))


def test_what_a_broken_document_has_left_unfinished_is_no_anchor() -> None:
    items = list(documents("registries: &a\n  x:\n  a b\n---\nname: *a\n---\nb: 1\n", release_of(LATEST)))
    assert [type(item) for item in items] == [Broken, Broken, Tree]
