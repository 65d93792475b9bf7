from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from talos_registry import recognise
from talos_registry.loading import is_plainly_config, unrendered_form
from tests.unit.cli.samples import BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

ROOT = Path(__file__).parents[3]
CONFIG_MAP = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\ndata: {}\n"
SCHEMATIC = "customization:\n  systemExtensions: {officialExtensions: []}\n"
PATCH = "machine:\n  registries:\n    mirrors:\n      docker.io: {$patch: delete}\n"
DOUBLED = "machine: {registries: {mirrors: {ghcr.io: {endpoints: ['https://harbor.example/v2/hub']}}}}\n"
TALHELPER = """\
clusterName: home
endpoint: https://192.0.2.10:6443
talosVersion: v1.13.2
nodes:
  - hostname: one
    patches:
      - "@patches/mirrors.yaml"
      - |-
        machine:
          registries:
            mirrors:
              ghcr.io: # Harbor
                endpoints:
                  - https://harbor.example/v2/hub
"""


# One file, or several


@pytest.mark.parametrize(
    ("command", "code"), [("validate", 1), ("lint", 0), ("fmt", 0), ("fmt --check", 0), ("redact --check", 0)]
)
def test_a_single_file_of_another_tool(cli: Cli, write: Write, command: str, code: int) -> None:
    outcome = cli(*command.split(), write("a.yaml", CONFIG_MAP))
    assert outcome.code == code
    assert "this is a kubernetes configmap" in (outcome.out + outcome.err).lower()
    assert Path("a.yaml").read_text(encoding="utf-8") == CONFIG_MAP


@pytest.mark.parametrize("names", [["."], ["*.yaml"], ["good.yaml", "map.yaml", "schematic.yaml"]])
@pytest.mark.parametrize("command", ["validate", "lint", "fmt", "redact --check"])
def test_files_of_other_tools_among_several_are_counted(cli: Cli, write: Write, command: str, names: list[str]) -> None:
    for name, text in (("good.yaml", GOOD), ("map.yaml", CONFIG_MAP), ("schematic.yaml", SCHEMATIC)):
        write(name, text)
    outcome = cli(*command.split(), "-v", *names)
    assert outcome.code == 0
    skipped = [line.replace("./", "") for line in outcome.err.splitlines() if "skipped" in line]
    assert skipped == [
        "talos-registry: map.yaml: skipped: a Kubernetes ConfigMap",
        "talos-registry: schematic.yaml: skipped: an Image Factory schematic",
        "talos-registry: skipped 2 files that are not Talos configs",
    ]


@pytest.mark.parametrize("command", ["validate", "lint", "fmt --check", "redact --check"])
def test_foreign_files_are_passed_over_or_reported_as_one_says(cli: Cli, write: Write, command: str) -> None:
    write("good.yaml", GOOD)
    write("map.yaml", CONFIG_MAP)
    assert cli(*command.split(), "--foreign", "skip", "map.yaml").code == 0
    reported = cli(*command.split(), "--foreign", "report", "good.yaml", "map.yaml")
    assert reported.code == 1
    assert "map.yaml:1:1: error[not-a-talos-config]: This is a Kubernetes ConfigMap; " in reported.out


@pytest.mark.parametrize(
    "command",
    ["resolve nginx -f NAME", "hosts -f NAME", "migrate NAME", "patch apply NAME p.yaml", "patch make NAME NAME"],
)
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (CONFIG_MAP, "this is a Kubernetes ConfigMap, no Talos config"),
        (TALHELPER, "this is a talhelper config; render it and name a node's file"),
    ],
)
def test_commands_that_cannot_do_without_a_config(cli: Cli, write: Write, command: str, text: str, why: str) -> None:
    write("p.yaml", PATCH)
    write("patches/mirrors.yaml", PATCH)
    write("a.yaml", text)
    assert cli(*command.replace("NAME", "a.yaml").split()) == (2, "", f"talos-registry: a.yaml: {why}\n")


def test_what_cannot_be_read_is_reported_when_it_is_the_only_file(cli: Cli, write: Write) -> None:
    write("broken.yaml", "a: [\n")
    write("empty.yaml", "")
    assert "error[yaml-syntax]" in cli("lint", "broken.yaml").out
    assert "error[empty-config]" in cli("lint", "empty.yaml").out
    assert cli("lint", ".").out == ""


def test_json_is_read_when_it_is_named_and_not_found_by_a_walk(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    value = {"endpoints": ["https://harbor.example/v2/hub"]}
    write("p.json", json.dumps([{"op": "add", "path": "/machine/registries/mirrors/ghcr.io", "value": value}]))
    assert cli("lint", ".").out == ""
    assert "warning[doubled-v2]" in cli("lint", "*.json").out


def test_a_file_that_is_named_twice_is_judged_once(cli: Cli, write: Write) -> None:
    write("a.yaml", BAD)
    assert cli("lint", "a.yaml", "./a.yaml", "*.yaml").err == "1 document in 1 file: 1 error\n"


# Leaving files out


@pytest.mark.parametrize(
    ("pattern", "left"),
    [
        ("b.yaml", ["a.yaml", "d/a.yaml"]),
        ("/b.yaml", ["a.yaml", "d/a.yaml", "d/b.yaml"]),
        ("d/", ["a.yaml", "b.yaml"]),
        ("d/*", ["a.yaml", "b.yaml"]),
        ("**/a.yaml", ["b.yaml", "d/b.yaml"]),
        ("[!a].yaml", ["a.yaml", "d/a.yaml"]),
    ],
)
def test_files_are_left_out_as_in_a_gitignore(cli: Cli, write: Write, pattern: str, left: list[str]) -> None:
    for name in ("a.yaml", "b.yaml", "d/a.yaml", "d/b.yaml"):
        write(name, BAD)
    out = cli("lint", "--exclude", pattern, "a.yaml", "b.yaml", "d").out
    assert [line.split(":")[0] for line in out.splitlines() if ": error" in line] == left


def test_several_patterns(cli: Cli, write: Write) -> None:
    write("a.yaml", BAD)
    write("b.yaml", BAD)
    assert cli("lint", "--exclude", "a.*", "--exclude", "b.*", ".").code == 0


# Patches, and what carries them


@pytest.mark.parametrize(
    "text", [PATCH, "# only a comment\n", "- {op: remove, path: /cluster/apiServer/admissionControl}\n"]
)
@pytest.mark.parametrize("command", ["validate", "lint --fail-on info", "fmt --check", "redact --check"])
def test_a_patch_is_clean_as_a_patch(cli: Cli, write: Write, command: str, text: str) -> None:
    outcome = cli(*command.split(), write("p.yaml", text))
    assert (outcome.code, outcome.out) == (0, "")


def test_patches_in_a_carrier_are_judged_at_its_lines(cli: Cli, write: Write) -> None:
    write("t/patches/mirrors.yaml", DOUBLED)
    write("t/talconfig.yaml", TALHELPER)
    found = cli("lint", "--format", "json", "t/talconfig.yaml").json
    rows = [(row["file"], row["line"], row["column"], row["code"], row["path"]) for row in found["diagnostics"]]
    assert rows == [
        (
            "t/talconfig.yaml",
            14,
            21,
            "doubled-v2",
            'nodes[0].patches[1] > machine.registries.mirrors["ghcr.io"].endpoints[0]',
        ),
        (
            "t/patches/mirrors.yaml",
            1,
            DOUBLED.index("'https") + 1,
            "doubled-v2",
            'machine.registries.mirrors["ghcr.io"].endpoints[0]',
        ),
    ]
    assert found["talos_version"] == "1.13.2"


def test_fixes_are_made_where_patches_stand_in_the_file(cli: Cli, write: Write) -> None:
    write("patches/mirrors.yaml", PATCH)
    write("talconfig.yaml", TALHELPER)
    assert cli("lint", "--fix", "--unsafe", "talconfig.yaml").code == 0
    fixed = TALHELPER + "                overridePath: true\n"
    assert Path("talconfig.yaml").read_text(encoding="utf-8") == fixed
    assert cli("lint", "talconfig.yaml").out == ""


def test_a_patch_in_quotes_is_reported_and_not_fixed(cli: Cli, write: Write) -> None:
    quoted = TALHELPER.split("      - |-", maxsplit=1)[0].replace('"@patches/mirrors.yaml"', json.dumps(DOUBLED))
    write("talconfig.yaml", quoted)
    outcome = cli("lint", "--fix", "--unsafe", "talconfig.yaml")
    assert outcome.out.startswith("talconfig.yaml:7:9: warning[doubled-v2]: ")
    assert Path("talconfig.yaml").read_text(encoding="utf-8") == quoted


def test_secrets_in_carried_patches_are_found_where_they_stand(cli: Cli, write: Write) -> None:
    secret = TALHELPER.replace("mirrors:", "config:").replace("ghcr.io: # Harbor", "harbor.example:")
    secret = secret.replace("endpoints:", "auth:").replace("- https://harbor.example/v2/hub", "password: hunter2")
    write("patches/mirrors.yaml", PATCH)
    write("talconfig.yaml", secret)
    outcome = cli("redact", "--check", "talconfig.yaml")
    assert outcome.code == 1
    assert outcome.out.startswith("talconfig.yaml:14:29: warning[literal-secret]: ")
    shown = cli("redact", "talconfig.yaml")
    assert (shown.code, shown.out) == (1, "")


def test_what_a_tool_fills_in_is_no_error_in_its_patches(cli: Cli, write: Write) -> None:
    write("patches/mirrors.yaml", "machine:\n  ca: {crt: '${CA}'}\n")
    write("talconfig.yaml", TALHELPER.replace("https://harbor.example/v2/hub", "{{ .Cache }}"))
    assert cli("lint", "talconfig.yaml").code == 0


def test_a_patch_file_that_is_not_there_is_named(cli: Cli, write: Write) -> None:
    write("talconfig.yaml", TALHELPER)
    outcome = cli("validate", "talconfig.yaml")
    assert outcome.code == 0
    assert "talconfig.yaml:7:9: names patches/mirrors.yaml, and there is no such file" in outcome.err


def test_what_is_in_the_folder_of_a_topf_config_is_for_its_talos(cli: Cli, write: Write) -> None:
    write("t/topf.yaml", "clusterEndpoint: https://192.0.2.1:6443\ntalosVersion: v1.12.4\nnodes: [{host: a}]\n")
    write("t/all/cache.yaml", "apiVersion: v1alpha1\nkind: ImageCacheConfig\nlocal: {enabled: true}\n")
    assert "ImageCacheConfig needs Talos 1.14; the target is 1.12.4" in cli("lint", "t").out


# The target


def test_the_target_is_the_option_or_the_variable_or_what_the_file_says(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("a.yaml", "machine:\n  type: worker\n  install:\n    image: ghcr.io/siderolabs/installer:v1.13.2\n")

    def target(*options: str) -> str:
        version: str = cli("lint", "--format", "json", *options, "a.yaml").json["talos_version"]
        return version

    assert target() == "1.13.2"
    monkeypatch.setenv("TALOS_REGISTRY_TALOS_VERSION", "v1.12.7")
    assert target() == "1.12.7"
    assert target("--talos-version", "v1.14.1") == "1.14.1"


def test_a_target_that_is_not_known_is_named_once(cli: Cli, write: Write) -> None:
    for name in ("a.yaml", "b.yaml"):
        write(name, GOOD)
    for command in (["lint", "."], ["resolve", "nginx", "-f", "a.yaml"], ["fmt", "--check", "."]):
        assert cli(*command, "--talos-version", "1.99").err.count("Talos 1.99 is newer than this tool knows") == 1


def test_the_summary_names_a_target_that_is_not_the_newest(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    assert cli("lint", "--talos-version", "1.13.2", "a.yaml").err == (
        "1 document in 1 file, for Talos 1.13.2: nothing found\n"
    )


# Several files as one config


def test_several_files_are_merged_as_patches_are(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    write("b.yaml", GOOD.replace("http://10.5.0.1:5000", "https://second.example"))
    outcome = cli("resolve", "nginx", "--puller", "talos", "--format", "json", "-f", "a.yaml", "b.yaml")
    hosts = [attempt["host"] for attempt in outcome.json["plans"][0]["attempts"]]
    assert hosts == ["10.5.0.1:5000", "second.example", "registry-1.docker.io"]


def test_a_patch_that_deletes_is_applied(cli: Cli, write: Write) -> None:
    write("a.yaml", GOOD)
    write("b.yaml", "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n$patch: delete\n")
    outcome = cli("resolve", "nginx", "--puller", "talos", "--format", "json", "-f", "a.yaml", "b.yaml")
    assert outcome.code == 1
    assert "no document is left" in outcome.err


def test_a_directory_of_nodes_is_no_config(cli: Cli, write: Write) -> None:
    for number in range(3):
        write(f"nodes/{number}.yaml", "version: v1alpha1\nmachine: {type: worker}\ncluster: {clusterName: x}\n")
    assert cli("resolve", "nginx", "-f", "nodes") == (2, "", "talos-registry: nodes: 3 machine configs; name one\n")


# Quick looks


def test_what_is_a_config_by_its_lines_is_one() -> None:
    for path in sorted(ROOT.glob("**/*.y*ml")):
        data = path.read_bytes()
        if is_plainly_config(data) and unrendered_form(path.name, data) is None:
            assert recognise(data).form == "config", path
    assert not is_plainly_config(PATCH.encode())
    assert not is_plainly_config(b"stages: [build]\nmachine:\n  script: [make]\n")
    assert not is_plainly_config(b"machine:\n- a\n")


# Kinds of faults that readers found


def test_a_diff_of_a_carrier_keeps_what_stands_before_a_patch_on_its_line(cli: Cli, write: Write) -> None:
    inline = "{machine: {registries: {mirrors: {a.example: {endpoints: ['https://harbor.example/v2/a']}}}}}"
    write("t.yaml", f"kind: Cluster\npatches:\n  - name: a\n    inline: {inline}\n")
    out = cli("lint", "--diff", "--unsafe", "t.yaml").out
    assert f"-    inline: {inline}\n" in out
    assert "\n+    inline: {machine: " in out


def test_a_diff_of_a_carrier_shows_each_line_once(cli: Cli, write: Write) -> None:
    patch = (
        "machine:\n  registries:\n    config:\n      a.example:\n        auth:\n          password: |\n            one\n"
        "            two\n    mirrors:\n      a.example: {endpoints: ['https://harbor.example/v2/a']}\n"
    )
    inline = "".join(f"      {line}\n" for line in patch.splitlines())
    write("t.yaml", f"kind: Cluster\npatches:\n  - inline:\n{inline}")
    out = cli("lint", "--diff", "--unsafe", "t.yaml").out
    assert out.count("mirrors:") == 1
    assert out.count("\n-") == out.count("\n+") - 1 == 1
    assert "one" not in out


def test_lines_of_a_json_patch_are_shown_as_they_stand(cli: Cli, write: Write) -> None:
    value = '{"ghcr.io": {"endpoints": ["https://harbor.example/v2/gh"]}}'
    write("p.json", f'[\n  {{"op": "add", "path": "/machine/registries/mirrors", "value": {value}}}\n]\n')
    line = cli("lint", "p.json").out.splitlines()[1]
    assert line.count('"op"') == line.count('"path"') == 1


def test_values_that_are_filled_in_are_no_errors_below_topf_and_talhelper(cli: Cli, write: Write) -> None:
    write("t/topf.yaml", "clusterEndpoint: https://192.0.2.1:6443\ntalosVersion: v1.12.4\nnodes: [{host: a}]\n")
    tls = "{machine: {registries: {config: {a.example: {tls: {clientIdentity: {crt: '${CRT}', key: '${KEY}'}}}}}}}\n"
    write("t/all/tls.yaml", tls)
    write("talconfig.yaml", TALHELPER.replace('"@patches/mirrors.yaml"', json.dumps(tls)))
    assert cli("validate", "t", "talconfig.yaml").code == 0
    assert "template-not-rendered" in cli("validate", "t/all/tls.yaml").out


def test_the_innermost_topf_config_counts(cli: Cli, write: Write) -> None:
    head = "clusterEndpoint: https://192.0.2.1:6443\nnodes: [{host: a}]\ntalosVersion: "
    write("t/topf.yaml", f"{head}v1.14.1\n")
    write("t/zz/topf.yaml", f"{head}v1.12.4\n")
    write("t/zz/all/cache.yaml", "apiVersion: v1alpha1\nkind: ImageCacheConfig\nlocal: {enabled: true}\n")
    assert "the target is 1.12.4" in cli("lint", "t").out


def test_what_a_carrier_names_is_judged_with_fix_too(cli: Cli, write: Write) -> None:
    write("patches/mirrors.yaml", "machine:\n  typo: 1\n")
    write("talconfig.yaml", TALHELPER)
    for option in ("--fix", "--diff"):
        outcome = cli("lint", option, "--unsafe", "talconfig.yaml")
        assert outcome.code == 1
        assert "patches/mirrors.yaml:2:3: error[unknown-key]" in outcome.out


def test_templates_of_a_chart_are_templates_wherever_they_stand(
    cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    write("c/Chart.yaml", "apiVersion: v2\nname: x\nversion: 1.0.0\n")
    write("c/templates/sub/cp.yaml", "machine:\n  type: {{ .Values.type }}\n")
    assert "a template; render it first" in cli("lint", "c").err
    monkeypatch.chdir("c/templates/sub")
    assert "a template; render it first" in cli("lint", "cp.yaml").err


@pytest.mark.parametrize(
    "text", ["cluster:\n  enabled: true\n  instances: 3\n", "cluster:\n  vip: 192.0.2.1\n  domain: x\n"]
)
def test_values_of_others_that_begin_with_cluster_are_passed_over(cli: Cli, write: Write, text: str) -> None:
    write("good.yaml", GOOD)
    write("values.yaml", text)
    assert cli("lint", ".").out == ""


def test_a_broken_talhelper_config_is_reported_in_a_walk(cli: Cli, write: Write) -> None:
    write("t/talconfig.yaml", TALHELPER.replace("nodes:", "\tnodes:"))
    write("t/good.yaml", GOOD)
    assert "talconfig.yaml:4:1: error[yaml-syntax]" in cli("lint", "t").out


def test_nodes_that_are_named_one_by_one_are_no_config(cli: Cli, write: Write) -> None:
    for name in ("1.yaml", "2.yaml"):
        write(name, "version: v1alpha1\nmachine: {type: worker}\ncluster: {clusterName: x}\n")
    outcome = cli("resolve", "nginx", "-f", "1.yaml", "2.yaml")
    assert (outcome.code, outcome.err) == (
        2,
        "talos-registry: 1.yaml and 2.yaml are both whole machine configs; name one\n",
    )


def test_a_patch_before_its_config_is_named(cli: Cli, write: Write) -> None:
    write("a.yaml", PATCH)
    write("b.yaml", GOOD)
    outcome = cli("resolve", "nginx", "-f", "a.yaml", "b.yaml")
    assert outcome.code == 2
    assert "a.yaml: this is a patch; name the config that it is for before it" in outcome.err


def test_a_suppression_in_a_patch_may_be_for_its_config(cli: Cli, write: Write) -> None:
    mirror = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.example\n"
    text = f"{mirror}endpoints: [] # talos-registry: ignore[empty-endpoints]\n---\n{mirror}$patch: delete\n"
    assert cli("lint", write("p.yaml", text)).out == ""


def test_a_carrier_that_is_named_by_another_stays_one(cli: Cli, write: Write) -> None:
    write("patches/mirrors.yaml", TALHELPER.replace("@patches/mirrors.yaml", "@b.yaml"))
    write("talconfig.yaml", TALHELPER)
    assert "patches/mirrors.yaml:14:21: warning[doubled-v2]" in cli("lint", "talconfig.yaml").out


def test_a_file_behind_a_link_is_judged_once(cli: Cli, write: Write) -> None:
    write("a.yaml", BAD)
    Path("link.yaml").symlink_to("a.yaml")
    assert cli("lint", "a.yaml", "link.yaml").err == "1 document in 1 file: 1 error\n"


def test_a_bad_version_is_blamed_on_where_it_comes_from(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Invalid value for '--talos-version'" in cli("lint", "--talos-version", "new", "-").err
    monkeypatch.setenv("TALOS_REGISTRY_TALOS_VERSION", "new")
    assert "Invalid value for TALOS_REGISTRY_TALOS_VERSION: not a Talos version: 'new'" in cli("lint", "-").err
