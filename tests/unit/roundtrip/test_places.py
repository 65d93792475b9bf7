"""Where diagnostics lead in trees, and that mending there is what Talos reads."""

from __future__ import annotations

from typing import Any

import pytest
from ruamel.yaml import YAML

from talos_registry import Diagnostic, Severity
from talos_registry.roundtrip import config_of, locate


def trees_of(text: str) -> list[Any]:
    return list(YAML().load_all(text))


def at(*path: str | int) -> Diagnostic:
    return Diagnostic(code="x", severity=Severity.ERROR, message="", path=path)


MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"


def test_a_value_is_mended_where_it_is() -> None:
    trees = trees_of(f"machine: {{}}\n---\n{MIRROR}endpoints:\n- url: 10.5.0.1:5000 # cache\n")
    (finding,) = config_of(trees).diagnostics
    container, key = locate(trees, finding)
    assert container is trees[1]["endpoints"][0]
    assert key == "url"
    container[key] = f"http://{container[key]}"
    assert config_of(trees).diagnostics == ()
    assert "- url: http://10.5.0.1:5000 # cache" in config_of(trees).text


def test_an_unknown_key_is_taken_out_where_it_is() -> None:
    trees = trees_of(f"{MIRROR}skipFalback: true\n")
    container, key = locate(trees, config_of(trees).diagnostics[0])
    del container[key]
    assert config_of(trees).diagnostics == ()


@pytest.mark.parametrize("empty", ["~\n---\n", "---\n# nothing\n---\n"])
def test_empty_documents_have_no_index(empty: str) -> None:
    trees = trees_of(f"{empty}{MIRROR}endpoints: [{{url: a}}]\n")
    assert trees[0] is None
    (finding,) = config_of(trees).diagnostics
    assert finding.path[0] == 0
    assert locate(trees, finding)[0] is trees[1]["endpoints"][0]


def test_nulls_in_lists_have_no_index() -> None:
    trees = trees_of(f"{MIRROR}endpoints: [~, {{url: 'http://a'}}, null, {{url: b}}]\n")
    (finding,) = config_of(trees).diagnostics
    assert finding.path == (0, "endpoints", 1, "url")
    assert locate(trees, finding)[0] is trees[0]["endpoints"][3]


def test_what_an_alias_stands_for_is_mended_for_all() -> None:
    trees = trees_of(f"{MIRROR}endpoints:\n- &e\n  url: a\n- *e\n")
    first, second = config_of(trees).diagnostics
    assert (first.path, second.path) == ((0, "endpoints", 0, "url"), (0, "endpoints", 1, "url"))
    container, key = locate(trees, second)
    assert container is locate(trees, first)[0]
    container[key] = "http://a"
    assert config_of(trees).diagnostics == ()


MERGED = f"{MIRROR}endpoints:\n- &e {{url: a, overridePath: true}}\n- <<: *e\n- <<: [*e]\n  url: http://c\n"


def test_what_a_merge_key_brings_along_is_mended_where_it_is_held() -> None:
    trees = trees_of(MERGED)
    endpoints = trees[0]["endpoints"]
    container, key = locate(trees, at(0, "endpoints", 1, "url"))
    assert container is endpoints[0]
    container[key] = "http://a"
    assert "- &e {url: http://a, overridePath: true}\n- <<: *e\n- <<: [*e]\n" in config_of(trees).text


def test_a_merge_key_itself_is_a_key_of_what_it_stands_in() -> None:
    trees = trees_of(MERGED)
    finding = next(one for one in config_of(trees).diagnostics if one.code == "unknown-key")
    container, key = locate(trees, finding)
    assert container is trees[0]["endpoints"][1]
    assert key == "<<"


def test_what_stands_beside_a_merge_key_comes_first() -> None:
    trees = trees_of(MERGED)
    endpoints = trees[0]["endpoints"]
    assert locate(trees, at(0, "endpoints", 2, "url"))[0] is endpoints[2]
    assert locate(trees, at(0, "endpoints", 2, "overridePath"))[0] is endpoints[0]


def test_a_missing_key_is_missing_in_the_deepest_collection_there_is() -> None:
    trees = trees_of(f"{MIRROR}endpoints: [{{}}]\n")
    assert locate(trees, at(0, "endpoints", 0, "url")) == ({}, "url")
    assert locate(trees, at(0, "more", "inner", 0)) == (trees[0], "more")


def test_a_scalar_in_the_place_of_a_collection_is_what_is_to_be_mended() -> None:
    trees = trees_of(f"{MIRROR}endpoints: none\n")
    assert locate(trees, at(0, "endpoints", 0, "url")) == (trees[0], "endpoints")


def test_a_whole_document_is_in_the_list() -> None:
    trees = trees_of(f"~\n---\n{MIRROR}")
    container, index = locate(trees, at(0))
    assert container is trees
    assert index == 1


def test_one_tree_needs_no_list() -> None:
    tree = YAML().load(f"{MIRROR}endpoints: [{{url: a}}]\n")
    (finding,) = config_of(tree).diagnostics
    assert locate(tree, finding)[0] is tree["endpoints"][0]
    assert locate(tree, at(0)) == ([tree], 0)


@pytest.mark.parametrize(
    ("key", "step"), [("5000", "5000"), ("0x1F", "0x1F"), ("true", "true"), ("yes", "yes"), ("1.50", "1.50"), ("~", "")]
)
def test_keys_count_as_they_are_dumped(key: str, step: str) -> None:
    (tree,) = trees_of(f"{key}: 1\n")
    container, found = locate([tree], at(0, step))
    assert container is tree
    assert tree[found] == 1


def test_plain_dicts_and_lists_are_trees_as_well() -> None:
    document = {"apiVersion": "v1alpha1", "kind": "RegistryMirrorConfig", "name": "a", "endpoints": [{"url": "b"}]}
    (finding,) = config_of([document]).diagnostics
    container, key = locate([document], finding)
    container[key] = "http://b"
    assert config_of(document).diagnostics == ()


@pytest.mark.parametrize("path", [(), (1,), (3, "name"), (0, "endpoints", 7), ("name",)])
def test_what_leads_elsewhere_is_refused(path: tuple[str | int, ...]) -> None:
    trees = trees_of(f"{MIRROR}endpoints: [{{url: 'http://a'}}]\n")
    with pytest.raises(ValueError, match="does not lead into these trees"):
        locate(trees, at(*path))
