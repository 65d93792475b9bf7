from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.unit.cli.samples import BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write


@pytest.mark.parametrize(
    ("files", "code"),
    [
        (["good.yaml"], 0),
        (["bad.yaml"], 1),
        (["good.yaml", "bad.yaml"], 1),
        (["missing.yaml"], 2),
        (["missing.yaml", "good.yaml"], 2),
        (["bad.yaml", "missing.yaml"], 2),
        (["empty"], 2),
        (["*.nothing"], 2),
        ([], 2),
    ],
)
def test_exit_code_of_validate(cli: Cli, write: Write, files: list[str], code: int) -> None:
    write("good.yaml", GOOD)
    write("bad.yaml", BAD)
    Path("empty").mkdir()
    assert cli("validate", *files).code == code


def test_files_after_a_missing_one_are_still_checked(cli: Cli, write: Write) -> None:
    outcome = cli("validate", "missing.yaml", write("bad.yaml", BAD))
    assert outcome.out.startswith("bad.yaml:5:10: error[endpoint-without-scheme]: ")
    assert outcome.err == ("talos-registry: missing.yaml: No such file or directory\n1 document in 1 file: 1 error\n")


def test_text_of_validate(cli: Cli, write: Write) -> None:
    write("bad.yaml", BAD)
    error = (
        'bad.yaml:5:10: error[endpoint-without-scheme]: The endpoint "10.5.0.1:5000" has no scheme; '
        "write https://10.5.0.1:5000 or http://10.5.0.1:5000.\n"
        "    5 |   - url: 10.5.0.1:5000\n"
        "      |          ^^^^^^^^^^^^^\n"
    )
    assert cli("validate", "bad.yaml") == (1, error, "1 document in 1 file: 1 error\n")
    write("good.yaml", GOOD)
    assert cli("validate", "good.yaml") == (0, "", "1 document in 1 file: nothing found\n")


def test_json_of_validate(cli: Cli, write: Write) -> None:
    answer = cli("validate", "--format", "json", write("bad.yaml", BAD), write("good.yaml", GOOD)).json
    message = answer["diagnostics"][0].pop("message")
    assert '"10.5.0.1:5000"' in message
    assert answer == {
        "version": 1,
        "talos_version": "1.14",
        "diagnostics": [
            {
                "code": "endpoint-without-scheme",
                "severity": "error",
                "file": "bad.yaml",
                "line": 5,
                "column": 10,
                "end_line": 5,
                "end_column": 23,
                "kind": "RegistryMirrorConfig",
                "name": "docker.io",
                "path": "endpoints[0].url",
                "fix": None,
            }
        ],
        "summary": {"files": 2, "documents": 2, "errors": 1, "warnings": 0, "infos": 0},
    }


def test_json_keys_come_in_the_order_of_the_contract(cli: Cli) -> None:
    (diagnostic,) = cli("validate", "--format", "json", "-", stdin=BAD).json["diagnostics"]
    assert list(diagnostic) == [
        "code", "severity", "message", "file", "line", "column", "end_line", "end_column", "kind", "name", "path", "fix",
    ]  # fmt: skip


def test_json_is_all_there_is_on_stdout_and_talk_is_on_stderr(cli: Cli) -> None:
    outcome = cli("validate", "--format", "json", "missing.yaml")
    assert outcome.json["summary"] == {"files": 0, "documents": 0, "errors": 0, "warnings": 0, "infos": 0}
    assert outcome.err == "talos-registry: missing.yaml: No such file or directory\n"


def test_a_path_in_the_legacy_section_begins_at_machine(cli: Cli) -> None:
    legacy = "machine:\n  registries:\n    mirrors:\n      docker.io:\n        endpoints: x\n"
    (diagnostic,) = cli("validate", "--format", "json", "-", stdin=legacy).json["diagnostics"]
    assert diagnostic["path"] == 'machine.registries.mirrors["docker.io"].endpoints'


@pytest.mark.parametrize(("version", "code"), [("1.11", 1), ("1.12", 0), ("1.13.2", 0), ("1.14.0-beta.1", 0)])
def test_target_version(cli: Cli, version: str, code: int) -> None:
    assert cli("validate", "--talos-version", version, "-", stdin=GOOD).code == code


@pytest.mark.parametrize(
    "text",
    [
        GOOD.replace("docker.io", "{{ registry }}"),
        GOOD.replace("name: docker.io", "{% if mirror %}"),
        GOOD.replace("  - url", "{{- range .mirrors }}\n  - url"),
    ],
)
def test_a_template_is_to_be_rendered_first(cli: Cli, text: str) -> None:
    found = cli("validate", "--format", "json", "-", stdin=text).json["diagnostics"]
    assert "template-not-rendered" in [diagnostic["code"] for diagnostic in found]
    assert "yaml-syntax" not in [diagnostic["code"] for diagnostic in found]


@pytest.mark.parametrize("schema", ["missing.json", "broken.json", "no-schema.json"])
def test_a_schema_that_cannot_be_used(cli: Cli, write: Write, schema: str) -> None:
    write("broken.json", "{")
    write("no-schema.json", '{"type": 1}')
    outcome = cli("validate", "--schema", schema, write("good.yaml", GOOD))
    assert (outcome.code, outcome.out) == (2, "")
    assert outcome.err.startswith(f"talos-registry: {schema}: ")


def test_the_schema_is_for_the_target(cli: Cli, write: Write) -> None:
    size: dict[str, Any] = {"type": "integer"}
    for key in ("size", "extraConfig", "kubelet", "machine"):
        size = {"properties": {key: size}}
    schema = write("schema.json", json.dumps(size))
    file = write("a.yaml", "machine: {kubelet: {extraConfig: {size: ! 5}}}\n")
    codes = [cli("validate", "--schema", schema, file, "--talos-version", version).code for version in ("1.13", "1.14")]
    assert codes == [0, 1]
