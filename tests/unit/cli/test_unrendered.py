from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

SOPS = f"{GOOD}sops:\n  mac: ENC[AES256_GCM,data:bb==]\n"


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [("a.yaml", SOPS, "encrypted with SOPS; decrypt it first"), ("a.yaml.tpl", GOOD, "a template; render it first")],
)
@pytest.mark.parametrize(
    "command",
    [
        "resolve nginx -f good.yaml -f NAME",
        "hosts -f NAME",
        "migrate NAME",
        "migrate --in-place NAME",
        "patch make good.yaml NAME",
        "patch apply good.yaml NAME",
        "patch check NAME good.yaml",
        "new mirror a http://b -a NAME",
    ],
)
def test_a_file_that_a_command_cannot_do_without(
    cli: Cli,
    write: Write,
    command: str,
    name: str,
    text: str,
    reason: str,
) -> None:
    write("good.yaml", GOOD)
    write(name, text)
    assert cli(*command.replace("NAME", name).split()) == (2, "", f"talos-registry: {name}: {reason}\n")
    assert Path(name).read_text(encoding="utf-8") == text
