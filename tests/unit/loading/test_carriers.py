from __future__ import annotations

import json

import pytest

from talos_registry import CarriedPatch, Span, parse, recognise

TALHELPER = """\
clusterName: home
talosVersion: v1.13.2
kubernetesVersion: v1.34.0
endpoint: https://home.example:6443
patches:
  - "@./patches/mirrors.yaml"
  - |-
    # quiet
    machine:
      registries:
        mirrors: {docker.io: {endpoints: [https://cache.example]}}
controlPlane:
  patches:
    - |
      - op: add
        path: /machine/sysctls
        value: {}
  inlinePatch:
    machine:
      # ours
      network: {nameservers: [10.0.0.1]}
  # of the next
worker:
  patches:
    - '@worker.yaml'
    - "machine: {type: worker}\\n"
    - >-
      machine: {}

      cluster: {}
nodes:
  - hostname: one
    patches:
      - '@one.yaml'
    configPatches:
      - op: add
        path: /machine/install/disk
        value: /dev/sda
  - hostname: two
    inlinePatch: {machine: {install: {disk: /dev/sdb},
      type: worker}}
"""
OMNI = """\
kind: Cluster
name: home
kubernetes: {version: v1.34.0}
talos:
  version: v1.12.4
patches:
  - file: patches/mirrors.yaml
  - name: inline
    inline:
      machine:
        registries: {}
  - idOverride: 500-list
    inline:
      - apiVersion: v1alpha1
        kind: RegistryMirrorConfig
      - machine: {}
---
kind: ControlPlane
patches:
  - name: text
    inline: |
      machine: {}
---
kind: Workers
name: large
---
kind: Machine
name: 27c16241
patches:
  - file: patches/machine.yaml
"""
EXPORT = """\
metadata:
  namespace: default
  type: Clusters.omni.sidero.dev
  id: home
spec: {talosversion: 1.13.0}
---
metadata:
  namespace: default
  type: ConfigPatches.omni.sidero.dev
  id: 500-home
spec:
  data: |
    machine:
        network: {}
"""


def patches(text: str) -> dict[str, CarriedPatch]:
    """The patches of a carrier by their paths."""
    found = recognise(text)
    assert found.form == "carrier"
    return {".".join(map(str, patch.path)): patch for patch in found.patches}


# Which patches there are, and where


def test_talhelper() -> None:
    found = patches(TALHELPER)
    assert {path: patch.file for path, patch in found.items() if patch.file} == {
        "0.patches.0": "./patches/mirrors.yaml",
        "0.worker.patches.0": "worker.yaml",
        "0.nodes.0.patches.0": "one.yaml",
    }
    assert {path: patch.text for path, patch in found.items() if not patch.file} == {
        "0.patches.1": "# quiet\nmachine:\n  registries:\n    mirrors: {docker.io: {endpoints: [https://cache.example]}}",
        "0.controlPlane.patches.0": "- op: add\n  path: /machine/sysctls\n  value: {}\n",
        "0.controlPlane.inlinePatch": (
            "    machine:\n      # ours\n      network: {nameservers: [10.0.0.1]}\n  # of the next\n"
        ),
        "0.worker.patches.1": "machine: {type: worker}\n",
        "0.worker.patches.2": "machine: {}\ncluster: {}",
        "0.nodes.0.configPatches": ("      - op: add\n        path: /machine/install/disk\n        value: /dev/sda\n"),
        "0.nodes.1.inlinePatch": "{machine: {install: {disk: /dev/sdb},\n      type: worker}}",
    }


def test_omni_templates() -> None:
    found = patches(OMNI)
    assert {path: patch.file or patch.text for path, patch in found.items()} == {
        "0.patches.0.file": "patches/mirrors.yaml",
        "0.patches.1.inline": "      machine:\n        registries: {}\n",
        "0.patches.2.inline.0": "        apiVersion: v1alpha1\n        kind: RegistryMirrorConfig\n",
        "0.patches.2.inline.1": "        machine: {}\n",
        "1.patches.0.inline": "machine: {}\n",
        "3.patches.0.file": "patches/machine.yaml",
    }


def test_omni_exports() -> None:
    found = recognise(EXPORT)
    assert found.what == "an Omni export"
    assert [(patch.path, patch.text) for patch in found.patches] == [
        ((1, "spec", "data"), "machine:\n    network: {}\n")
    ]


def test_topf_carries_no_patches() -> None:
    text = "clusterEndpoint: https://home.example:6443\ntalosVersion: 1.14.0\nnodes:\n  - host: one.example\n"
    found = recognise(text)
    assert (found.what, found.patches, found.talos_version) == ("a topf config", (), "1.14.0")


@pytest.mark.parametrize(
    ("text", "version"),
    [
        (TALHELPER, "1.13.2"),
        (TALHELPER.replace("v1.13.2", "${talosVersion}"), ""),
        (TALHELPER.replace("v1.13.2", "1.10"), "1.10"),
        (TALHELPER.replace("v1.13.2", "vv1.10"), ""),
        (TALHELPER.replace("v1.13.2", "v1.14.0-beta.0"), "1.14.0-beta.0"),
        (TALHELPER.replace("talosVersion: v1.13.2\n", ""), ""),
        (TALHELPER.replace("v1.13.2", "[1.13]"), ""),
        (TALHELPER.replace("v1.13.2", f"1.{'9' * 5000}"), ""),
        (OMNI, "1.12.4"),
        (OMNI.replace("talos:\n  version: v1.12.4", "talos: x"), ""),
        ("kind: Machine\nname: x\n---\n" + OMNI, "1.12.4"),
        (EXPORT, ""),
    ],
)
def test_the_version_of_talos(text: str, version: str) -> None:
    assert recognise(text).talos_version == version


@pytest.mark.parametrize(
    "patch",
    ["", "''", "[]", "{}", "'@'", '" \\n"', "|\n", "~"],
)
def test_what_holds_no_patch(patch: str) -> None:
    text = f"clusterName: x\nendpoint: y\nnodes: [{{hostname: z}}]\npatches:\n- {patch}"
    assert recognise(text).patches == ()


@pytest.mark.parametrize(
    "text",
    [
        "kind: Cluster\npatches: x\n",
        "kind: Cluster\npatches: [x, {file: [y]}, {inline: }, {name: z}]\n",
        "kind: Cluster\npatches: {inline: {machine: {}}}\n",
        "metadata: {type: ConfigPatches.omni.sidero.dev}\n",
        "metadata: {type: ConfigPatches.omni.sidero.dev}\nspec: [data]\n",
    ],
)
def test_what_is_not_as_the_tool_takes_it(text: str) -> None:
    assert recognise(text).form == "carrier"
    assert recognise(text).patches == ()


# Where a patch stands


def at(text: str, line: int, column: int) -> str:
    """What stands on a line of a text from a column on."""
    return text.replace("\r\n", "\n").split("\n")[line - 1][column - 1 :]


LINES = [
    (TALHELPER, "0.patches.1", 2, 1, "machine:"),
    (TALHELPER, "0.patches.1", 4, 5, "mirrors: {docker.io: {endpoints: [https://cache.example]}}"),
    (TALHELPER, "0.controlPlane.patches.0", 2, 3, "path: /machine/sysctls"),
    (TALHELPER, "0.controlPlane.inlinePatch", 1, 5, "machine:"),
    (TALHELPER, "0.controlPlane.inlinePatch", 2, 7, "# ours"),
    (TALHELPER, "0.controlPlane.inlinePatch", 3, 16, "{nameservers: [10.0.0.1]}"),
    (TALHELPER, "0.nodes.0.configPatches", 1, 7, "- op: add"),
    (TALHELPER, "0.nodes.0.configPatches", 2, 9, "path: /machine/install/disk"),
    (TALHELPER, "0.nodes.1.inlinePatch", 1, 2, "machine: {install: {disk: /dev/sdb},"),
    (TALHELPER, "0.nodes.1.inlinePatch", 2, 7, "type: worker}}"),
    (OMNI, "0.patches.2.inline.0", 1, 9, "apiVersion: v1alpha1"),
    (OMNI, "1.patches.0.inline", 1, 1, "machine: {}"),
    (EXPORT, "1.spec.data", 2, 5, "network: {}"),
]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize(("text", "path", "line", "column", "expected"), LINES)
def test_places(text: str, path: str, line: int, column: int, expected: str, end: str) -> None:
    text = text.replace("\n", end)
    patch = patches(text)[path]
    assert at(patch.text, line, column) == expected
    assert at(text, *patch.outer_place(line, column)) == expected


@pytest.mark.parametrize(
    "block",
    [
        "|\n    machine: {}\n",
        "|2\n    machine: {}\n",
        "|2\n\n      machine: {}\n",
        "|+\n\n   \n    machine: {}\n\n",
        "!!str\n   # comment\n   |- # comment\n    machine: {}",
        "&anchor |\n    machine: {}\n",
    ],
)
def test_places_in_blocks(block: str) -> None:
    text = f"clusterName: x\nendpoint: y\nnodes: [{{hostname: z}}]\npatches:\n - {block}"
    (patch,) = recognise(text).patches
    line = patch.text.split("\n").index(patch.text.strip("\n").split("\n")[0]) + 1
    column = patch.text.split("\n")[line - 1].index("machine") + 1
    assert at(text, *patch.outer_place(line, column)) == "machine: {}"


def test_in_quotes_only_the_start_is_known() -> None:
    patch = patches(TALHELPER)["0.worker.patches.1"]
    assert patch.first_line is None
    assert at(TALHELPER, *patch.outer_place(7, 3)).startswith('"machine: {type: worker}')
    assert patch.outer_span(Span(1, 2, 3, 4)) == Span(26, 7, 26, 7)


def test_a_stretch_of_a_patch() -> None:
    patch = patches(OMNI)["1.patches.0.inline"]
    assert patch.span == Span(21, 13, 23, 1)
    assert patch.outer_span(Span(1, 1, 1, 8)) == Span(22, 7, 22, 14)


def test_findings_in_a_patch_point_into_the_carrier() -> None:
    text = OMNI.replace("registries: {}", "registries: {mirors: {}}")
    patch = patches(text)["0.patches.1.inline"]
    (finding,) = parse(patch.text).diagnostics
    assert finding.span is not None
    assert at(text, *patch.outer_span(finding.span)[:2]) == "mirors: {}}"


# Aliases


HEAD = "clusterName: x\nendpoint: y\n"


def test_aliases_lead_to_patches_that_stand_elsewhere() -> None:
    text = f"{HEAD}common: &common |\n  machine: {{}}\nnodes:\n- hostname: z\n  patches: [*common]\n"
    (patch,) = recognise(text).patches
    assert patch.path == (0, "nodes", 0, "patches", 0)
    assert at(text, *patch.outer_place(1, 1)) == "machine: {}"


def test_each_patch_counts_once() -> None:
    text = (
        f"{HEAD}nodes:\n- &node\n  hostname: z\n  patches: &all [&one 'machine: {{}}', *one]\n- *node\npatches: *all\n"
    )
    assert [patch.path for patch in recognise(text).patches] == [(0, "patches", 0)]


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        ("{machine: {a: &b {c: 1}, d: *b}}", "{machine: {a: &b {c: 1}, d: *b}}"),
        (
            "{machine: {a: *disk, b: [~, 1.5, yes, true]}}",
            '{"machine": {"a": {"x": "y"}, "b": [null, 1.5, "yes", true]}}',
        ),
    ],
)
def test_aliases_in_a_patch(inner: str, expected: str) -> None:
    text = f"{HEAD}disk: &disk {{x: y}}\nnodes: [{{hostname: z, inlinePatch: {inner}}}]\n"
    (patch,) = recognise(text).patches
    assert patch.text == expected
    assert at(text, *patch.outer_place(1, 1)).startswith("{machine")


@pytest.mark.parametrize(
    "inner",
    ["{machine: {<<: *disk}}", "{machine: *node}", f"{{machine: *disk, a: !!int 0x{'f' * 9000}}}"],
    ids=["merged", "endless", "a number without end"],
)
def test_what_aliases_make_too_much_of(inner: str) -> None:
    text = f"{HEAD}disk: &disk {{x: y}}\nnodes: [&node {{hostname: z, inlinePatch: {inner}}}]\n"
    assert recognise(text).patches == ()


def test_hostile_aliases() -> None:
    many = ", ".join(f"'machine: {{n: {number}}}'" for number in range(2_000))
    text = f"{HEAD}nodes:\n- &node {{hostname: z, patches: &all [{many}]}}\n" + "- *node\n- {patches: *all}\n" * 10_000
    assert len(recognise(text).patches) == 2_000


def test_hostile_aliases_of_inline_lists() -> None:
    many = ", ".join(f"{{a: {number}}}" for number in range(10_000))
    text = f"x: &all [{many}]\nkind: Cluster\npatches:\n" + "- inline: *all\n" * 10_000
    assert len(recognise(text).patches) == 10_000


def test_many_patches_on_one_line_take_no_more_than_the_line() -> None:
    text = json.dumps({"kind": "Cluster", "patches": [{"name": "a", "inline": {"machine": {}}}] * 5_000})
    found = recognise(text)
    assert len(found.patches) == 5_000
    assert sum(len(patch.text) for patch in found.patches) < len(text)
    last = found.patches[-1]
    assert at(text, *last.outer_place(1, 2)).startswith('"machine": {}')
