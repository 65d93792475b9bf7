"""Documents put into trees: what is there stays, or nothing is changed."""

from __future__ import annotations

import io
from typing import Any

import pytest
from pydantic import SecretStr
from ruamel.yaml import YAML
from ruamel.yaml.scalarstring import LiteralScalarString

from talos_registry import (
    ImageCacheConfig,
    LocalImageCache,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    TalosRegistryError,
    parse,
)
from talos_registry.roundtrip import config_of, merge_into

HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"


def hub(*urls: str, skip_fallback: bool | None = None) -> RegistryMirrorConfig:
    endpoints = tuple(RegistryEndpoint(url=url) for url in urls)
    return RegistryMirrorConfig(name="docker.io", endpoints=endpoints, skip_fallback=skip_fallback)


MIRROR = hub("http://10.5.0.1:5000")


def trees_of(text: str) -> list[Any]:
    yaml = YAML()
    yaml.preserve_quotes = True
    return list(yaml.load_all(text))


def dumped(trees: list[Any]) -> str:
    stream = io.StringIO()
    YAML().dump_all(trees, stream)
    return stream.getvalue()


def merged(text: str, *documents: Any) -> str:
    trees = trees_of(text)
    merge_into(trees, documents)
    return dumped(trees)


def test_a_new_document_comes_to_the_end() -> None:
    text = "machine: # m\n  type: 'worker'   # w\n# end\n"
    new = "---\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n- url: http://10.5.0.1:5000\n"
    assert merged(text, MIRROR) == text + new


@pytest.mark.parametrize("text", ["", "~\n"])
def test_an_empty_file_gets_a_document(text: str) -> None:
    trees = trees_of(text)
    merge_into(trees, MIRROR)
    assert len(trees) == 1
    assert config_of(trees).documents == (MIRROR,)


def test_an_empty_document_at_the_end_is_filled() -> None:
    trees = trees_of("machine: {}\n---\n")
    assert trees[1] is None
    merge_into(trees, [MIRROR])
    assert [tree.get("kind") for tree in trees] == [None, "RegistryMirrorConfig"]


BEFORE = """\
# about the machine
machine: {type: worker}   # w
---
# about the hub
kind: RegistryMirrorConfig # k
apiVersion: v1alpha1
# its name
name: 'docker.io' # n
endpoints: # e
# first
- url: http://10.5.0.1:5000 # u
# old
- url: http://10.5.0.2:5000 # o
skipFallback: yes # s
# end of the hub
---
kind: HostnameConfig   # other
hostname:   a
"""
AFTER = """\
# about the machine
machine: {type: worker}   # w
---
# about the hub
kind: RegistryMirrorConfig # k
apiVersion: v1alpha1
# its name
name: 'docker.io' # n
endpoints: # e
# first
- url: http://10.5.0.1:5000 # u
- url: https://new.example
# end of the hub
---
kind: HostnameConfig   # other
hostname: a
"""


def test_a_document_takes_the_place_of_its_like_and_what_says_the_same_stays() -> None:
    trees = trees_of(BEFORE)
    others = trees[0], trees[2]
    merge_into(trees, hub("http://10.5.0.1:5000", "https://new.example"))
    assert dumped(trees) == AFTER
    assert trees[0] is others[0]
    assert trees[2] is others[1]


def test_what_is_there_already_is_left_alone() -> None:
    trees = trees_of(BEFORE)
    mirror = trees[1]
    (document,) = (one for one in parse(BEFORE).documents if one.kind == "RegistryMirrorConfig")
    merge_into(trees, document)  # type: ignore[arg-type]  # a mirror
    assert trees[1] is mirror


def test_plain_dicts_are_trees_as_well() -> None:
    trees: list[Any] = [{"kind": "ImageCacheConfig", "apiVersion": "v1alpha1", "local": {"enabled": False}}]
    merge_into(trees, [ImageCacheConfig(local=LocalImageCache(enabled=True)), MIRROR])
    assert [dict(trees[0])["local"], trees[1]["name"]] == [{"enabled": True}, "docker.io"]


def test_other_documents_may_be_refused_by_talos() -> None:
    trees = trees_of("kind: Nothing # other\n---\nmachine: {typo: 1}\n")
    merge_into(trees, MIRROR)
    assert config_of(trees).documents[-1] == MIRROR
    assert "# other" in dumped(trees)


def test_anchors_that_are_in_use_stay() -> None:
    text = f"{HEAD}name: docker.io\nendpoints:\n- &a {{url: 'http://a'}} # one\n- *a\n"
    after = merged(text, hub("http://a", "http://a", skip_fallback=True))
    assert after == f"{text}skipFallback: true\n"


@pytest.mark.parametrize(
    ("text", "documents", "reason"),
    [
        (
            f"{HEAD}name: docker.io\n---\n{HEAD}name: docker.io\n",
            [MIRROR],
            r"^trees\[0\], trees\[1\]: there is more than one",
        ),
        ("machine: {}\n", [MIRROR, MIRROR], '^RegistryMirrorConfig "docker.io" is given twice$'),
        (f"{HEAD}name: docker.io\ntypo: 1\n", [MIRROR], r"^trees\[0\]: Talos cannot decode the RegistryMirrorConfig"),
        (
            "machine: {registries: {mirrors: {docker.io: {endpoints: ['http://a']}}}}\n",
            [MIRROR],
            r'^trees\[0\]: RegistryMirrorConfig "docker.io" would replace as a whole what the v1alpha1 document says',
        ),
        (
            "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nusername: &u u # of\npassword: *u\n",
            [RegistryAuthConfig(name="a", username="v", password=SecretStr("u"))],
            r"^trees\[0\]: this tool cannot write the result .* write out \*u",
        ),
        (
            f"{HEAD}name: docker.io\nendpoints:\n- &a {{url: 'http://a'}} # one\n- <<: *a\n",
            [MIRROR],
            r"^trees\[0\]: Talos cannot decode",
        ),
    ],
)
def test_what_cannot_be_done_without_a_loss_is_refused_and_nothing_changed(
    text: str, documents: list[Any], reason: str
) -> None:
    trees = trees_of(text)
    old, before = [*trees], dumped(trees)
    with pytest.raises(TalosRegistryError, match=reason):
        merge_into(trees, [RegistryAuthConfig(name="new.example", username="u"), *documents])
    assert all(map(lambda one, other: one is other, trees, old))
    assert len(trees) == len(old)
    assert dumped(trees) == before


def test_what_ruamel_dumps_as_something_else_is_not_replaced() -> None:
    value, reason = "a\x85b", r"^trees\[0\]: the document cannot be put there without a loss by ruamel\.yaml$"
    trees = trees_of("apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n")
    trees[0]["username"] = value
    with pytest.raises(TalosRegistryError, match=reason):
        merge_into(trees, RegistryAuthConfig(name="a", username="v"))
    assert trees[0]["username"] == value


def test_nothing_is_added_to_what_is_no_document_once_it_is_dumped() -> None:
    trees: list[Any] = [{"machine": LiteralScalarString("a\bb")}]
    with pytest.raises(
        TalosRegistryError, match=r"^trees\[0\]: what ruamel\.yaml dumps of this tree is not one document"
    ):
        merge_into(trees, MIRROR)
    assert len(trees) == 1


def test_an_entry_of_the_legacy_section_does_not_stand_in_the_way_of_a_document_that_is_there() -> None:
    text = f"machine: {{registries: {{mirrors: {{docker.io: {{endpoints: ['http://a']}}}}}}}}\n---\n{HEAD}name: docker.io\n"
    assert "10.5.0.1" in merged(text, MIRROR)


@pytest.mark.parametrize("trees", [{}, (), "machine: {}", None, YAML().load("- a")])
def test_documents_are_put_into_lists(trees: Any) -> None:
    with pytest.raises(TypeError, match=r"^merge_into adds to a list of trees"):
        merge_into(trees, [MIRROR])


@pytest.mark.parametrize("documents", [[OpaqueDocument(kind="x")], ["text"], [{"kind": "RegistryMirrorConfig"}]])
def test_only_typed_documents_are_put_into_trees(documents: Any) -> None:
    with pytest.raises(TypeError, match=f"not a {type(documents[0]).__name__}$"):
        merge_into([], documents)
