"""Files of every kind: alone, in a walk, and by glob."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.kinds_of_files import CARRIERS, FOREIGN
from tests.unit.cli.samples import GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

TOLD = {text: what for text, what in FOREIGN.items() if "cannot be read" not in what and "empty file" not in what}
BROKEN = [text for text in FOREIGN if text not in TOLD and "not rendered" not in FOREIGN[text]]
PATCHES = {
    "strategic.yaml": "machine: {env: {$patch: delete}}\n",
    "operations.yaml": "- {op: remove, path: /cluster/apiServer/admissionControl}\n",
    "operations.json": json.dumps([{"op": "add", "path": "/machine/env", "value": {"a": "b"}}]),
    "comments.yaml": "# nothing yet\n",
}
UNRENDERED = {
    "secret.yaml": f"{GOOD}sops:\n  mac: ENC[AES256_GCM,data:bb==]\n",
    "chart.yaml.tpl": GOOD,
    "jinja.yaml.j2": GOOD,
}


@pytest.mark.parametrize("text", [text for text in TOLD if "not rendered" not in TOLD[text]])
def test_a_file_of_another_tool_alone(cli: Cli, write: Write, text: str) -> None:
    name = write("a.yaml", text)
    assert cli("lint", name) == (0, "", f"talos-registry: a.yaml: not a Talos config: this is {TOLD[text]}\n")
    validated = cli("validate", name)
    assert validated.code == 1
    assert f"error[not-a-talos-config]: This is {TOLD[text]};" in validated.out


@pytest.mark.parametrize("text", BROKEN)
def test_a_file_of_which_nobody_can_tell_alone(cli: Cli, write: Write, text: str) -> None:
    outcome = cli("lint", write("a.yaml", text))
    assert outcome.code == 1
    assert "not-a-talos-config" not in outcome.out


@pytest.mark.parametrize("names", [["."], ["*.yaml"], ["*.yaml", "*.json", "*.tpl", "*.j2"]])
@pytest.mark.parametrize("command", ["validate", "lint --fail-on warning", "fmt --check", "redact --check"])
def test_files_of_all_kinds_together(cli: Cli, write: Write, command: str, names: list[str]) -> None:
    write("good.yaml", GOOD.replace("  - url", "    - url"))
    for number, text in enumerate((*FOREIGN, *CARRIERS)):
        write(f"{number:02}.yaml", text)
    for name, text in (PATCHES | UNRENDERED).items():
        write(name, text)
    outcome = cli(*command.split(), "-v", *names)
    assert (outcome.code, outcome.out) == (0, "")
    told = [line.rpartition(": skipped: ")[2] for line in outcome.err.splitlines() if ": skipped: " in line]
    assert sorted(what for what in told if "first" not in what) == sorted(FOREIGN.values())
    assert f"skipped {len(FOREIGN)} files that are not Talos configs" in outcome.err


@pytest.mark.parametrize("text", CARRIERS)
@pytest.mark.parametrize("command", ["validate", "lint", "fmt --check", "redact --check"])
def test_carriers_alone(cli: Cli, write: Write, command: str, text: str) -> None:
    outcome = cli(*command.split(), write("a.yaml", text.replace("patches: [", "x: [")))
    assert (outcome.code, outcome.out) == (0, "")
