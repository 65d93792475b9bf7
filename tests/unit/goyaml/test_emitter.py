from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talos_registry.goyaml import documents, write
from talos_registry.goyaml.representer import from_node, from_value, natural_key
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from talos_registry.goyaml import Tree

# What Talos writes for a string, from the tables of its behaviour.
STRINGS = {
    "y": "'y'", "Off": "'Off'", "nO": "nO", "n": "'n'", "true": '"true"', "tRUE": "tRUE", "null": '"null"', "~": '"~"', "": '""',
    "0123": '"0123"', "089": '"089"', "0o8": "0o8", "0b2": "0b2", "0x": "0x", "1_000": '"1_000"', "_1": "_1",
    "1e3": '"1e3"', "1.e3": '"1.e3"', "1e400": "1e400", "0x1p3": "0x1p3", "18446744073709551616": '"18446744073709551616"',
    "0O7": '"0O7"', "0B1": '"0B1"', "2001-1-1": '"2001-1-1"', "190:20:30": "'190:20:30'", "1:2": "'1:2'", "12:60": "12:60",
    "<<": "'<<'", "=": "=", "-": "'-'", "-a": "-a", "--": "--", "?a": "?a", ":a": ":a", "- a": "'- a'", "? a": "'? a'", ": a": "': a'",
    "a:": "'a:'", "a: b": "'a: b'", "a #b": "'a #b'", "a#b": "a#b", "a :b": "a :b", "*": "'*'", "*.io": "'*.io'",
    "[::1]:5000": "'[::1]:5000'", "::1": "::1", "10.0.0.1:5000": "10.0.0.1:5000", "it's": "it's", 'a"b': 'a"b', "a\\b": "a\\b",
    "'a'": "'''a'''", '"a"': "'\"a\"'", "a\tb": '"a\\tb"', " a": "' a'", "a ": "'a '", "a]": "a]", "a,b": "a,b", "~a": "~a",
    "http:": "'http:'", "😀": '"\\U0001F600"', "é": "é", "\xa0": "\xa0", "\x7f": '"\\x7F"', "a\r\nb": '"a\\r\\nb"',
    "---": "'---'", "...": "'...'", "--- a": "'--- a'", "%a": "'%a'", "@a": "'@a'", "`a": "'`a'", "a\x85b": '"a\\Nb"', "\ufeffa": '"\\uFEFF\\x61"',
    "\n": '"\\n"', "\n\n": '"\\n\\n"', "a \nb": '"a \\nb"', "  \n a": '"  \\n a"', "a\\\tb": '"a\\\\\\tb"', "\0": '"\\0"', "\x1b": '"\\e"',
    "\udcff": "!!binary /w==",
    "a\nb": "|-\n    a\n    b", "a\nb\n": "|\n    a\n    b", "a\n\n": "|+\n    a\n", " a\nb": "|4-\n     a\n    b", "\na": "|-\n\n    a",
    "a\tb\nc": "|-\n    a\tb\n    c", "a\n\t\n": "|\n    a\n    \t",
    "a\u2028b": "'a\u2028    b'",
    "'\u2028a": "'''\u2028    a'", "''\u2029'": "'''''\u2029    '''", "'a\u2028": "'''a\u2028'",
    "a\u2028\n": "|+\n    a\u2028", "a\n\u2028\n": "|+\n    a\n\u2028",
}  # fmt: skip


@pytest.mark.parametrize(("value", "written"), STRINGS.items())
def test_a_string_gets_the_quotes_of_go_yaml(value: str, written: str) -> None:
    assert write(from_value({"k": value})) == f"k: {written}\n"


@pytest.mark.parametrize(("value", "written"), [("y", '"y"'), ("1:2", '"1:2"'), ("<<", '"<<"'), ("0123", '"0123"')])
def test_words_in_double_quotes_before_1_14(value: str, written: str) -> None:
    assert write(from_value({"k": value}, release_of("1.13"))) == f"k: {written}\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ({}, "{}\n"),
        ([], "[]\n"),
        ("a", "a\n"),
        ({"a": {}, "b": [], "c": True, "d": False}, "a: {}\nb: []\nc: true\nd: false\n"),
        ({"a": [{"b": "c", "d": "e"}, "f"]}, "a:\n    - b: c\n      d: e\n    - f\n"),
        ({"a": {"b": {"c": "d"}}}, "a:\n    b:\n        c: d\n"),
        ({"y": "1", "": "2", "a: b": "3"}, '\'y\': "1"\n"": "2"\n\'a: b\': "3"\n'),
        ({"x" * 129: "a"}, f"? {'x' * 129}\n: a\n"),
        ([["a"], ["b"]], "- - a\n- - b\n"),
        ({"a": "b\n\u2028", "c": "d"}, "a: |+\n    b\n\u2028c: d\n"),
        ({"a": ["b\nc\u2029", "d"]}, "a:\n    - |\n      b\n      c\u2029    - d\n"),
        ({"a": {"b": "\n\u2028c\u2028"}}, "a:\n    b: |\n\n\u2028        c\u2028"),
        ({"a": "\udcff" * 60}, "a: !!binary |\n    " + "////" * 17 + "//\n    " + "//" + "////" * 2 + "\n"),
    ],
)
def test_layout(value: Any, written: str) -> None:
    assert write(from_value(value)) == written


@pytest.mark.parametrize(
    "text",
    [
        "a: 'b' # c\nd: \"e\"\n",
        "a: [b, 'c', {d: e}]\n",
        "a: &x b\nc: *x\n*x : d\n",
        "a: !!int 1\nb: !foo c\n",
        "a: |-\n    b\n    c\nd: >-\n    e f\n\n    g\n",
        "a: |- # b\n    c\nd: &e !f >- # g\n    # h\n",
        "a: ~\nb: null\nc:\n",
        "? [a]\n: b\n",
        "a: {url: 'http://a'}\n",
    ],
)
def test_nodes_keep_their_spelling(text: str) -> None:
    tree: Tree
    (tree,) = documents(text, release_of(LATEST))  # type: ignore[assignment]  # not a broken one
    assert write(from_node(tree.root, text)) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("a: >\n    b\nc: d\n", "a: >\n    b\n\nc: d\n"),
        ("a: >\n    b\u2028    c\nd: e\n", "a: >\n    b\u2028    c\n\nd: e\n"),
        ("a: >2\n  \tb\n  c\nd: e\n", "a: >\n    \tb\n    c\nd: e\n"),
        ("a: >2\n\n   b\n  c\nd: e\n", "a: >\n\n     b\n    c\nd: e\n"),
    ],
)
def test_go_yaml_adds_a_line_after_folded_text(text: str, written: str) -> None:
    tree: Tree
    (tree,) = documents(text, release_of(LATEST))  # type: ignore[assignment]  # not a broken one
    assert write(from_node(tree.root, text)) == written


@pytest.mark.parametrize(
    ("keys", "ordered"),
    [
        (["a10", "a9", "a1"], ["a1", "a9", "a10"]),
        (["a", "B", "_", "1", ""], ["", "_", "1", "B", "a"]),
        (["b10", "b9", "B1", "a-b", "a.b", "10.0.0.1:5000", "9", "*"], ["*", "9", "10.0.0.1:5000", "B1", "a-b", "a.b", "b9", "b10"]),
        (["ab", "a"], ["a", "ab"]),
        (["a01", "a1", "a001"], ["a1", "a01", "a001"]),
    ],
)  # fmt: skip
def test_keys_are_in_natural_order(keys: list[str], ordered: list[str]) -> None:
    assert sorted(keys, key=natural_key) == ordered
