from __future__ import annotations

import json

import pytest

from talos_registry import recognise
from talos_registry.goyaml import Source, documents
from talos_registry.limits import MAX_BYTES, MAX_DOCUMENTS
from talos_registry.loading import recognise_trees, unrendered_form
from talos_registry.versions import LATEST, release_of
from tests.kinds_of_files import CARRIERS, CONFIG_MAP, FOREIGN, GITLAB, TALHELPER

MIRROR = (
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints: [{url: https://cache.example}]\n"
)
WHOLE = "version: v1alpha1\nmachine:\n  type: worker\ncluster:\n  clusterName: home\n"
SOPS = "machine:\n  token: ENC[AES256_GCM,data:aa==]\nsops:\n  mac: ENC[AES256_GCM,data:bb==]\n"
JSON_PATCH = [{"op": "add", "path": "/machine/registries", "value": {"mirrors": {}}}]


def recognised(source: str | bytes, filename: str = "") -> tuple[str, str]:
    found = recognise(source, filename=filename)
    return found.form, found.what


# Encrypted files and templates


@pytest.mark.parametrize("name", ["a.yaml.tpl", "a.yaml.j2", "a.yaml.tftpl", "a.tmpl", "a.yaml.gotmpl"])
def test_a_template_is_one_by_its_name(name: str) -> None:
    assert recognised(WHOLE, name) == ("template", "a template")


@pytest.mark.parametrize("text", [SOPS, MIRROR + "---\n" + SOPS, json.dumps({"sops": {"mac": "ENC[]"}}, indent=1)])
def test_an_encrypted_file(text: str) -> None:
    assert recognised(text, "a.yaml") == ("encrypted", "a file encrypted with SOPS")
    assert recognised(text.encode("utf-16")) == ("encrypted", "a file encrypted with SOPS")
    assert unrendered_form("a.yaml", text.encode()) == "encrypted"


def test_what_is_named_like_nothing_else_is_judged_as_it_is() -> None:
    assert unrendered_form("a.tpl.yaml", WHOLE.encode()) is None


# Foreign files


@pytest.mark.parametrize("text", FOREIGN)
def test_what_is_foreign(text: str) -> None:
    assert recognised(text) == ("foreign", FOREIGN[text])


# Carriers; their patches are in test_carriers.py


@pytest.mark.parametrize("text", CARRIERS)
def test_carriers(text: str) -> None:
    assert recognised(text) == ("carrier", CARRIERS[text])


@pytest.mark.parametrize(
    "text",
    [
        TALHELPER.replace("hostname", "name"),
        TALHELPER.replace("endpoint:", "end:"),
        "clusterEndpoint: x\nnodes: []\n",
        "clusterEndpoint: x\nnodes: {host: one}\n",
        "kind: Cluster\napiVersion: cluster.x-k8s.io/v1beta1\n",
        "metadata: {type: Clusters.omni.sidero.dev}\nspec: {}\n",
    ],
)
def test_what_is_almost_a_carrier(text: str) -> None:
    assert recognise(text).form == "foreign"


# Configs


@pytest.mark.parametrize(
    "text",
    [
        MIRROR,
        "apiVersion: v1alpha1\nkind: VolumeConfig\nname: EPHEMERAL\n",
        "apiVersion: v1alpha1\nkind: MirorConfig\n",
        '{"apiVersion": "v1alpha1", "kind": "RegistryMirrorConfig"}',
        "kind: RegistryMirrorConfig\nname: docker.io\n",
        "apiVersion: v1\nkind: RegistryMirrorConfig\nname: docker.io\n",
        "machine: {type: worker}\n",
        "machine:\n",
        "machine:\n  network: {}\nmirrors: {}\n",
        "debug: false\n",
        "persist: true\nversion: v1alpha1\n",
        "cluster:\n",
        "cluster: {clusterName: home}\nmachine:\n",
        "x: &m {type: worker}\nmachine: *m\n",
        f"{CONFIG_MAP}---\n{MIRROR}",
        f"{MIRROR}---\n{CONFIG_MAP}",
        f"# comment\n---\n---\n{MIRROR}",
        f"{MIRROR}---\na: [\n",
        f"a: [\n---\n{MIRROR}",
        f"{TALHELPER}---\n{MIRROR}",
        "machine:\n  type: [\n",
        "a: {{ x }}: }}\nmachine:\n",
        "a: [\r\ncluster: x\r\n",
        "a: [\nkind: 'ImageCacheConfig'\n",
        "{% if x %}\napiVersion: v1alpha1 # ours\n{% endif %}\n",
        "a: [\nmachine:",
    ],
)
def test_a_part_of_a_config(text: str) -> None:
    assert recognised(text) == ("config", "a machine config")
    assert not recognise(text).is_whole


@pytest.mark.parametrize("text", [WHOLE, f"{WHOLE}---\n{MIRROR}", f"{MIRROR}---\n{WHOLE}", f"{CONFIG_MAP}---\n{WHOLE}"])
def test_a_whole_config(text: str) -> None:
    assert recognised(text) == ("config", "a whole machine config")
    assert recognise(text).is_whole


@pytest.mark.parametrize(
    "encoded",
    [
        WHOLE.encode(),
        WHOLE.encode("utf-16"),
        WHOLE.encode("utf-8-sig"),
        WHOLE.replace("\n", "\r\n").encode(),
        WHOLE.replace("\n", "\r").encode(),
    ],
)
def test_encodings_and_line_breaks(encoded: bytes) -> None:
    assert recognise(encoded).is_whole


def test_bytes_that_are_no_text() -> None:
    assert recognised(b"machine: \xff\n") == ("config", "a machine config")
    assert recognised(b"a: \xff\n") == ("foreign", "a file that cannot be read as YAML")
    assert recognised(b"\xff\xfem") == ("foreign", "a file that cannot be read as YAML")


# Patches


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("machine:\n  network:\n    interfaces:\n      - interface: eth0\n        $patch: delete\n", "a patch"),
        (f"{MIRROR}$patch: delete\n", "a patch"),
        (f"{WHOLE}---\n{MIRROR}$patch: delete\n", "a patch"),
        ("registries:\n  $patch: delete\n", "a patch"),
        ("- {$patch: delete}\n", "a patch"),
        ("? &p $patch\n: delete\n", "a patch"),
        (json.dumps(JSON_PATCH), "a JSON Patch"),
        (json.dumps(JSON_PATCH, indent="\t"), "a JSON Patch"),
        ("- op: add\n  path: /machine\n- op: remove\n  path: /cluster/x\n", "a JSON Patch"),
        ("- {op: replace, path: /endpoints/0/url, value: https://cache.example}\n", "a JSON Patch"),
        ("- {op: remove, path: /insecureSkipVerify}\n- {op: test, path: /version}\n", "a JSON Patch"),
        ("# machine:\n#   type: worker\n", "a file of comments"),
        ("---\n# nothing yet\n", "a file of comments"),
        ("--- # nothing yet\n...\n", "a file of comments"),
        ("\ufeff# nothing yet", "a file of comments"),
    ],
)
def test_patches(text: str, what: str) -> None:
    assert recognised(text) == ("patch", what)


@pytest.mark.parametrize("value", ["$patch", "'a $patch: delete b'"])
def test_a_value_is_no_statement(value: str) -> None:
    assert recognised(f"machine:\n  env: {{A: {value}}}\n") == ("config", "a machine config")


# Limits


TOO_MUCH = "a file that is larger or deeper than this tool reads"


def test_deep_files() -> None:
    deep = "[" * 199 + "]" * 199
    assert recognised(f"a: {deep}") == ("foreign", "a file of another tool")
    assert recognised(f"machine: {{a: {deep}}}")[0] == "config"
    assert recognised(f"a: [{deep}]\nmachine: {{}}")[0] == "config"
    assert recognised(f"a: [{deep}]\n machine: {{}}") == ("foreign", TOO_MUCH)


def test_large_files() -> None:
    padding = "#" * MAX_BYTES
    assert recognised(f"{WHOLE}{padding}") == ("config", "a machine config")
    assert recognised(f"a: b\n{padding}") == ("foreign", TOO_MUCH)
    assert recognised(padding.encode()) == ("patch", "a file of comments")


def test_many_nodes() -> None:
    many = "".join(f"k{number}: v\n" for number in range(60_000))
    assert recognised(f"{many}{MIRROR}") == ("config", "a machine config")
    assert recognised(many) == ("foreign", TOO_MUCH)


def test_many_documents() -> None:
    text = "--- a\n" * MAX_DOCUMENTS
    assert recognised(f"{text}---\n{MIRROR}") == ("foreign", "plain text")
    assert recognised(f"---\n{MIRROR}{text}---\n$patch: delete\n") == ("config", "a machine config")


BOMB = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 9}]\n" for n in range(1, 50))
WIDE = f"big: &big {{{', '.join(f'k{n}: v' for n in range(20_000))}}}\n"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (BOMB, "foreign"),
        (f"{BOMB}machine: {{a: *a49, $patch: delete}}\n", "patch"),
        ("a: &a {$patch: delete, b: *a}\n", "patch"),
        (f"{WIDE}nodes: [{'*big, ' * 20_000}]\nclusterName: x\nendpoint: y\n", "foreign"),
        (WIDE + "".join(f"b{n}: *big\n" for n in range(20_000)), "foreign"),
        (f"- &big {{op: add, path: /machine, {WIDE[11:-2]}}}\n" + "- *big\n" * 20_000, "patch"),
    ],
)
def test_hostile_aliases(text: str, form: str) -> None:
    assert recognise(text).form == form


# Reading


def test_of_a_config_no_more_is_read_than_it_takes() -> None:
    items = documents(f"{WHOLE}---\n{MIRROR}---\n{MIRROR}", release_of(LATEST))
    assert recognise_trees(items, WHOLE).is_whole
    assert [item.index for item in items] == [1, 2]


@pytest.mark.parametrize("text", [WHOLE, MIRROR, CONFIG_MAP, TALHELPER, GITLAB, "# comment\n", "machine: [\n"])
def test_trees_that_are_read_already(text: str) -> None:
    source = Source.of(text)
    assert recognise_trees([*documents(source, release_of(LATEST))], source.text) == recognise(text)


def test_nothing_secret_is_shown() -> None:
    text = f"{TALHELPER}patches: ['machine: {{token: hunter2}}']\n"
    found = recognise(text)
    assert found.patches[0].text == "machine: {token: hunter2}"
    assert "hunter2" not in repr(found)
