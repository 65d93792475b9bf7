from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import pytest

from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.editing import (
    REMOVE,
    CannotEdit,
    Cut,
    Editor,
    Members,
    Replace,
    is_planned,
    keeps_comments,
    layout_of,
    with_cuts,
)
from talos_registry.goyaml.editing.plan import Removal, members
from talos_registry.goyaml.emitter import Branch
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import Lines
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.editing.plan import Item
    from talos_registry.goyaml.nodes import Node


class Rename(NamedTuple):
    """Another key."""

    name: str


class Before(NamedTuple):
    """New members before the one that the path names."""

    items: tuple[Item, ...]


class Append(NamedTuple):
    """New members after the last one of the collection that the path names."""

    items: tuple[Item, ...]


Change: TypeAlias = "Removal | Replace | Rename | Before | Append"


def to(value: Any) -> Replace:
    return Replace(from_value(value))


def items_of(new: Any) -> tuple[Item, ...]:
    branch = from_value(new)
    assert isinstance(branch, Branch)
    return branch.items


def before(new: Any) -> Before:
    return Before(items_of(new))


def append(new: Any) -> Append:
    return Append(items_of(new))


def root_of(text: str) -> Node:
    (tree,) = documents(text, release_of(LATEST))
    assert isinstance(tree, Tree)
    return tree.root


def plan_of(node: Node, changes: dict[str, Change]) -> Plan:
    """The plan for changes by their paths, in which keys and positions are divided by slashes."""
    at_once = changes.get("")
    if isinstance(at_once, Removal | Replace):
        return at_once
    assert isinstance(node, Mapping | Sequence)
    added: dict[int, tuple[Item, ...]] = {len(members(node)): at_once.items} if isinstance(at_once, Append) else {}
    names: dict[int, str] = {}
    below: dict[int, dict[str, Change]] = {}
    for path, change in changes.items():
        step, _, rest = path.partition("/")
        if not path:
            continue
        at = position(node, step)
        if not rest and isinstance(change, Before):
            added[at] = change.items
        elif not rest and isinstance(change, Rename):
            names[at] = change.name
        else:
            below.setdefault(at, {})[rest] = change
    return Members({at: plan_of(members(node)[at].last, inner) for at, inner in below.items()}, added, names)


def position(node: Mapping | Sequence, step: str) -> int:
    if isinstance(node, Sequence):
        return int(step)
    return [member.first.value for member in members(node)].index(step)


def edited(text: str, changes: dict[str, Change]) -> str:
    """The text with the changes made, and proved."""
    root = root_of(text)
    plan = plan_of(root, changes)
    cuts = Editor(Lines(text), layout_of([root])).cuts(root, plan)
    result = with_cuts(text, cuts)
    after = root_of(result)
    assert is_planned([(root, plan, after)])
    assert keeps_comments((text, [root]), cuts, (result, [after]))
    return result


Row: TypeAlias = "tuple[str, dict[str, Change], str]"

BLOCK: list[Row] = [
    ("a: 1\nb: 2\nc: 3\n", {"b": REMOVE}, "a: 1\nc: 3\n"),
    ("a: 1\nb: 2\n", {"a": REMOVE}, "b: 2\n"),
    ("a: 1\nb: 2\n", {"b": REMOVE}, "a: 1\n"),
    ("a:\n  b: 1\n  c:\n    d: 2\ne: 3\n", {"a/c": REMOVE}, "a:\n  b: 1\ne: 3\n"),
    ("a:\n  b: 1\ne: 3\n", {"a": REMOVE}, "e: 3\n"),
    ("a:\n  - 1\n  - 2\n  - 3\n", {"a/1": REMOVE}, "a:\n  - 1\n  - 3\n"),
    ("a:\n  - b: 1\n    c: 2\n  - b: 3\n", {"a/0": REMOVE}, "a:\n  - b: 3\n"),
    ("a:\n  - b: 1\n    c: 2\n", {"a/0/b": REMOVE}, "a:\n  - c: 2\n"),
    ("a:\n  - b: 1\n    c: 2\n", {"a/0/c": REMOVE}, "a:\n  - b: 1\n"),
    ("a:\n  - - 1\n    - 2\n", {"a/0/0": REMOVE}, "a:\n  - - 2\n"),
    ("a:\n  b: 1\nc: 2\n", {"a/b": REMOVE}, "a: {}\nc: 2\n"),
    ("a:\n  - 1\nc: 2\n", {"a/0": REMOVE}, "a: []\nc: 2\n"),
    ("a:\n  - 1\n  - 2\n", {"a/0": REMOVE, "a/1": REMOVE}, "a: []\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to(None)}, "a: null\nb: 2\n"),
    ("a:\nb: 2\n", {"a": to("x")}, "a: x\nb: 2\n"),
    ("a: 'x'\nb: \"y\"\n", {"a": to("z"), "b": to("it's")}, "a: 'z'\nb: \"it's\"\n"),
    ("a: 'x'\n", {"a": to(True)}, "a: true\n"),
    ("a: x\n", {"a": to("true")}, 'a: "true"\n'),
    ("a: x\nb: 1\n", {"a": to("l\nm\n")}, "a: |\n    l\n    m\nb: 1\n"),
    ("a: |\n  l\n  m\nb: 1\n", {"a": to("x")}, "a: x\nb: 1\n"),
    ("a:\n  |\n  l\n  m\nb: 1\n", {"a": to("x")}, "a: x\nb: 1\n"),
    ("a:\n  |\n  l\nb: 1\n", {"a": to("m\n")}, "a: |\n    m\nb: 1\n"),
    ("a: !!str\n  >-\n  l\nb: 1\n", {"a": to("x")}, "a: x\nb: 1\n"),
    ("a:\n  |-\n", {"a": to("x")}, "a: x\n"),
    ("-\n  |\n  l\n- b\n", {"0": to("x")}, "- x\n- b\n"),
    ("a: x\n  y\nb: 1\n", {"a": to("z")}, "a: z\nb: 1\n"),
    ("a: 1\nb: 2\n", {"a": to({"c": {"d": ["x"]}})}, "a:\n    c:\n        d:\n            - x\nb: 2\n"),
    ("a:\n  b: 1\nc: 2\n", {"a": to("x")}, "a: x\nc: 2\n"),
    ("a:\n  b: 1\nc: 2\n", {"a": to({"d": 3})}, "a:\n  d: 3\nc: 2\n"),
    ("a:\n  b: 1\nc: 2\n", {"a": to([])}, "a: []\nc: 2\n"),
    ("a:\n  - x\n  - y\n", {"a/0": to("z")}, "a:\n  - z\n  - y\n"),
    ("a:\n  - x\n  - y\n", {"a/0": to({"b": 1, "c": 2})}, "a:\n  - b: 1\n    c: 2\n  - y\n"),
    ("a:\n  - b: 1\n    c: 2\n  - y\n", {"a/0": to("z")}, "a:\n  - z\n  - y\n"),
    ("a:\n  -\n  - y\n", {"a/0": to("z")}, "a:\n  - z\n  - y\n"),
    ("a: 1\nb: 2\n", {"a": Rename("c")}, "c: 1\nb: 2\n"),
    ("'a': 1\n\"b\": 2\n", {"a": Rename("c"), "b": Rename("d")}, "'c': 1\n\"d\": 2\n"),
    ("a: 1\n", {"a": Rename("true")}, '"true": 1\n'),
    ("a:\n  b: 1\n", {"a": Rename("c: d")}, "'c: d':\n  b: 1\n"),
    ("a: 1\nb: 2\n", {"a": Rename("c"), "b": REMOVE}, "c: 1\n"),
    ("a: 1\nb: 2\n", {"": append({"c": 3})}, "a: 1\nb: 2\nc: 3\n"),
    ("a: 1\nb: 2\n", {"a": before({"c": 3})}, "c: 3\na: 1\nb: 2\n"),
    ("a: 1\nb: 2\n", {"b": before({"c": 3, "d": 4})}, "a: 1\nc: 3\nd: 4\nb: 2\n"),
    ("a:\n  b: 1\nc: 2\n", {"a": append({"d": {"e": 3}})}, "a:\n  b: 1\n  d:\n    e: 3\nc: 2\n"),
    ("a:\n  - x\nb: 1\n", {"a": append(["z", {"c": 1, "d": 2}])}, "a:\n  - x\n  - z\n  - c: 1\n    d: 2\nb: 1\n"),
    ("a:\n  - x\n", {"a/0": before(["w"])}, "a:\n  - w\n  - x\n"),
    ("a:\n  - b: 1\n", {"a/0/b": before({"c": 2})}, "a:\n  - c: 2\n    b: 1\n"),
    ("a:\n  - b: 1\n", {"a/0/b": REMOVE, "a/0": append({"c": 2})}, "a:\n  - c: 2\n"),
    ("a:\n  - b: 1\n    d: 3\n", {"a/0/b": REMOVE, "a/0/d": before({"c": 2})}, "a:\n  - c: 2\n    d: 3\n"),
    ("- x\n- y\n", {"0": REMOVE}, "- y\n"),
    ("- x\n- y\n", {"1": before([["p", "q"]])}, "- x\n- - p\n  - q\n- y\n"),
    ("a: 1\nb: 2\n", {"a": REMOVE, "b": REMOVE}, "{}\n"),
    ("--- # top\na: 1\n", {"a": REMOVE}, "--- # top\n{}\n"),
    ("a: 1\nb: 2\nc: 3\n", {"a": REMOVE, "b": to(4), "": append({"d": 5})}, "b: 4\nc: 3\nd: 5\n"),
    ("a: {}\nb: 2\n", {"a": append({"c": 1})}, "a:\n    c: 1\nb: 2\n"),
    ("a: []\nb:\n  c: 2\n", {"a": append(["x"])}, "a:\n  - x\nb:\n  c: 2\n"),
]

FLOW: list[Row] = [
    ("a: {b: 1, c: 2}\n", {"a/b": REMOVE}, "a: {c: 2}\n"),
    ("a: {b: 1, c: 2}\n", {"a/c": REMOVE}, "a: {b: 1}\n"),
    ("a: {b: 1, c: 2}\n", {"a/b": REMOVE, "a/c": REMOVE}, "a: {}\n"),
    ("a: { b: 1, c: 2 }\n", {"a/b": REMOVE}, "a: { c: 2 }\n"),
    ("a: { b: 1, c: 2 }\n", {"a/c": REMOVE}, "a: { b: 1 }\n"),
    ("a: [x, y, z]\n", {"a/1": REMOVE}, "a: [x, z]\n"),
    ("a: [x, y,]\n", {"a/1": REMOVE}, "a: [x,]\n"),
    ("a: {b: 1, c: 2}\n", {"a": append({"d": 3})}, "a: {b: 1, c: 2, d: 3}\n"),
    ("a: {b: 1}\n", {"a/b": before({"c": 2})}, "a: {c: 2, b: 1}\n"),
    ("a: { b: 1 }\n", {"a": append({"c": 2})}, "a: { b: 1, c: 2 }\n"),
    ("a: { b: 1 }\n", {"a/b": before({"c": 2})}, "a: { c: 2, b: 1 }\n"),
    ("a: {b: 1}\n", {"a/b": REMOVE, "a": append({"c": 2})}, "a: {c: 2}\n"),
    ("a: [\n  # of x\n  x, z\n]\n", {"a/0": before(["w"])}, "a: [\n  w,\n  # of x\n  x, z\n]\n"),
    ("a: [1,2]\n", {"a/1": to(3)}, "a: [1,3]\n"),
    ("a: [x]\n", {"a": append(["z", {"c": "p, q"}])}, "a: [x, z, {c: 'p, q'}]\n"),
    ("a: {b: {}}\n", {"a/b": append({"c": 1})}, "a: {b: {c: 1}}\n"),
    ("a: {b: 1, c: 2}\n", {"a/b": to("x")}, "a: {b: x, c: 2}\n"),
    ("a: {b: 'x', c: 2}\n", {"a/b": to("y")}, "a: {b: 'y', c: 2}\n"),
    ("a: {b: 1}\n", {"a/b": to({"c": ["x"]})}, "a: {b: {c: [x]}}\n"),
    ("a: {b: 1}\n", {"a/b": to("l\nm\n")}, 'a: {b: "l\\nm\\n"}\n'),
    ("a: {b, c: 1}\n", {"a/b": to("x")}, "a: {b: x, c: 1}\n"),
    ("a: {b: 1}\n", {"a": to({"c": 2})}, "a: {c: 2}\n"),
    ("a: {b: 1}\n", {"a": to("x")}, "a: x\n"),
    ("a: {b: 1, c: 2}\n", {"a/b": Rename("d")}, "a: {d: 1, c: 2}\n"),
    ("{a: {type: worker}}\n", {"a": append({"b": ["x"]})}, "{a: {type: worker, b: [x]}}\n"),
    (
        "a: {\n  b: 1,\n  c: 2\n}\n",
        {"a": append({"d": 3})},
        "a: {\n  b: 1,\n  c: 2,\n  d: 3\n}\n",
    ),
    (
        "a: [\n  x,\n  y,\n]\n",
        {"a": append(["z"]), "a/0": REMOVE},
        "a: [\n  y,\n  z,\n]\n",
    ),
    (
        "a: {\n  b: 1, # one\n  # of c\n  c: 2 # two\n}\n",
        {"a/c": REMOVE},
        "a: {\n  b: 1 # one\n}\n",
    ),
    (
        "a: {\n  b: 1, # one\n  # of c\n  c: 2 # two\n}\n",
        {"a/b": REMOVE},
        "a: {\n  # of c\n  c: 2 # two\n}\n",
    ),
    (
        "a: {\n  b: 1, # one\n  # of c\n  c: 2 # two\n}\n",
        {"a": append({"d": 3})},
        "a: {\n  b: 1, # one\n  # of c\n  c: 2, # two\n  d: 3\n}\n",
    ),
    (
        "a: [\n  # group\n\n  # of x\n  x,\n  y\n]\n",
        {"a/0": REMOVE},
        "a: [\n  # group\n\n  y\n]\n",
    ),
    ("a: [x, # one\n  y] # all\n", {"a/1": REMOVE}, "a: [x # one\n  ] # all\n"),
    ('{"a": 1, "b": "x"}\n', {"a": REMOVE}, '{"b": "x"}\n'),
    ('{"a": 1, "b": "x"}\n', {"b": to("y"), "": append({"c": ["z", True]})}, '{"a": 1, "b": "y", "c": ["z", true]}\n'),
    ('{"a": {"b": 1}}\n', {"a/b": to({"c": "x"})}, '{"a": {"b": {"c": "x"}}}\n'),
    ('{"a": {"b": 1}}\n', {"a/b": Rename("c")}, '{"a": {"c": 1}}\n'),
    (
        '{\n  "a": {\n    "b": 1\n  }\n}\n',
        {"a": append({"c": "x"})},
        '{\n  "a": {\n    "b": 1,\n    "c": "x"\n  }\n}\n',
    ),
    ('{\n  "a": 1,\n  "b": 2\n}\n', {"b": REMOVE}, '{\n  "a": 1\n}\n'),
    ('{\n\t"a": 1\n}\n', {"": append({"b": 2})}, '{\n\t"a": 1,\n\t"b": 2\n}\n'),
]

COMMENTS: list[Row] = [
    ("a: 1 # x\nb: 2 # y\n", {"a": REMOVE}, "b: 2 # y\n"),
    ("a: 1\n# of b\n# more\nb: 2\nc: 3\n", {"b": REMOVE}, "a: 1\nc: 3\n"),
    ("a: 1\n# of b\nb: 2\n", {"a": REMOVE}, "# of b\nb: 2\n"),
    ("# file\n\na: 1\nb: 2\n", {"a": REMOVE}, "# file\n\nb: 2\n"),
    ("# file\n\n# of a\na: 1\nb: 2\n", {"a": REMOVE}, "# file\n\nb: 2\n"),
    ("a:\n  b: 1\n# of c\nc: 2\n", {"a": REMOVE}, "# of c\nc: 2\n"),
    ("a:\n  b: 1\n  # foot of a\nc: 2\n", {"a": REMOVE}, "c: 2\n"),
    ("a: 1\n\n  # further in\nc: 2\n", {"a": REMOVE}, "c: 2\n"),
    ("a: 1\n  # of nothing below\nb: 2\n", {"b": REMOVE}, "a: 1\n  # of nothing below\n"),
    ("a: 1\nb: 2\n# foot\n", {"b": REMOVE}, "a: 1\n# foot\n"),
    ("a:\n  # of x\n  - x # beside\n  # of y\n  - y\n", {"a/0": REMOVE}, "a:\n  # of y\n  - y\n"),
    ("a:\n  # of x\n  - x # beside\n  # of y\n  - y\n", {"a/1": REMOVE}, "a:\n  # of x\n  - x # beside\n"),
    ("a:\n  - b: 1 # one\n    # of c\n    c: 2\n", {"a/0/b": REMOVE}, "a:\n  # of c\n  - c: 2\n"),
    ("a:\n  - b: 1\n\n    # of c\n    c: 2 # two\n    d: 3\n", {"a/0/b": REMOVE, "a/0/c": REMOVE}, "a:\n  - d: 3\n"),
    (
        "a:\n  - b: 1\n\n    # apart\n\n    # of c\n    c: 2\n    d: 3\n",
        {"a/0/b": REMOVE, "a/0/c": REMOVE},
        "a:\n  # apart\n  - d: 3\n",
    ),
    ("a: # why\n  b: 1 # gone\n", {"a/b": REMOVE}, "a: {} # why\n"),
    ("a: # why\n  b: 1\n", {"a": to("x")}, "a: x # why\n"),
    ("a: # why\n  b: 1\n", {"a": to({"c": 2})}, "a: # why\n  c: 2\n"),
    ("a: # why\n  b: 1\n", {"a/b": to(2)}, "a: # why\n  b: 2\n"),
    ("a: 1 # why\n", {"a": to("x")}, "a: x # why\n"),
    ("a: 1\t# why\n", {"a": to("x")}, "a: x\t# why\n"),
    ("a: 1 # why\n", {"a": to({"b": 2})}, "a: # why\n    b: 2\n"),
    ("a: 1 # why\n", {"a": to("l\nm\n")}, "a: | # why\n    l\n    m\n"),
    ("a: | # why\n  l\nb: 2\n", {"a": to("x")}, "a: x # why\nb: 2\n"),
    ("a: # why\n  |\n  l\nb: 2\n", {"a": to("x")}, "a: x # why\nb: 2\n"),
    ("a: # why\nb: 2\n", {"a": to("x")}, "a: x # why\nb: 2\n"),
    ("a: 1 # why\n", {"a": Rename("b")}, "b: 1 # why\n"),
    ("a:\n  # inner\n  b: 1\nc: 2\n", {"a": to("x")}, "a: x\nc: 2\n"),
    ("a: 1\n  # below\nb: 2\n", {"a": to("x")}, "a: x\n  # below\nb: 2\n"),
    ("a: 1\n  # below\nb: 2\n", {"a": to("l\nm\n")}, "a: |\n    l\n    m\n# below\nb: 2\n"),
    ("a: 1\n# of b\nb: 2\n", {"b": before({"c": 3})}, "a: 1\nc: 3\n# of b\nb: 2\n"),
    ("# of a\na: 1\n", {"a": before({"c": 3})}, "c: 3\n# of a\na: 1\n"),
    ("# file\n\n# of a\na: 1\n", {"a": before({"c": 3})}, "# file\n\nc: 3\n# of a\na: 1\n"),
    (
        "a:\n  b:\n    c: 1\n    # foot of b\nd: 2\n",
        {"a": append({"e": 3})},
        "a:\n  b:\n    c: 1\n    # foot of b\n  e: 3\nd: 2\n",
    ),
    ("a:\n  - x # beside\n  # foot\nb: 1\n", {"a": append(["z"])}, "a:\n  - x # beside\n  - z\n  # foot\nb: 1\n"),
    ("a:\n  - x # beside\n", {"a/0": to({"b": 1})}, "a:\n  - b: 1 # beside\n"),
    ("a:\n  - x # beside\n  - z\n", {"a/0": to({"b": 1, "c": 2})}, "a:\n  - b: 1 # beside\n    c: 2\n  - z\n"),
    ("a:\n  - x # beside\n", {"a/0": to("l\nm\n")}, "a:\n  - | # beside\n    l\n    m\n"),
    ("a:\n  - b: 1 # one\n    c: 2 # two\n  - z\n", {"a/0": to("w")}, "a:\n  - w\n  - z\n"),
    ("a:\n  - # note\n    b: 1\n", {"a/0": to("w")}, "a:\n  - w # note\n"),
    ("a:\n  - # note\n    b: 1\n", {"a/0/b": REMOVE}, "a:\n  - {} # note\n"),
    ("a:\n  - | # note\n    l\n  - z\n", {"a/0": to("w")}, "a:\n  - w # note\n  - z\n"),
    ("a:\n  # of x\n  - x\n\n  # of z\n  - z\n", {"a/0": to({"b": 1})}, "a:\n  # of x\n  - b: 1\n\n  # of z\n  - z\n"),
    ("a: &x # why\n  b: 1\n", {"a": to("z")}, "a: z # why\n"),
    ("a: &x # why\n  b: 1\n", {"a": to({"c": 1})}, "a: # why\n  c: 1\n"),
    ("a: !!str # why\n  b\n", {"a": to("z")}, "a: z # why\n"),
    ("a: 1\n\n# of b\nb: 2\n", {"b": REMOVE}, "a: 1\n\n"),
    ("a: '# no comment' # one\nb: 2\n", {"b": REMOVE}, "a: '# no comment' # one\n"),
    ("a: |\n  # no comment\nb: 2\n", {"b": REMOVE}, "a: |\n  # no comment\n"),
]

ANCHORS: list[Row] = [
    ("a: &x 1\nb: *x\nc: 3\n", {"c": to(4)}, "a: &x 1\nb: *x\nc: 4\n"),
    ("a: &x 1\nb: *x\nc: 3\n", {"b": REMOVE}, "a: &x 1\nc: 3\n"),
    ("a: &x 1\nb: *x\nc: 3\n", {"b": to("z")}, "a: &x 1\nb: z\nc: 3\n"),
    ("a: &x 1\nb: 2\n", {"a": to("z")}, "a: z\nb: 2\n"),
    ("a: &x\n  b: 1\n", {"a": append({"c": 2})}, "a: &x\n  b: 1\n  c: 2\n"),
    ("a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n", {"c/d": REMOVE}, "a: &x {b: 1}\nc:\n  <<: *x\n"),
    ("a: &x {b: 1, c: 2}\n", {"a/b": REMOVE}, "a: &x {c: 2}\n"),
    ("a: !!map\n  b: 1\n", {"a/b": to(2)}, "a: !!map\n  b: 2\n"),
]

LINE_BREAKS: list[Row] = [
    ("a: 1\r\nb: 2\r\n", {"a": REMOVE}, "b: 2\r\n"),
    ("a: 1\r\nb: 2\r\n", {"": append({"c": {"d": 3}})}, "a: 1\r\nb: 2\r\nc:\r\n    d: 3\r\n"),
    ("a: 1 # x\r\nb: 2\r\n", {"a": to({"c": 3})}, "a: # x\r\n    c: 3\r\nb: 2\r\n"),
    ("# of a\r\na: 1\r\n# of b\r\nb: 2\r\n", {"b": REMOVE}, "# of a\r\na: 1\r\n"),
    ("a: |\r\n  l\r\nb: 2\r\n", {"b": REMOVE}, "a: |\r\n  l\r\n"),
    ("a: {\r\n  b: 1\r\n}\r\n", {"a": append({"c": 2})}, "a: {\r\n  b: 1,\r\n  c: 2\r\n}\r\n"),
    ("a: 1\r\nb: 2", {"b": REMOVE}, "a: 1"),
    ("a: 1\r\nb: 2", {"": append({"c": 3})}, "a: 1\r\nb: 2\r\nc: 3"),
    ("a: 1\r\nb:\r\n  c: 2", {"b/c": REMOVE}, "a: 1\r\nb: {}"),
    ("a: |\r\n  l", {"": append({"b": 2})}, "a: |-\r\n  l\r\nb: 2"),
    ("- a: 1\r\n  b: 2\r\n", {"0/a": REMOVE}, "- b: 2\r\n"),
    ("a: x\r\nb: 2\r\n", {"a": to("l\nm\n")}, "a: |\r\n    l\r\n    m\r\nb: 2\r\n"),
]

INDENTATION: list[Row] = [
    ("a:\n  b: 1\n", {"": append({"c": {"d": ["x"]}})}, "a:\n  b: 1\nc:\n  d:\n    - x\n"),
    ("a:\n    b: 1\n", {"": append({"c": {"d": ["x"]}})}, "a:\n    b: 1\nc:\n    d:\n        - x\n"),
    ("a:\n        b: 1\n", {"": append({"c": {"d": 1}})}, "a:\n        b: 1\nc:\n        d: 1\n"),
    ("a:\n  b:\n  - x\n", {"a": append({"c": ["z"]})}, "a:\n  b:\n  - x\n  c:\n  - z\n"),
    ("a:\n- x\n", {"": append({"c": {"d": ["z"]}})}, "a:\n- x\nc:\n  d:\n  - z\n"),
    ("a:\n- x\n- y\n", {"a/0": REMOVE}, "a:\n- y\n"),
    ("a:\n- x\nb: 1\n", {"a": append(["z"])}, "a:\n- x\n- z\nb: 1\n"),
    ("a:\n- x\nb: 1\n", {"a/0": REMOVE}, "a: []\nb: 1\n"),
    ("a:\n  b: 1\n", {"a/b": to("l\nm\n")}, "a:\n  b: |\n    l\n    m\n"),
    ("a:\n  -   b: 1\n      c: 2\n", {"a/0/b": REMOVE}, "a:\n  -   c: 2\n"),
    ("a:\n  -   b: 1\n", {"a/0": append({"c": 2})}, "a:\n  -   b: 1\n      c: 2\n"),
]

UNFINISHED: list[Row] = [
    ("a: 1", {"": append({"b": 2})}, "a: 1\nb: 2"),
    ("a: 1 # x", {"": append({"b": 2})}, "a: 1 # x\nb: 2"),
    ("a: 1\n# end", {"": append({"b": 2})}, "a: 1\nb: 2\n# end"),
    ("a: 1\nb: 2", {"b": REMOVE}, "a: 1"),
    ("a: 1\nb: 2\nc: 3", {"b": REMOVE, "c": REMOVE}, "a: 1"),
    ("a: 1\nb: 2", {"a": REMOVE}, "b: 2"),
    ("a: 1\nb: 2", {"b": REMOVE, "": append({"c": 3})}, "a: 1\nc: 3"),
    ("a: |\n  l\nb: 2", {"b": REMOVE, "": append({"c": 3})}, "a: |\n  l\nc: 3"),
    ("a: |\n  l", {"a": to("x"), "": append({"c": 3})}, "a: x\nc: 3"),
    ("a: 1\nb: x", {"b": to("l\nm"), "": append({"c": 3})}, "a: 1\nb: |-\n    l\n    m\nc: 3"),
    ("a: 1\nb: x", {"b": to("l\nm")}, "a: 1\nb: |-\n    l\n    m"),
    ("a:\n  |-\n  l", {"a": to("x")}, "a: x"),
    ("a: 1", {"a": REMOVE}, "{}"),
    ("a: 1", {"a": to({"b": 2})}, "a:\n    b: 2"),
    ("a:\n  b: 1\n  c: 2", {"a/c": REMOVE}, "a:\n  b: 1"),
    ("a:\n  b: 1\n  c: 2", {"a/b": REMOVE, "a/c": REMOVE}, "a: {}"),
    ("a:\n  - x", {"a": append(["z"])}, "a:\n  - x\n  - z"),
    ("a: {b: 1}", {"a": append({"c": 2})}, "a: {b: 1, c: 2}"),
    ("a: |\n  l", {"": append({"b": 2})}, "a: |-\n  l\nb: 2"),
    ("a: |+\n  l", {"": append({"b": 2})}, "a: |-\n  l\nb: 2"),
    ("a: >\n  l", {"": append({"b": 2})}, "a: >-\n  l\nb: 2"),
    ("a: >-\n  l", {"": append({"b": 2})}, "a: >-\n  l\nb: 2"),
    ("a: | # x\n  l", {"": append({"b": 2})}, "a: |- # x\n  l\nb: 2"),
    ("a: |2\n   l", {"": append({"b": 2})}, "a: |2-\n   l\nb: 2"),
    ("a:\n  - |\n    l", {"a": append(["z"])}, "a:\n  - |-\n    l\n  - z"),
    ("a:\n  b: |\n    l", {"": append({"c": 2})}, "a:\n  b: |-\n    l\nc: 2"),
    ("a: 1", {"": append({"b": "l\nm\n"})}, "a: 1\nb: |\n    l\n    m\n"),
    ("a: 1", {"a": to("l\nm\n")}, "a: |\n    l\n    m\n"),
    ("a: |\n  l", {"a": to("x")}, "a: x"),
    ("a: 1\nb: |\n  l", {"b": REMOVE}, "a: 1"),
    ("a: |\n  l\nb: 1", {"b": REMOVE}, "a: |\n  l\n"),
    ("a: |-\n  l\nb: 1", {"b": REMOVE}, "a: |-\n  l"),
    ("a: |\n  l\nb: 1", {"a": REMOVE}, "b: 1"),
]

KEPT_BREAKS: list[Row] = [
    ("a: |+\n  l\n\nb: 1\n", {"b": REMOVE}, "a: |+\n  l\n\n"),
    ("a: |+\n  l\n\nb: 1\n", {"a": REMOVE}, "b: 1\n"),
    ("a: |+\n  l\n\nb: 1\n", {"b": before({"c": 2})}, "a: |+\n  l\n\nc: 2\nb: 1\n"),
    ("a: |+\n  l\nb: 1\n\nc: 2\n", {"b": REMOVE}, "a: |+\n  l\nc: 2\n"),
    ("a: |+\n  l\n\nb: 1\n", {"a": to("x")}, "a: x\nb: 1\n"),
    ("a: |+\n  l\nb: 1\n\nc: 2\n", {"b": REMOVE, "c": before({"d": 3})}, "a: |+\n  l\nd: 3\n\nc: 2\n"),
    ("a: |\n  l\nb: 1\n      \nc: 2\n", {"b": REMOVE}, "a: |\n  l\n\nc: 2\n"),
    ("a: |\n  l\nb: 1\n\nc: 2\n", {"b": REMOVE}, "a: |\n  l\n\nc: 2\n"),
    ("a: x\n      \nb: 2\n", {"a": to("l\nm\n")}, "a: |\n    l\n    m\n\nb: 2\n"),
    ("a: 1\n      \nb: 2\n", {"b": before({"c": "l\nm\n"})}, "a: 1\nc: |\n    l\n    m\n\nb: 2\n"),
    ("a: 1\n\nb: 2\n", {"a": to("l\nm\n\n")}, 'a: "l\\nm\\n\\n"\n\nb: 2\n'),
    ("a:\n  - >+\n    l\n\n  - y\n", {"a/1": REMOVE}, "a:\n  - >+\n    l\n\n"),
]


@pytest.mark.parametrize(
    ("text", "changes", "expected"),
    [*BLOCK, *FLOW, *COMMENTS, *ANCHORS, *LINE_BREAKS, *INDENTATION, *UNFINISHED, *KEPT_BREAKS],
)
def test_only_what_is_to_change_changes(text: str, changes: dict[str, Change], expected: str) -> None:
    assert edited(text, changes) == expected


REFUSED: list[tuple[str, dict[str, Change]]] = [
    ("? a\n: b\nc: 1\n", {"c": REMOVE}),
    ("&x a: 1\n", {"a": Rename("b")}),
    ("!!str a: 1\n", {"a": Rename("b")}),
    ("a: [b: 1, c]\n", {"a/0/b": to(2)}),
]


@pytest.mark.parametrize(("text", "changes"), REFUSED)
def test_what_the_text_has_no_room_for_is_refused(text: str, changes: dict[str, Change]) -> None:
    with pytest.raises(CannotEdit):
        edited(text, changes)


def test_changes_at_one_place_are_made_in_their_order_and_may_not_overlap() -> None:
    assert with_cuts("abc", [Cut(1, 1, "1"), Cut(1, 1, "2"), Cut(2, 3, "")]) == "a12b"
    assert with_cuts("abc", [Cut(1, 2, "1")], 1, 2) == "1"
    with pytest.raises(CannotEdit):
        with_cuts("abc", [Cut(0, 2, ""), Cut(1, 3, "")])


# The proof

NOT_PLANNED: list[tuple[str, dict[str, Change], str]] = [
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: z\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\nb: 3\n"),
    ("a: 1\nb: 2\n", {"a": to("1")}, "a: 1\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, 'a: x\nb: "2"\n'),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\nb: !!str 2\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\nb: &y 2\n"),
    ("a: 1\nb: !!str 2\n", {"a": to("x")}, "a: x\nb: 2\n"),
    ("a: 1\nb: &y 2\n", {"a": to("x")}, "a: x\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "b: 2\na: x\n"),
    ("a: 1\nb: 2\nc: 3\n", {"a": to("x")}, "a: x\nc: 3\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\n"),
    ("a: 1\nb: 2\n", {"a": to("x")}, "a: x\nb: 2\nc: 3\n"),
    ("a: 1\nb: {c: 2}\n", {"a": to("x")}, "a: x\nb: {c: 3}\n"),
    ("a: 1\nb: {c: 2}\n", {"a": to("x")}, "a: x\nb: [c, 2]\n"),
    ("a: 1\nb: {}\n", {"a": to("x")}, "a: x\nb: []\n"),
    ("a: 1\nb:\n", {"a": to("x")}, "a: x\nb: ''\n"),
    ("a: 1\nb: 2\n", {"a": to({"c": [1]})}, "a: {c: [2]}\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to({"c": [1]})}, "a: {c: [1, 2]}\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": to({"c": [1]})}, "a: {c: 1}\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": REMOVE}, "a: 1\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": REMOVE}, "{}\n"),
    ("a: 1\nb: 2\n", {"a": Rename("c")}, "a: 1\nb: 2\n"),
    ("a: 1\nb: 2\n", {"a": Rename("c")}, "c: 2\nb: 2\n"),
    ("a: 1\nb: 2\n", {"b": before({"c": 3})}, "a: 1\nb: 2\nc: 3\n"),
    ("a: 1\nb: 2\n", {"b": before({"c": 3})}, "a: 1\nb: 2\n"),
    ("a: 1\nb: 2\n", {"": append({"c": 3})}, "a: 1\nb: 2\nd: 3\n"),
    ("a: [1, 2]\n", {"a/0": REMOVE}, "a: [1]\n"),
    ("a: |\n  l\nb: 2\n", {"b": REMOVE}, "a: |-\n  l\n"),
    ("a: &x 1\nb: &x 2\nc: *x\n", {"b": REMOVE}, "a: &x 1\nc: *x\n"),
    ("a: &x 1\nb: *x\nc: 2\n", {"c": REMOVE}, "a: &x 1\nb: 1\n"),
    ("a: &x 1\nb: *x\nc: &y 1\nd: 2\n", {"d": REMOVE}, "a: &x 1\nb: *x\nc: *x\n"),
    ("a: &x {b: 1}\nc: *x\n", {"a/b": to(2)}, "a: &x {b: 2}\nc: *x\n"),
    ("a: &x {b: 1}\nc: *x\n", {"a": append({"d": 2})}, "a: &x {b: 1, d: 2}\nc: *x\n"),
    ("a: &x {b: {c: 1}}\nd: *x\n", {"a/b/c": to(2)}, "a: &x {b: {c: 2}}\nd: *x\n"),
]


@pytest.mark.parametrize(("text", "changes", "result"), NOT_PLANNED)
def test_whatever_else_changes_is_not_planned(text: str, changes: dict[str, Change], result: str) -> None:
    root = root_of(text)
    assert not is_planned([(root, plan_of(root, changes), root_of(result))])


PLANNED: list[tuple[str, dict[str, Change], str]] = [
    ("a: 1\nb: 2 # x\n", {"a": to("x")}, "{a: x, b: 2}\n"),
    ("a: 1\nb: v\n", {"a": to("x")}, "a: 'x'\nb:   \"v\"\n"),
    ("a: &x 1\nb: *x\nc: 2\n", {"c": to(3)}, "a: &x 1\nb: *x\nc: 3\n"),
]


@pytest.mark.parametrize(("text", "changes", "result"), PLANNED)
def test_how_the_text_is_laid_out_is_no_part_of_the_plan(text: str, changes: dict[str, Change], result: str) -> None:
    root = root_of(text)
    assert is_planned([(root, plan_of(root, changes), root_of(result))])


def test_what_an_alias_stands_for_may_be_in_an_earlier_document() -> None:
    first, second, changed = root_of("a: &x 1\n"), root_of("a: &x 1\nb: *x\n"), root_of("a: &x 2\nb: *x\n")
    assert is_planned([(first, None, first), (second, None, second)])
    assert not is_planned([(first, None, first), (second, plan_of(second, {"a": to(2)}), changed)])


BESIDE = "a: 1 # x\nb: 2 # x\n"


@pytest.mark.parametrize(
    ("text", "cut", "result", "is_kept"),
    [
        (BESIDE, Cut(3, 4, "z"), "a: z # x\nb: 2 # x\n", True),
        (BESIDE, Cut(3, 4, "z"), "# x\na: z\nb: 2\n# x\n", True),
        (BESIDE, Cut(0, 9, ""), "b: 2 # x\n", True),
        (BESIDE, Cut(0, 9, ""), "b: 2\n", False),
        (BESIDE, Cut(3, 4, "z"), "a: z # x\nb: 2\n", False),
        (BESIDE, Cut(3, 4, "z"), "a: z # x\nb: 2 # y\n", False),
        (BESIDE, Cut(3, 4, "z"), "a: z # x\nb: '2 # x'\n", False),
        (BESIDE, Cut(3, 4, "z"), "a: z # x\nb: 2# x\n", False),
        ("a: '# x'\nb: 2\n", Cut(3, 8, "z"), "a: z\nb: 2\n", True),
        ("a: | # x\n  l\n", Cut(3, 4, ">"), "a: > # x\n  l\n", True),
        ("a: | # x\n  l\n", Cut(3, 4, ">"), "a: >\n  # x\n  l\n", False),
    ],
)
def test_a_comment_is_lost_unless_it_is_there_or_was_cut_out(text: str, cut: Cut, result: str, is_kept: bool) -> None:
    assert keeps_comments((text, [root_of(text)]), [cut], (result, [root_of(result)])) is is_kept
