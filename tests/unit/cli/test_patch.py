from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry.cli import main

if TYPE_CHECKING:
    from pathlib import Path

MIRROR_HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
MIRROR = f"# mine\n{MIRROR_HEAD}endpoints:\n  - url: http://a # first\n"
APPENDS = f"{MIRROR_HEAD}endpoints:\n  - url: http://b\n"


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    contents = {
        "base.yaml": MIRROR,
        "after.yaml": MIRROR.replace("//a", "//b"),
        "appends.yaml": APPENDS,
        "flag.yaml": f"{MIRROR_HEAD}skipFallback: true\n",
        "item.yaml": f"{MIRROR_HEAD}endpoints:\n  - url: http://a\n    $patch: delete\n",
        "typo.yaml": f"---\n{MIRROR_HEAD}pasword: hunter2\n",
        "broken.yaml": "a: [\n",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def run(capsys: pytest.CaptureFixture[str], *args: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as stopped:
        main(["patch", *args])
    said = capsys.readouterr()
    return int(stopped.value.code or 0), said.out, said.err


def test_make_prints_a_patch_that_apply_takes(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    code, patch, _ = run(capsys, "make", "base.yaml", "after.yaml")
    assert code == 0
    (files / "made.yaml").write_text(patch, encoding="utf-8")
    assert run(capsys, "apply", "base.yaml", "made.yaml") == (
        0,
        f"# mine\n{MIRROR_HEAD}endpoints:\n  - url: http://b\n",
        "",
    )
    assert run(capsys, "check", "base.yaml", "made.yaml") == (
        0,
        "changes RegistryMirrorConfig docker.io\n  endpoints: - http://a, + http://b\n",
        "",
    )


def test_apply_keeps_what_is_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "apply", "base.yaml", "appends.yaml", "flag.yaml") == (
        0,
        f"{MIRROR}  - url: http://b\nskipFallback: true\n",
        "",
    )


@pytest.mark.parametrize("ending", ["\r\n", ""])
@pytest.mark.parametrize("patch_break", ["\n", "\r\n"])
def test_apply_ends_the_lines_of_new_documents_as_those_of_the_config(
    capfdbinary: pytest.CaptureFixture[bytes], files: Path, patch_break: str, ending: str
) -> None:
    added = APPENDS.replace("docker.io", "ghcr.io")
    base, patch = (files / name for name in ("crlf.yaml", "new.yaml"))
    base.write_bytes((MIRROR.replace("\n", "\r\n").removesuffix("\r\n") + ending).encode())
    patch.write_bytes(added.replace("\n", patch_break).encode())
    with pytest.raises(SystemExit):
        main(["patch", "apply", "crlf.yaml", "new.yaml"])
    assert capfdbinary.readouterr().out == f"{MIRROR}---\n{added}".replace("\n", "\r\n").encode()


def test_apply_prints_what_talos_would(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "apply", "--canonical", "base.yaml", "flag.yaml") == (
        0,
        f"{MIRROR_HEAD}endpoints:\n    - url: http://a\nskipFallback: true\n",
        "",
    )


def test_check_finds_endpoints_that_repeat(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "check", "base.yaml", "flag.yaml", "appends.yaml")
    assert code == 1
    assert said.startswith(
        "changes RegistryMirrorConfig docker.io\n  endpoints: + http://b\n  skipFallback: (not set) -> true\n"
    )
    assert said.endswith(
        'appends.yaml:5:10: warning[repeated-after-merge]: Applied again, this patch puts "http://b" into the mirror '
        '"docker.io" a second time, because Talos appends lists.\n'
    )


def test_check_names_each_place_once(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "check", "base.yaml", "appends.yaml", "appends.yaml")
    assert code == 1
    assert said.count("repeated-after-merge") == 1


def test_check_gives_no_reason_of_merging_for_a_json_patch(capsys: pytest.CaptureFixture[str], files: Path) -> None:
    legacy = "machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}\n"
    patch = "- {op: add, path: /machine/registries/mirrors/docker.io/endpoints/-, value: http://b}\n"
    (files / "legacy.yaml").write_text(legacy, encoding="utf-8")
    (files / "json.yaml").write_text(patch, encoding="utf-8")
    code, said, _ = run(capsys, "check", "legacy.yaml", "json.yaml")
    assert code == 1
    assert said.endswith('Applied again, this patch puts "http://b" into the mirror "docker.io" a second time.\n')


def test_check_finds_patches_that_cannot_be_applied_again(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "check", "base.yaml", "item.yaml")
    assert code == 1
    assert "item.yaml:6:5: named patch delete: " in said


def test_check_passes_what_changes_nothing_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "check", "base.yaml", "flag.yaml")[0] == 0


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["apply", "base.yaml", "flag.yaml", "typo.yaml"], "typo.yaml:5:1: error decoding document v1alpha1/RegistryMirrorConfig/docker.io (line 2): unknown keys found during decoding:\npasword: ***\n"),
        (["check", "base.yaml", "broken.yaml"], "broken.yaml:2:1: decode error: go-yaml load error in parser (while parsing a flow node) at L2.C1: did not find expected node content\n"),
        (["apply", "broken.yaml", "flag.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "broken.yaml", "base.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "base.yaml", "broken.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "base.yaml", "base.yaml", "--talos-version", "1.11"], "base.yaml:"),
    ],
)  # fmt: skip
def test_refusals_name_the_file_and_the_place(capsys: pytest.CaptureFixture[str], args: list[str], said: str) -> None:
    code, out, err = run(capsys, *args)
    assert (code, out) == (1, "")
    assert err.startswith(said)
    assert "hunter2" not in err


@pytest.mark.parametrize("text", ["password: *hunter2\n", "password: !!int hunter2\n"])
@pytest.mark.parametrize("command", ["apply", "check"])
def test_refusals_show_no_values(capsys: pytest.CaptureFixture[str], files: Path, command: str, text: str) -> None:
    head = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"
    (files / "bad.yaml").write_text(head + text, encoding="utf-8")
    code, out, err = run(capsys, command, "base.yaml", "bad.yaml")
    assert (code, out) == (1, "")
    assert "***" in err
    assert "hunter2" not in err


def test_files_that_cannot_be_read_or_ordered(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "apply", "base.yaml", "nope.yaml") == (
        2,
        "",
        "talos-registry: nope.yaml: No such file or directory\n",
    )
    code, _, err = run(capsys, "apply", "base.yaml", "*.yaml")
    assert code == 2
    assert "says nothing about their order" in err


def test_help(capsys: pytest.CaptureFixture[str]) -> None:
    code, said, _ = run(capsys, "--help")
    assert code == 0
    assert all(name in said for name in ("make", "apply", "check"))
