"""Any document and any plan for it: what is planned happens, and nothing else; ruamel.yaml is the witness."""

from __future__ import annotations

import re
from random import Random
from typing import TYPE_CHECKING, Any

from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.editing import (
    REMOVE,
    CannotEdit,
    Editor,
    Members,
    Replace,
    is_planned,
    keeps_comments,
    layout_of,
    with_cuts,
)
from talos_registry.goyaml.editing.plan import members, settled
from talos_registry.goyaml.emitter import Branch, Text
from talos_registry.goyaml.nodes import Alias, Mapping, Sequence
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import Lines, ends_line
from talos_registry.versions import LATEST, release_of
from tests.property.belonging import may_go
from tests.property.written import Writer, any_data, comment_texts, plain, plain_documents

if TYPE_CHECKING:
    from talos_registry.goyaml.editing import Cut, Plan
    from talos_registry.goyaml.editing.plan import Item, Member
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node

SEEDS = st.integers(0, 2**32)
NEW = [
    True,
    None,
    "x",
    "a: b",
    "l1\nl2\n",
    "l1\nl2",
    "l1\n\n",
    {},
    [],
    {"n": {"m": [1, "two"]}},
    ["p", {"q": "r", "s": "t"}],
    {"p": "l1\nl2\n"},
]
VALUES = {from_value(value): value for value in NEW}


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - nothing is to be kept secret


def text_of(seed: int) -> str:
    random = seeded(seed)
    return Writer(random, has_anchors=True).stream([any_data(random)])


def root_of(text: str) -> Node:
    (tree,) = documents(text, release_of(LATEST))
    assert isinstance(tree, Tree)
    return tree.root


def cuts_of(text: str, root: Node, plan: Plan) -> tuple[Cut, ...]:
    return Editor(Lines(text), layout_of([root])).cuts(root, plan)


# Plans


def any_plan(random: Random, node: Node, targets: set[int], depth: int = 0) -> Plan | None:
    """A plan for a node, None to leave it; what aliases stand for is left as it is."""
    if id(node) in targets:
        return None
    if depth and not holds(node, targets) and random.random() < 0.3:
        return REMOVE if random.random() < 0.5 else Replace(from_value(random.choice(NEW)))
    if not isinstance(node, Mapping | Sequence):
        return None
    plans = {at: any_plan(random, member.last, targets, depth + 1) for at, member in enumerate(members(node))}
    changes = {at: plan for at, plan in plans.items() if plan is not None}
    added = {at: new_items(random, node, at) for at in range(len(plans) + 1) if random.random() < 0.1}
    names = {at: f"r{at}" for at in plans if isinstance(node, Mapping) and at not in changes and random.random() < 0.1}
    return Members(changes, added, names)


def new_items(random: Random, node: Mapping | Sequence, at: int) -> tuple[Item, ...]:
    values = [from_value(random.choice(NEW)) for _ in range(random.randint(1, 2))]
    if isinstance(node, Sequence):
        return tuple(values)
    return tuple((Text(f"new{at}{number}"), value) for number, value in enumerate(values))


def targets_in(node: Node) -> set[int]:
    if isinstance(node, Alias):
        return {id(node.target)}
    return set().union(*map(targets_in, node.content)) if isinstance(node, Mapping | Sequence) else set()


def holds(node: Node, targets: set[int]) -> bool:
    inner = node.content if isinstance(node, Mapping | Sequence) else []
    return id(node) in targets or any(holds(child, targets) for child in inner)


# The witness


def loaded(text: str) -> Any:
    (data,) = plain_documents(text)
    return data


def expected(data: Any, node: Node, plan: Plan | None) -> Any:
    """What data become by a plan."""
    plan = plan and settled(node, plan)
    if isinstance(plan, Replace):
        return new_value(plan.leaf)
    if not isinstance(plan, Members) or not isinstance(node, Mapping | Sequence):
        return data
    is_mapping = isinstance(node, Mapping)
    old = data["map"] if is_mapping else data
    result: list[Any] = []
    for at, member in enumerate(members(node)):
        result += map(new_member, plan.added.get(at, ()))
        change = plan.changes.get(at)
        if change is REMOVE:
            continue
        key, value = old[at] if is_mapping else (None, old[at])
        value = expected(value, member.last, change)
        result.append((plan.names.get(at, key), value) if is_mapping else value)
    result += map(new_member, plan.added.get(len(old), ()))
    return {"map": result} if is_mapping else result


def new_member(item: Item) -> Any:
    if isinstance(item, Text | Branch):
        return new_value(item)
    key, value = item
    return key.value, new_value(value)


def new_value(leaf: Written) -> Any:
    if leaf in VALUES:
        return plain(VALUES[leaf])
    assert isinstance(leaf, Branch)
    inner = list(map(new_member, leaf.items))
    return {"map": inner} if leaf.is_mapping else inner


# What holds


@settings(max_examples=400)
@given(SEEDS)
def test_what_is_planned_happens_and_nothing_else(seed: int) -> None:
    text = text_of(seed)
    root = root_of(text)
    plan = any_plan(seeded(seed), root, targets_in(root))
    assert plan is not None
    try:
        cuts = cuts_of(text, root, plan)
        result = with_cuts(text, cuts)
    except CannotEdit:
        return
    after = root_of(result)
    assert is_planned([(root, plan, after)])
    assert keeps_comments((text, [root]), cuts, (result, [after]))
    assert loaded(result) == expected(loaded(text), root, plan)
    lost = comment_texts(text) - comment_texts(result)
    assert not lost - comment_texts("\n".join(text[begin:end] for begin, end in may_go(text, root, plan)))
    assert not comment_texts(result) - comment_texts(text)


def test_what_cannot_be_done_is_rare() -> None:
    refused = 0
    for seed in range(500):
        text = text_of(seed)
        root = root_of(text)
        plan = any_plan(seeded(seed), root, targets_in(root))
        assert plan is not None
        try:
            with_cuts(text, cuts_of(text, root, plan))
        except CannotEdit:
            refused += 1
    assert refused < 5


@settings(max_examples=300)
@given(SEEDS)
def test_taking_out_what_was_put_in_gives_the_text_back(seed: int) -> None:
    text, random = text_of(seed), seeded(seed)
    path = any_collection(random, root_of(text))
    at = random.randint(0, len(members(collection_at(root_of(text), path))))
    item = new_items(random, collection_at(root_of(text), path), at)[:1]
    with_item = edited(text, path, Members(added={at: item}))
    result = edited(with_item, path, Members({at: REMOVE}))
    assert result == text or (not ends_line(text) and finished(result) == finished(text))


def any_collection(random: Random, root: Node) -> tuple[int, ...]:
    """The path, by positions, of a collection that is not empty."""
    inner = [(at, member.last) for at, member in enumerate(members_of(root)) if members_of(member.last)]
    if not inner or random.random() < 0.3:
        return ()
    at, node = random.choice(inner)
    return at, *any_collection(random, node)


def members_of(node: Node) -> list[Member]:
    return members(node) if isinstance(node, Mapping | Sequence) else []


def collection_at(root: Node, path: tuple[int, ...]) -> Mapping | Sequence:
    for at in path:
        root = members_of(root)[at].last
    assert isinstance(root, Mapping | Sequence)
    return root


def edited(text: str, path: tuple[int, ...], plan: Plan) -> str:
    for at in reversed(path):
        plan = Members({at: plan})
    return with_cuts(text, cuts_of(text, root_of(text), plan))


def finished(text: str) -> str:
    """A text without what a block of text at its end needs when something comes after it, or goes."""
    return re.sub(r"([|>])[-+]", r"\1", text).removesuffix("\n").removesuffix("\r")
