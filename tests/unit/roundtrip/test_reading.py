"""Trees as Talos will read them once they are dumped."""

from __future__ import annotations

import datetime as dt
import io
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

import talos_registry
from talos_registry import RegistryMirrorConfig, TalosRegistryError, parse
from talos_registry.roundtrip import config_of

AUTH = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\n"


def loaded(text: str, *, preserve_quotes: bool | None = None) -> list[Any]:
    yaml = YAML()
    yaml.preserve_quotes = preserve_quotes
    return list(yaml.load_all(text))


def test_a_plain_yes_is_a_boolean_for_talos_though_a_text_for_ruamel() -> None:
    trees = loaded(f"{MIRROR}skipFallback: yes\n")
    assert trees[0]["skipFallback"] == "yes"
    config = config_of(trees)
    assert config.diagnostics == ()
    assert config.documents[0].skip_fallback is True  # type: ignore[union-attr]  # a mirror


@pytest.mark.parametrize("preserve_quotes", [True, None])
def test_a_text_that_yaml_1_2_knows_as_a_boolean_keeps_its_quotes(preserve_quotes: bool | None) -> None:
    trees = loaded(f"{MIRROR}skipFallback: 'true'\n", preserve_quotes=preserve_quotes)
    assert [finding.path for finding in config_of(trees).diagnostics] == [(0, "skipFallback")]


def test_places_are_those_of_a_dump_that_indents_as_the_file_does() -> None:
    text = f"machine:\n    type: worker\n---\n{MIRROR}endpoints: # all\n      - url: http://a\n      - url: b # bad\n"
    config = config_of(loaded(text), filename="mirror.yaml")
    assert config.text == text
    assert [str(finding).partition(" ")[0] for finding in config.diagnostics] == ["mirror.yaml:9:14:"]


@pytest.mark.parametrize(
    "text",
    [
        "machine:\n  type: worker\n  env:\n  - a\n",
        "machine:\n   type: worker\n   env:\n   - a\n",
        "machine:\n        type: worker\n        env:\n          - a\n",
        "machine:\n  type: worker\n  env: [a]\nwords: " + "long " * 100 + "end\n",
    ],
)
def test_layout_is_told_from_the_trees(text: str) -> None:
    assert config_of(loaded(text)).text == text


def test_the_talos_version_is_that_of_parse() -> None:
    (finding,) = config_of(loaded(AUTH), talos_version="1.11").diagnostics
    assert finding.code == "kind-needs-newer-talos"
    with pytest.raises(ValueError, match=r"."):
        config_of(loaded(AUTH), talos_version="new")


@pytest.mark.parametrize("trees", [[], [None], None])
def test_nothing_is_no_document(trees: Any) -> None:
    assert config_of(trees).documents == ()


def test_what_a_tree_shares_is_dumped_as_anchor_and_alias() -> None:
    endpoint = {"url": "b"}
    document = {
        "apiVersion": "v1alpha1",
        "kind": "RegistryMirrorConfig",
        "name": "a",
        "endpoints": [endpoint, endpoint],
    }
    config = config_of([document])
    assert config.text.endswith("- &id001\n  url: b\n- *id001\n")
    assert [finding.path[:3] for finding in config.diagnostics] == [(0, "endpoints", 0), (0, "endpoints", 1)]


def test_what_ruamel_dumps_otherwise_than_it_was_loaded_is_found() -> None:
    text = f"{MIRROR}endpoints: [&e {{url: 'http://a'}}, *e]\n"
    assert parse(text).diagnostics == ()
    config = config_of(loaded(text))
    assert config.text.endswith("endpoints: [&e url: http://a, *e]\n")
    assert [finding.code for finding in config.diagnostics] == ["wrong-type"]


@pytest.mark.parametrize("value", [Path("a"), RegistryMirrorConfig(name="s3cret"), object(), dt.timedelta(1)])
def test_a_value_that_yaml_does_not_hold_is_a_type_error_that_shows_nothing_of_it(value: Any) -> None:
    with pytest.raises(TypeError, match=f"^a tree holds .*, not a {type(value).__name__}; tree_of makes") as caught:
        config_of([{"a": [value]}])
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize("trees", ["machine: {}\n", b"machine: {}\n"])
def test_a_text_is_for_parse(trees: Any) -> None:
    with pytest.raises(TypeError, match=r"a text, which talos_registry\.parse takes"):
        config_of(trees)


@pytest.mark.parametrize("trees", [YAML().load_all(""), (1,), 5])
def test_other_collections_are_no_list_of_trees(trees: Any) -> None:
    with pytest.raises(TypeError, match=r"pass a tree of ruamel\.yaml or a list of them"):
        config_of(trees)


def test_trees_that_are_too_deep_are_refused() -> None:
    tree: Any = []
    for _ in range(5000):
        tree = [tree]
    with pytest.raises(TalosRegistryError, match="nested too deep"):
        config_of([{"a": tree}])


def test_nothing_is_changed_by_reading() -> None:
    text = f"# top\n{MIRROR}endpoints:   # all\n- {{url: 'http://a'}} # one\n"
    trees = loaded(text, preserve_quotes=True)
    config_of(trees)
    stream = io.StringIO()
    YAML().dump_all(trees, stream)
    assert stream.getvalue() == text


def test_ruamel_is_imported_by_this_room_alone() -> None:
    package = Path(talos_registry.__file__).parent
    users = {
        path.parent.name
        for path in package.rglob("*.py")
        if "import ruamel" in (text := path.read_text()) or "from ruamel" in text
    }
    assert users == {"roundtrip"}
