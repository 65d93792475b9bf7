from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import AUTH, BLOCKED

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

PLACEHOLDER = AUTH.replace("p4ss", "${PASSWORD}")


def test_one_file_is_shown_as_it_is_but_for_its_secrets(cli: Cli, write: Write) -> None:
    text = f"# why\n{AUTH}"
    assert cli("redact", write("a.yaml", text)) == (0, text.replace("p4ss", "'**REDACTED**'"), "")
    assert cli("redact", "-", "--replacement", "X", stdin=text) == (0, text.replace("p4ss", "X"), "")
    assert Path("a.yaml").read_text(encoding="utf-8") == text


def test_several_files_are_one_stream(cli: Cli, write: Write) -> None:
    write("a.yaml", AUTH.removesuffix("\n"))
    write("b.yaml", f"---\n{BLOCKED}")
    shown = cli("redact", "a.yaml", "b.yaml", "--replacement", "X").out
    assert shown == f"# a.yaml\n{AUTH.replace('p4ss', 'X')}...\n# b.yaml\n---\n{BLOCKED}"
    assert cli("validate", "-", stdin=shown).err == "2 documents in 1 file: nothing found\n"


def test_a_file_that_cannot_be_read_is_not_shown(cli: Cli, write: Write) -> None:
    write("bad.yaml", AUTH.replace("password", "pasword"))
    write("good.yaml", AUTH)
    code, out, err = cli("redact", "bad.yaml", "good.yaml")
    assert (code, out) == (1, AUTH.replace("p4ss", "'**REDACTED**'"))
    assert err == (
        'bad.yaml:5:1: error[unknown-key]: Unknown key "pasword"; did you mean "password"?\n'
        "talos-registry: bad.yaml: not shown: its secrets cannot be told from the rest\n"
    )
    assert cli("redact", "missing.yaml", "bad.yaml").code == 2


@pytest.mark.parametrize(
    ("text", "code", "out"),
    [
        (AUTH, 1, "a.yaml:5:11: warning[literal-secret]: password holds a secret as it is.\n"),
        (PLACEHOLDER, 0, ""),
        (BLOCKED, 0, ""),
    ],
)
def test_check_names_places_and_no_secret(cli: Cli, write: Write, text: str, code: int, out: str) -> None:
    assert cli("redact", "--check", write("a.yaml", text)) == (code, out, "")


SOPS = AUTH.replace("p4ss", "ENC[AES256_GCM,data:aa==,type:str]") + "sops:\n  mac: ENC[AES256_GCM,data:bb==]\n"
ENCRYPTED = "talos-registry: a.yaml: skipped: encrypted with SOPS; decrypt it first\n"
TEMPLATE = "talos-registry: a.j2: skipped: a template; render it first\n"


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.yaml", SOPS, ENCRYPTED),
        ("a.j2", PLACEHOLDER, TEMPLATE),
        ("a.j2", "{% if x %}\na: [\n{% endif %}\n", TEMPLATE),
    ],
)
def test_what_another_tool_has_yet_to_be_at_is_not_shown(
    cli: Cli, write: Write, name: str, text: str, message: str
) -> None:
    write(name, text)
    assert cli("redact", name) == (0, "", message)
    assert cli("redact", "--check", name) == (0, "", message)
    assert cli("redact", name, write("b.yaml", BLOCKED)) == (0, BLOCKED, message)


def test_secrets_left_as_they_are_in_an_encrypted_file_are_found(cli: Cli, write: Write) -> None:
    write("a.yaml", AUTH + "sops:\n  mac: ENC[AES256_GCM,data:bb==]\n")
    assert cli("redact", "a.yaml") == (0, "", ENCRYPTED)
    code, out, err = cli("redact", "--check", "a.yaml")
    assert (code, err) == (1, "")
    assert "literal-secret" in out
