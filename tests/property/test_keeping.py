"""What editing commands leave alone: every comment, and every value that they do not speak of."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from talos_registry import (
    MachineConfig,
    MigrateError,
    RegistryEndpoint,
    RegistryMirrorConfig,
    TalosRegistryError,
    apply_patches,
    migrate,
    parse,
    redact,
)
from talos_registry.formatting import append, format_config
from talos_registry.goyaml.editing import REMOVE, Members
from talos_registry.goyaml.editing.plan import members
from talos_registry.goyaml.nodes import Mapping
from talos_registry.linting import fix
from tests.property.belonging import may_go
from tests.property.written import Writer, any_config, comment_texts, plain_documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.nodes import Node

SEEDS = st.integers(0, 2**32)
ENDPOINT = "http://10.9.9.9:5000"


def config_of(seed: int, *, has_anchors: bool = False) -> MachineConfig:
    random = Random(seed)  # noqa: S311 - nothing is to be kept secret
    config = parse(Writer(random, has_anchors=has_anchors).stream(any_config(random)))
    assume(config.loads)
    return config


def without(data: Any, *paths: tuple[str, ...]) -> Any:
    """Data without some members."""
    if not isinstance(data, dict):
        return data
    kept = [(key, value) for key, value in data["map"] if (key,) not in paths]
    return {
        "map": [
            (key, without(value, *(path[1:] for path in paths if path[0] == key and path[1:]))) for key, value in kept
        ]
    }


def foreign(text: str) -> list[Any]:
    """The documents that are not of the typed kinds, without the parts that this library decodes, and their empty rests."""
    decoded = (("machine", "registries"), ("machine", "features", "imageCache"))
    kept = [pruned(without(document, *decoded)) for document in plain_documents(text) if not is_typed(document)]
    return [document for document in kept if document != {"map": []}]


def pruned(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    members = [(key, pruned(value)) for key, value in data["map"]]
    return {"map": [(key, value) for key, value in members if value != {"map": []}]}


def typed(text: str) -> list[Any]:
    return [document for document in plain_documents(text) if is_typed(document)]


def is_typed(document: Any) -> bool:
    return str(dict(document["map"]).get("kind", "")).startswith(("Registry", "ImageCache"))


def name_of(document: Any) -> Any:
    return dict(document["map"]).get("name")


def lost(before: str, after: str) -> Iterable[str]:
    return (comment_texts(before) - comment_texts(after)).elements()


@settings(max_examples=100)
@given(SEEDS)
def test_a_config_is_formatted_without_a_loss(seed: int) -> None:
    config = config_of(seed)
    assume(not config.diagnostics)
    text = format_config(config)
    assert comment_texts(text) == comment_texts(config.text)
    assert [as_sets(document) for document in plain_documents(text)] == [
        as_sets(document) for document in plain_documents(config.text)
    ]


def as_sets(data: Any) -> Any:
    """Data in which the order of members does not count."""
    if isinstance(data, dict):
        return {key: as_sets(value) for key, value in data["map"]}
    return [as_sets(item) for item in data] if isinstance(data, list) else data


@settings(max_examples=100)
@given(SEEDS)
def test_secrets_are_redacted_and_nothing_else(seed: int) -> None:
    config = config_of(seed)
    text = redact(config)
    assert comment_texts(text) == comment_texts(config.text)
    assert "secret" not in text
    assert revealed(plain_documents(text)) == plain_documents(config.text)


def revealed(data: Any) -> Any:
    if isinstance(data, dict):
        return {"map": [(key, "secret" if key == "password" else revealed(value)) for key, value in data["map"]]}
    return [revealed(item) for item in data] if isinstance(data, list) else data


@settings(max_examples=100)
@given(SEEDS)
def test_a_document_is_appended_to_what_is_there(seed: int) -> None:
    config = config_of(seed)
    result = append(config, RegistryMirrorConfig(name="new.example", endpoints=(RegistryEndpoint(url=ENDPOINT),)))
    assert comment_texts(result.text) == comment_texts(config.text)
    *old, new = plain_documents(result.text)
    assert old == plain_documents(config.text)
    assert name_of(new) == "new.example"


PATCHES = [
    f"machine: {{registries: {{mirrors: {{new.example: {{endpoints: [{ENDPOINT!r}]}}}}}}}}\n",
    f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: new.example\nendpoints: [{{url: {ENDPOINT!r}}}]\n",
    "machine: {registries: {config: {harbor.example: {tls: {insecureSkipVerify: false}}}}}\n",
    "machine: {features: {imageCache: {localEnabled: false}}}\n",
]


@settings(max_examples=150)
@given(SEEDS, st.lists(st.sampled_from(PATCHES), min_size=1, max_size=3))
def test_what_is_merged_leaves_the_rest(seed: int, patches: list[str]) -> None:
    config = config_of(seed)
    try:
        result = apply_patches(config, patches)
    except TalosRegistryError:
        return
    assert list(lost(config.text, result.text)) == []
    before = foreign(config.text)
    after = foreign(result.text)
    assert after[: len(before)] == before
    assert typed(result.text)[: len(typed(config.text))] == typed(config.text)


DELETED = [("machine", "registries", "mirrors", "docker.io"), ("machine", "install"), ("machine", "registries")]


@settings(max_examples=150)
@given(SEEDS, st.sampled_from(DELETED))
def test_what_is_deleted_takes_its_comments_along_and_no_others(seed: int, path: tuple[str, ...]) -> None:
    config = config_of(seed)
    patch = "$patch: delete"
    for key in reversed(path):
        patch = f"{key}: {{{patch}}}"
    try:
        result = apply_patches(config, [patch])
    except TalosRegistryError:
        return
    assert pruned_all(result.text) == [pruned(without(document, path)) for document in plain_documents(config.text)]
    assert not comment_texts(config.text) - comment_texts(result.text) - comments_of(config, path)


def pruned_all(text: str) -> list[Any]:
    return list(map(pruned, plain_documents(text)))


def comments_of(config: MachineConfig, path: tuple[str, ...]) -> Counter[str]:
    """The comments that belong to a member of any document, or to the collections that are empty without it."""
    found: Counter[str] = Counter()
    for tree in config.trees:
        for end in range(1, len(path) + 1):
            plan = removal(tree.root, path[:end])
            if plan is not None and (end == len(path) or is_only(tree.root, path, end)):
                found += comment_texts(
                    "\n".join(config.text[slice(*part)] for part in may_go(config.text, tree.root, plan))
                )
    return found


def removal(node: Node, path: tuple[str, ...]) -> Plan | None:
    """The plan that takes a member out, None if there is none."""
    keys = [member.first.value for member in members(node)] if isinstance(node, Mapping) else []
    if not path:
        return REMOVE
    if path[0] not in keys:
        return None
    at = keys.index(path[0])
    inner = removal(members(node)[at].last, path[1:])  # type: ignore[arg-type]  # it has keys
    return None if inner is None else Members({at: inner})


def is_only(node: Node, path: tuple[str, ...], begin: int) -> bool:
    """Whether all collections on a path from its place ``begin`` on have one member."""
    for at, key in enumerate(path):
        found = {member.first.value: member.last for member in members(node)}  # type: ignore[arg-type]  # it has keys
        if at >= begin and len(found) > 1:
            return False
        node = found[key]
    return True


@settings(max_examples=150)
@given(SEEDS)
def test_fixes_leave_the_rest(seed: int) -> None:
    config = config_of(seed)
    result = fix(config, unsafe=True)
    text = result.config.text
    assert foreign(text) == foreign(config.text)
    assert result.applied or text == config.text
    after = plain_documents(text)
    changed = comments_of(config, ("machine", "registries"))
    for entry, document in zip(config.entries, plain_documents(config.text), strict=True):
        own = config.text[entry.begin : entry.end]
        if document not in after:
            changed += comment_texts(own)
        else:
            assert own.strip() in text
    assert not comment_texts(config.text) - comment_texts(text) - changed


@settings(max_examples=150)
@given(SEEDS)
def test_a_migration_leaves_the_rest(seed: int) -> None:
    config = config_of(seed)
    assume(config.talos_error is None)
    for to in ("documents", "legacy"):
        try:
            text = migrate(config, to=to)
        except MigrateError:
            continue
        assert comment_texts(text) == comment_texts(config.text)
        assert sorted(map(repr, foreign(text))) == sorted(map(repr, foreign(config.text)))


COMMANDS: dict[str, Callable[[MachineConfig], str]] = {
    "fmt": format_config,
    "redact": redact,
    "new --append": lambda config: append(config, RegistryMirrorConfig(name="new.example")).text,
    "patch apply": lambda config: apply_patches(config, PATCHES[:2]).text,
    "migrate": migrate,
    "migrate --to legacy": lambda config: migrate(config, to="legacy"),
    "lint --fix": lambda config: fix(config, unsafe=True).config.text,
}


@pytest.mark.parametrize("command", COMMANDS)
@settings(max_examples=40)
@given(SEEDS)
def test_documents_with_anchors_are_left_as_they_are_and_no_comment_is_lost(command: str, seed: int) -> None:
    config = config_of(seed, has_anchors=True)
    try:
        text = COMMANDS[command](config)
    except TalosRegistryError:
        return
    assert sorted(map(repr, foreign(text))) == sorted(map(repr, foreign(config.text)))
    if command != "lint --fix":  # what a fix removes takes its comments along
        assert list(lost(config.text, text)) == []


OPERATIONS = [
    """[{"op": "add", "path": "/machine/env", "value": {"a": "b"}}]""",
    """[{"op": "add", "path": "/machine/registries/mirrors/new.example", "value": {"endpoints": ["http://a"]}}]""",
    """[{"op": "replace", "path": "/machine/type", "value": "controlplane"}]""",
    """[{"op": "add", "path": "/endpoints/-", "value": {"url": "http://10.9.9.9:5000"}}]""",
    """[{"op": "add", "path": "/endpoints/0/overridePath", "value": false}]""",
]
TOUCHED = [("machine", "env"), ("machine", "type"), ("endpoints",)]


@settings(max_examples=80)
@given(SEEDS, st.sampled_from(OPERATIONS))
def test_a_json_patch_leaves_the_rest_of_its_document(seed: int, patch: str) -> None:
    random = Random(seed)  # noqa: S311 - nothing is to be kept secret
    config = parse(Writer(random).stream([random.choice(any_config(random))]))
    try:
        text = apply_patches(config, [patch]).text
    except TalosRegistryError:
        return
    assert list(lost(config.text, text)) == []
    before, after = ([without(one, *TOUCHED) for one in plain_documents(each)] for each in (config.text, text))
    assert rest(after) == rest(before)


def rest(documents: list[Any]) -> list[Any]:
    return [pruned(without(document, ("machine", "registries"))) for document in documents]
