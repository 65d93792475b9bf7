from __future__ import annotations

import copy
import pickle
from typing import TYPE_CHECKING

import pytest

from talos_registry import (
    ImageCacheConfig,
    InvalidConfigError,
    LocalImageCache,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    parse,
)
from talos_registry.limits import MAX_BYTES

if TYPE_CHECKING:
    from talos_registry.loading import Setting

TEXT = """\
# first
apiVersion: v1alpha1
kind: RegistryMirrorConfig
name: docker.io
endpoints:
  - url: HTTP://10.5.0.1:5000
---
machine:
  registries:
    mirrors:
      docker.io: {endpoints: [http://legacy], skipFallback: true}
      '*': {endpoints: [reg:5000]}
--- # comment
apiVersion: v1alpha1
kind: VolumeConfig # other
name: EPHEMERAL
---
apiVersion: v1alpha1
kind: ImageCacheConfig
local: {enabled: on}
"""


def test_documents_in_file_order() -> None:
    assert parse(TEXT).documents == (
        RegistryMirrorConfig(name="docker.io", endpoints=(RegistryEndpoint(url="http://10.5.0.1:5000"),)),
        OpaqueDocument(
            kind="v1alpha1",
            text="machine:\n  registries:\n    mirrors:\n"
            "      docker.io: {endpoints: [http://legacy], skipFallback: true}\n      '*': {endpoints: [reg:5000]}\n",
        ),
        OpaqueDocument(
            api_version="v1alpha1",
            kind="VolumeConfig",
            name="EPHEMERAL",
            text="# comment\napiVersion: v1alpha1\nkind: VolumeConfig # other\nname: EPHEMERAL\n",
        ),
        ImageCacheConfig(local=LocalImageCache(enabled=True)),
    )


def test_documents_replace_legacy_entries_wholesale() -> None:
    registries = parse(TEXT).registries
    assert registries.mirrors == {
        "docker.io": RegistryMirrorConfig(name="docker.io", endpoints=(RegistryEndpoint(url="http://10.5.0.1:5000"),)),
        "*": RegistryMirrorConfig(name="*", endpoints=(RegistryEndpoint(url="reg:5000"),)),
    }


def _without_values(setting: Setting) -> tuple[object, ...]:
    return setting.kind, setting.name, setting.path, setting.name_path, setting.is_legacy


def test_settings_stand_in_merge_order_with_their_places() -> None:
    text = """\
apiVersion: v1alpha1
kind: RegistryTLSConfig
name: b.example
---
machine:
  registries:
    config: {a.example: {auth: {username: u}, tls: {}}}
    mirrors: {docker.io: {endpoints: [http://m]}}
---
{kind: RegistryAuthConfig, apiVersion: v1alpha1, name: [a.example]}
"""
    legacy = (1, "machine", "registries")
    assert [_without_values(setting) for setting in parse(text).settings] == [
        (
            "RegistryMirrorConfig",
            "docker.io",
            (*legacy, "mirrors", "docker.io"),
            (*legacy, "mirrors", "docker.io"),
            True,
        ),
        (
            "RegistryAuthConfig",
            "a.example",
            (*legacy, "config", "a.example", "auth"),
            (*legacy, "config", "a.example"),
            True,
        ),
        (
            "RegistryTLSConfig",
            "a.example",
            (*legacy, "config", "a.example", "tls"),
            (*legacy, "config", "a.example"),
            True,
        ),
        ("RegistryTLSConfig", "b.example", (0,), (0, "name"), False),
    ]


def test_what_cannot_be_decoded_is_opaque() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nx: 1\n---\nb: [\n---\n- c\n"
    documents = parse(text).documents
    assert documents == (
        OpaqueDocument(api_version="v1alpha1", kind="RegistryAuthConfig", name="a", text=text[: text.index("---")]),
        OpaqueDocument(text="b: [\n"),
        OpaqueDocument(text="- c\n"),
    )


def test_documents_are_complete_when_validation_fails() -> None:
    config = parse("apiVersion: v1alpha1\nkind: RegistryAuthConfig\n")
    assert config.diagnostics
    assert config.documents == (RegistryAuthConfig(),)


def test_raise_for_errors() -> None:
    parse(TEXT).raise_for_errors()
    config = parse("a: [\n", filename="bad.yaml")
    with pytest.raises(InvalidConfigError, match=r"bad.yaml:2:1: error\[yaml-syntax\]") as raised:
        config.raise_for_errors()
    assert raised.value.diagnostics == config.diagnostics


@pytest.mark.parametrize("source", [TEXT, TEXT.encode(), TEXT.encode("utf-16"), b"\xef\xbb\xbf" + TEXT.encode()])
def test_text_and_bytes_are_the_same_config(source: str | bytes) -> None:
    assert parse(source).documents == parse(TEXT).documents


@pytest.mark.parametrize("source", ["x" * (MAX_BYTES + 1), b"x" * (MAX_BYTES + 1)])
def test_what_is_too_large_is_refused_by_this_tool(source: str | bytes) -> None:
    config = parse(source, filename="big.yaml")
    (one,) = config.diagnostics
    assert (one.code, one.message) == ("limit-exceeded", "The file is larger than the 16 MiB this tool reads.")
    assert (config.talos_error, config.documents) == (None, ())


def test_not_a_version() -> None:
    with pytest.raises(ValueError, match="not a Talos version"):
        parse("", talos_version="v1.14")


def test_no_secret_is_shown() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: s3cret\nx: s3cret\n"
    for config in (parse(text), parse(text.replace("x: s3cret\n", ""))):
        assert "s3cret" not in repr(config)
        assert "s3cret" not in repr(config.documents)
        assert "s3cret" not in "".join(map(str, config.diagnostics))


@pytest.mark.parametrize(
    ("version", "codes"),
    [("1.11", ["kind-needs-newer-talos"] * 2), ("1.12", ["kind-needs-newer-talos"]), ("1.14", []), ("1.99", [])],
)
def test_targets(version: str, codes: list[str]) -> None:
    assert [one.code for one in parse(TEXT, talos_version=version).diagnostics] == codes


def test_opaque_documents_have_their_values() -> None:
    other, legacy, broken = parse(
        "apiVersion: v1alpha1\nkind: HostnameConfig\nhostname: a\n---\nmachine: {type: worker}\n---\nkind: No\n"
    ).documents
    assert isinstance(other, OpaqueDocument)
    assert isinstance(legacy, OpaqueDocument)
    assert isinstance(broken, OpaqueDocument)
    assert (other.values or {})["hostname"] == "a"
    assert legacy.values == {"machine": {"type": "worker"}}
    assert broken.values is None
    assert other == OpaqueDocument(api_version="v1alpha1", kind="HostnameConfig", text=other.text)
    assert hash(other) == hash(other.model_copy())
    assert other != legacy
    assert other != other.text


@pytest.mark.parametrize(
    ("text", "opaque"),
    [
        ("  machine:\n    type: worker\n  cluster: {}\n", "  machine:\n    type: worker\n  cluster: {}\n"),
        ("---\n  machine:\n    type: worker\n", "  machine:\n    type: worker\n"),
        ("---   # worker\nmachine: {}\n", "# worker\nmachine: {}\n"),
        ("--- {machine: {}}\n", "{machine: {}}\n"),
        ("\n# first\nmachine: {}\n", "\n# first\nmachine: {}\n"),
    ],
)
def test_opaque_documents_keep_their_indentation(text: str, opaque: str) -> None:
    (document,) = parse(text).documents
    assert document == OpaqueDocument(kind="v1alpha1", text=opaque)


def test_the_conflict_over_the_image_cache_is_at_its_document() -> None:
    text = "machine: {features: {imageCache: {}}}\n---\napiVersion: v1alpha1\nkind: ImageCacheConfig\n"
    (finding,) = parse(text).diagnostics
    assert (finding.code, finding.path, finding.line) == ("conflicting-image-cache", (1,), 4)


def test_configs_can_be_hashed_and_sent_to_other_processes() -> None:
    config = parse(TEXT)
    assert pickle.loads(pickle.dumps(config)) == config  # noqa: S301 - our own
    assert hash(config) == hash(parse(TEXT))
    assert copy.deepcopy(config.registries) == config.registries


@pytest.mark.parametrize(
    "text",
    [
        "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a\nendpoints: [{url: 'http://{{ host }}'}]\n",
        "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: '{{ ca }}'\n",
        "machine: {registries: {config: {a: {tls: {ca: '{{ ca }}'}}}}}\n",
    ],
)
def test_a_refused_value_with_a_marker_is_a_template(text: str) -> None:
    assert [one.code for one in parse(text).diagnostics] == ["template-not-rendered"]


def test_a_marker_elsewhere_hides_no_finding() -> None:
    text = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: '{{ host }}'\nusernam: u\n"
    assert [one.code for one in parse(text).diagnostics] == ["unknown-key"]


@pytest.mark.parametrize("key", ["registries", "mirrors", "imageCache"])
def test_a_section_at_the_root_is_misplaced(key: str) -> None:
    config = parse(f"{key}: {{}}\n")
    assert [(one.code, one.path) for one in config.diagnostics] == [("misplaced-section", (0, key))]
    assert config.talos_error is not None
    assert config.talos_error.endswith(": missing kind")


STREAM = "~\n---\nkind: A\n---\n'broken\n---\n! # a lone tag\n---\nkind: B\n"


@pytest.mark.parametrize("version", ["1.13", "1.14"])
def test_trees_have_the_indices_of_the_documents(version: str) -> None:
    config = parse(STREAM, talos_version=version)
    trees = config.trees
    assert {tree.index for tree in trees} == {*range(len(config.entries))} - {1}
    assert all((tree.begin, tree.end) == config.entries[tree.index][-3:-1] for tree in trees)


@pytest.mark.parametrize("version", ["1.13", "1.14"])
@pytest.mark.parametrize("text", [STREAM, "", "\ufeffkind: A\n"])
def test_one_reading_gives_config_and_trees(text: str, version: str) -> None:
    config = parse("", filename="a.yaml", talos_version=version).with_text(text)
    other = parse(f"\ufeff{text}", filename="a.yaml", talos_version=version)
    assert config == other
    assert [(tree.index, tree.begin, tree.end) for tree in config.trees] == [
        (tree.index, tree.begin, tree.end) for tree in other.trees
    ]


def test_another_text_is_judged_for_the_same_target() -> None:
    text = f"\ufeff{TEXT}---\n!\n"
    config = parse("a: 1\n", filename="a.yaml", talos_version="1.13")
    assert config.with_text(text) == parse(f"\ufeff{text}", filename="a.yaml", talos_version="1.13")
    assert (
        config.with_text("a" * (MAX_BYTES + 1)).diagnostics
        == parse("a" * (MAX_BYTES + 1), filename="a.yaml").diagnostics
    )
