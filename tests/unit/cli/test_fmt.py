from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import AUTH, BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

CANONICAL = GOOD.replace("  - url", "    - url")
LOOSE = f"# why\n{GOOD}"


def read(name: str) -> str:
    return Path(name).read_bytes().decode()


def test_files_are_rewritten(cli: Cli, write: Write) -> None:
    Path(write("sub/a.yaml", LOOSE)).chmod(0o600)
    write("sub/b.yaml", CANONICAL)
    assert cli("fmt", "sub") == (0, "", "sub/a.yaml: formatted\n")
    assert read("sub/a.yaml") == f"# why\n{CANONICAL}"
    assert Path("sub/a.yaml").stat().st_mode & 0o777 == 0o600
    assert cli("fmt", "sub") == (0, "", "")


def test_standard_input_goes_to_standard_output(cli: Cli) -> None:
    assert cli("fmt", "-", stdin=LOOSE) == (0, f"# why\n{CANONICAL}", "")
    assert cli("fmt", "-", stdin=CANONICAL) == (0, CANONICAL, "")
    assert cli("fmt", "--check", "-", stdin=CANONICAL) == (0, "", "")


def test_check_writes_nothing(cli: Cli, write: Write) -> None:
    write("a.yaml", LOOSE)
    write("b.yaml", CANONICAL)
    assert cli("fmt", "--check", "a.yaml", "b.yaml") == (1, "", "a.yaml: not in canonical form\n")
    assert read("a.yaml") == LOOSE


def test_diff_shows_what_would_change_and_no_secret(cli: Cli, write: Write) -> None:
    write("a.yaml", f"{LOOSE}---\n{AUTH.replace('username: u', 'username:  u')}")
    code, out, err = cli("fmt", "--diff", "a.yaml")
    assert (code, err) == (1, "a.yaml: not in canonical form\n")
    assert "-  - url: http://10.5.0.1:5000\n+    - url: http://10.5.0.1:5000\n" in out
    assert "-username:  u\n+username: u\n" in out
    assert "p4ss" not in out
    assert read("a.yaml").startswith(LOOSE)
    assert cli("fmt", "--diff", write("b.yaml", CANONICAL)) == (0, "", "")


def test_a_file_that_talos_refuses_is_left_alone_and_the_others_are_not(cli: Cli, write: Write) -> None:
    write("a.yaml", BAD)
    write("b.yaml", LOOSE)
    code, out, err = cli("fmt", "a.yaml", "missing.yaml", "b.yaml")
    assert (code, out) == (2, "")
    assert "a.yaml:5:10: error[endpoint-without-scheme]" in err
    assert err.endswith("missing.yaml: No such file or directory\nb.yaml: formatted\n")
    assert (read("a.yaml"), read("b.yaml")) == (BAD, f"# why\n{CANONICAL}")
    assert cli("fmt", "a.yaml").code == 1


def test_a_file_that_cannot_be_formatted_is_left_alone(cli: Cli, write: Write) -> None:
    text = AUTH.replace("password: p4ss", 'password: "\\tp4ss\\nb"')
    code, out, err = cli("fmt", write("a.yaml", text))
    assert (code, out) == (1, "")
    assert err == "talos-registry: a.yaml: not formatted: more than its layout would change\n"
    assert read("a.yaml") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_stays(cli: Cli, write: Write, encoding: str) -> None:
    write("a.yaml", LOOSE.encode(encoding))
    assert cli("fmt", "a.yaml").code == 0
    assert Path("a.yaml").read_bytes() == f"# why\n{CANONICAL}".encode(encoding)
    assert cli("fmt", "--check", "a.yaml") == (0, "", "")


def test_a_file_that_is_encrypted_is_skipped(cli: Cli, write: Write) -> None:
    text = AUTH.replace("p4ss", "ENC[AES256_GCM,data:aa==,type:str]") + "sops:\n  mac: ENC[AES256_GCM,data:bb==]\n"
    code, out, err = cli("fmt", write("a.yaml", text))
    assert (code, out, read("a.yaml")) == (0, "", text)
    assert err == "talos-registry: a.yaml: skipped: encrypted with SOPS; decrypt it first\n"
