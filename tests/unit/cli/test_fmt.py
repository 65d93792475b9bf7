from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.cli.test_commands import AUTH, BAD, GOOD, run, write

CANONICAL = GOOD.replace("  - url", "    - url")
LOOSE = f"# why\n{GOOD}"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(name: str) -> str:
    return Path(name).read_bytes().decode()


def test_files_are_rewritten() -> None:
    Path(write("sub/a.yaml", LOOSE)).chmod(0o600)
    write("sub/b.yaml", CANONICAL)
    assert run("fmt", "sub") == (0, "", "sub/a.yaml: formatted\n")
    assert read("sub/a.yaml") == f"# why\n{CANONICAL}"
    assert Path("sub/a.yaml").stat().st_mode & 0o777 == 0o600
    assert run("fmt", "sub") == (0, "", "")


def test_standard_input_goes_to_standard_output() -> None:
    assert run("fmt", "-", stdin=LOOSE) == (0, f"# why\n{CANONICAL}", "")
    assert run("fmt", "-", stdin=CANONICAL) == (0, CANONICAL, "")
    assert run("fmt", "--check", "-", stdin=CANONICAL) == (0, "", "")


def test_check_writes_nothing() -> None:
    write("a.yaml", LOOSE)
    write("b.yaml", CANONICAL)
    assert run("fmt", "--check", "a.yaml", "b.yaml") == (1, "", "a.yaml: not in canonical form\n")
    assert read("a.yaml") == LOOSE


def test_diff_shows_what_would_change_and_no_secret() -> None:
    write("a.yaml", f"{LOOSE}---\n{AUTH.replace('username: u', 'username:  u')}")
    code, out, err = run("fmt", "--diff", "a.yaml")
    assert (code, err) == (1, "a.yaml: not in canonical form\n")
    assert "-  - url: http://10.5.0.1:5000\n+    - url: http://10.5.0.1:5000\n" in out
    assert "-username:  u\n+username: u\n" in out
    assert "p4ss" not in out
    assert read("a.yaml").startswith(LOOSE)
    assert run("fmt", "--diff", write("b.yaml", CANONICAL)) == (0, "", "")


def test_a_file_that_talos_refuses_is_left_alone_and_the_others_are_not() -> None:
    write("a.yaml", BAD)
    write("b.yaml", LOOSE)
    code, out, err = run("fmt", "a.yaml", "missing.yaml", "b.yaml")
    assert (code, out) == (2, "")
    assert "a.yaml:5:10: error[endpoint-without-scheme]" in err
    assert err.endswith("missing.yaml: No such file or directory\nb.yaml: formatted\n")
    assert (read("a.yaml"), read("b.yaml")) == (BAD, f"# why\n{CANONICAL}")
    assert run("fmt", "a.yaml").code == 1


def test_a_file_that_cannot_be_formatted_is_left_alone() -> None:
    text = AUTH.replace("password: p4ss", 'password: "\\tp4ss\\nb"')
    code, out, err = run("fmt", write("a.yaml", text))
    assert (code, out) == (1, "")
    assert err == "talos-registry: a.yaml: not formatted: more than its layout would change\n"
    assert read("a.yaml") == text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_encoding_stays(encoding: str) -> None:
    write("a.yaml", LOOSE.encode(encoding))
    assert run("fmt", "a.yaml").code == 0
    assert Path("a.yaml").read_bytes() == f"# why\n{CANONICAL}".encode(encoding)
    assert run("fmt", "--check", "a.yaml") == (0, "", "")


def test_a_file_that_is_encrypted_is_passed_over() -> None:
    text = AUTH.replace("p4ss", "ENC[AES256_GCM,data:aa==,type:str]") + "sops:\n  mac: ENC[AES256_GCM,data:bb==]\n"
    code, out, err = run("fmt", write("a.yaml", text))
    assert (code, out, read("a.yaml")) == (0, "", text)
    assert err == "talos-registry: a.yaml: skipped: encrypted with SOPS; decrypt it first\n"
