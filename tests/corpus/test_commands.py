"""What people reported about commands on files as they keep them; each stands for a kind."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {}\nendpoints:\n    - url: {}\n"
OPEN_BLOCK = "machine:\n  files:\n    - path: /etc/app.conf\n      op: create\n      content: |\n        key=value"
CERTIFICATES = "apiVersion: v1alpha1\nkind: TrustedRootsConfig\nname: ca\ncertificates: |\n    abc"
COMMANDS = ["validate", "lint --fail-on warning", "fmt --check", "redact --check"]


@pytest.mark.parametrize("text", [OPEN_BLOCK, CERTIFICATES])
def test_fmt_leaves_files_without_registry_documents_alone(cli: Cli, write: Write, text: str) -> None:
    assert cli("fmt", write("a.yaml", text)).code == 0
    assert Path("a.yaml").read_text(encoding="utf-8") == text


def test_a_value_that_ends_a_file_is_not_changed_by_what_follows(cli: Cli, write: Write) -> None:
    write("patch.yaml", MIRROR.format("ghcr.io", "http://192.0.2.1:5001"))
    out = cli("patch", "apply", write("base.yaml", OPEN_BLOCK), "patch.yaml").out
    assert out.startswith(OPEN_BLOCK.replace("|", "|-") + "\n---\n")


def test_fmt_leaves_the_beginning_of_a_document_alone(cli: Cli, write: Write) -> None:
    text = '---\n# yaml-language-server: $schema=PATH\nmachine:\n  sysctls:\n    a: "1"\n'
    assert cli("fmt", "--check", write("a.yaml", text)) == (0, "", "")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (MIRROR.format("docker.io", "http://192.0.2.9:5000"), MIRROR.format("docker.io", "http://192.0.2.1:5000")),
        (MIRROR.format("docker.io", "http://192.0.2.9:5000"), MIRROR.format("ghcr.io", "http://192.0.2.9:5000")),
        (
            "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: [http://192.0.2.9]\n",
            "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: [http://192.0.2.1]\n",
        ),
        ("machine:\n  sysctls: {a: '1', b: '2'}\n", "machine:\n  sysctls: {a: '1'}\n  type: worker\n"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_what_patch_make_prints_is_a_clean_patch(cli: Cli, write: Write, command: str, before: str, after: str) -> None:
    made = cli("patch", "make", write("before.yaml", before), write("after.yaml", after)).out
    outcome = cli(*command.split(), write("patch.yaml", made))
    assert (outcome.code, outcome.out) == (0, ""), made


@pytest.mark.parametrize("command", COMMANDS)
def test_what_migrate_prints_as_a_patch_is_clean(cli: Cli, write: Write, command: str) -> None:
    registries = (
        "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: [https://cache.example]\n"
        "    config:\n      cache.example:\n        auth: {username: puller, password: '${PASSWORD}'}\n"
    )
    made = cli("migrate", "--patch", write("legacy.yaml", registries)).out
    assert made
    outcome = cli(*command.split(), write("patch.yaml", made))
    assert (outcome.code, outcome.out) == (0, ""), made


@pytest.mark.parametrize("command", ["resolve nginx", "hosts"])
def test_a_folder_of_partial_configs_is_one_config(cli: Cli, write: Write, command: str) -> None:
    write("machine-kubelet.yaml", "machine:\n  kubelet:\n    nodeIP:\n      validSubnets: [192.0.2.0/24]\n")
    write(
        "machine-registries.yaml",
        'machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: ["http://192.0.2.1:5000"]\n',
    )
    outcome = cli(*command.split(), "-f", "machine-kubelet.yaml", "-f", "machine-registries.yaml")
    assert outcome.code == 0
    assert "http://192.0.2.1:5000" in outcome.out


def test_a_patch_may_touch_any_part(cli: Cli, write: Write) -> None:
    write("base.yaml", 'machine:\n  type: worker\n  sysctls: {a: "1"}\n')
    patch = MIRROR.format("docker.io", "http://192.0.2.1:5000") + '---\nmachine:\n  sysctls:\n    b: "2"\n'
    out = cli("patch", "check", "base.yaml", write("patch.yaml", patch)).out
    assert "  machine.sysctls.b: + 2\n" in out
    assert "adds RegistryMirrorConfig docker.io\n" in out


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("customization:\n  systemExtensions:\n    officialExtensions: [siderolabs/iscsi-tools]\n", "an Image Factory"),
        ("apiVersion: v1\nkind: ConfigMap\ndata: {}\n---\napiVersion: v1\nkind: ConfigMap\ndata: {}\n", "a Kubernetes"),
    ],
)
def test_files_beside_patches_are_said_to_be_what_they_are(cli: Cli, write: Write, text: str, what: str) -> None:
    outcome = cli("lint", write("a.yaml", text))
    assert (outcome.code, outcome.out) == (0, "")
    assert f"not a Talos config: this is {what}" in outcome.err


def test_a_json_patch_alone_is_fine(cli: Cli, write: Write) -> None:
    outcome = cli("lint", write("a.yaml", "- op: remove\n  path: /cluster/apiServer/admissionControl\n"))
    assert (outcome.code, outcome.out) == (0, "")


def test_a_mistake_in_an_inline_patch_of_talhelper(cli: Cli, write: Write) -> None:
    text = (
        "---\nclusterName: demo\nendpoint: https://192.0.2.10:6443\nnodes:\n  - hostname: n1\n    controlPlane: true\n"
        "patches:\n  - |-\n    machine:\n      registries:\n        mirrors:\n          docker.io:\n"
        "            endpoints:\n              - https://harbor.example/v2/hub\n"
    )
    assert cli("lint", write("talconfig.yaml", text)).out.startswith("talconfig.yaml:14:17: warning[doubled-v2]: ")
