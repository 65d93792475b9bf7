from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

MIRROR_HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
MIRROR = f"# mine\n{MIRROR_HEAD}endpoints:\n  - url: http://a # first\n"
APPENDS = f"{MIRROR_HEAD}endpoints:\n  - url: http://b\n"


FILES = {
    "base.yaml": MIRROR,
    "after.yaml": MIRROR.replace("//a", "//b"),
    "appends.yaml": APPENDS,
    "flag.yaml": f"{MIRROR_HEAD}skipFallback: true\n",
    "item.yaml": f"{MIRROR_HEAD}endpoints:\n  - url: http://a\n    $patch: delete\n",
    "typo.yaml": f"---\n{MIRROR_HEAD}pasword: hunter2\n",
    "broken.yaml": "a: [\n",
}


@pytest.fixture
def patch(cli: Cli, write: Write) -> Cli:
    """Runs ``patch`` beside these files."""
    for name, text in FILES.items():
        write(name, text)
    return partial(cli, "patch")


def test_make_prints_a_patch_that_apply_takes(patch: Cli, write: Write) -> None:
    code, made, _ = patch("make", "base.yaml", "after.yaml")
    assert code == 0
    write("made.yaml", made)
    assert patch("apply", "base.yaml", "made.yaml") == (
        0,
        f"# mine\n{MIRROR_HEAD}endpoints:\n  - url: http://b\n",
        "",
    )
    assert patch("check", "base.yaml", "made.yaml") == (
        0,
        "changes RegistryMirrorConfig docker.io\n  endpoints: - http://a, + http://b\n",
        "",
    )


def test_apply_keeps_what_is_there(patch: Cli) -> None:
    assert patch("apply", "base.yaml", "appends.yaml", "flag.yaml") == (
        0,
        f"{MIRROR}  - url: http://b\nskipFallback: true\n",
        "",
    )


@pytest.mark.parametrize("ending", ["\r\n", ""])
@pytest.mark.parametrize("patch_break", ["\n", "\r\n"])
def test_apply_ends_the_lines_of_new_documents_as_those_of_the_config(
    patch: Cli, write: Write, patch_break: str, ending: str
) -> None:
    added = APPENDS.replace("docker.io", "ghcr.io")
    write("crlf.yaml", MIRROR.replace("\n", "\r\n").removesuffix("\r\n") + ending)
    write("new.yaml", added.replace("\n", patch_break))
    assert patch("apply", "crlf.yaml", "new.yaml").out == f"{MIRROR}---\n{added}".replace("\n", "\r\n")


def test_apply_prints_what_talos_would(patch: Cli) -> None:
    assert patch("apply", "--canonical", "base.yaml", "flag.yaml") == (
        0,
        f"{MIRROR_HEAD}endpoints:\n    - url: http://a\nskipFallback: true\n",
        "",
    )


def test_check_finds_endpoints_that_repeat(patch: Cli) -> None:
    code, out, _ = patch("check", "base.yaml", "flag.yaml", "appends.yaml")
    assert code == 1
    assert out.startswith("changes RegistryMirrorConfig docker.io\n  endpoints: + http://b\n  skipFallback: + true\n")
    assert out.endswith(
        'appends.yaml:5:10: warning[repeated-after-merge]: Applied again, this patch puts "http://b" into the mirror '
        '"docker.io" a second time, because Talos appends lists.\n'
    )


def test_check_names_each_place_once(patch: Cli) -> None:
    code, out, _ = patch("check", "base.yaml", "appends.yaml", "appends.yaml")
    assert code == 1
    assert out.count("repeated-after-merge") == 1


def test_check_gives_no_reason_of_merging_for_a_json_patch(patch: Cli, write: Write) -> None:
    legacy = "machine: {registries: {mirrors: {docker.io: {endpoints: [http://a]}}}}\n"
    addition = "- {op: add, path: /machine/registries/mirrors/docker.io/endpoints/-, value: http://b}\n"
    write("legacy.yaml", legacy)
    write("json.yaml", addition)
    code, out, _ = patch("check", "legacy.yaml", "json.yaml")
    assert code == 1
    assert out.endswith('Applied again, this patch puts "http://b" into the mirror "docker.io" a second time.\n')


def test_check_finds_patches_that_cannot_be_applied_again(patch: Cli) -> None:
    code, out, _ = patch("check", "base.yaml", "item.yaml")
    assert code == 1
    assert "item.yaml:6:5: named patch delete: " in out


def test_check_passes_what_changes_nothing_more(patch: Cli) -> None:
    assert patch("check", "base.yaml", "flag.yaml")[0] == 0


@pytest.mark.parametrize(
    ("args", "out"),
    [
        (["apply", "base.yaml", "flag.yaml", "typo.yaml"], "typo.yaml:5:1: error decoding document v1alpha1/RegistryMirrorConfig/docker.io (line 2): unknown keys found during decoding:\npasword: ***\n"),
        (["check", "base.yaml", "broken.yaml"], "broken.yaml:2:1: decode error: go-yaml load error in parser (while parsing a flow node) at L2.C1: did not find expected node content\n"),
        (["apply", "broken.yaml", "flag.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "broken.yaml", "base.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "base.yaml", "broken.yaml"], "broken.yaml:2:1: decode error: "),
        (["make", "base.yaml", "base.yaml", "--talos-version", "1.11"], "base.yaml:"),
    ],
)  # fmt: skip
def test_refusals_name_the_file_and_the_place(patch: Cli, args: list[str], out: str) -> None:
    code, out, err = patch(*args)
    assert (code, out) == (1, "")
    assert err.startswith(out)
    assert "hunter2" not in err


@pytest.mark.parametrize("text", ["password: *hunter2\n", "password: !!int hunter2\n"])
@pytest.mark.parametrize("command", ["apply", "check"])
def test_refusals_show_no_values(patch: Cli, write: Write, command: str, text: str) -> None:
    head = "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"
    write("bad.yaml", head + text)
    code, out, err = patch(command, "base.yaml", "bad.yaml")
    assert (code, out) == (1, "")
    assert "***" in err
    assert "hunter2" not in err


def test_files_that_cannot_be_read_or_ordered(patch: Cli) -> None:
    assert patch("apply", "base.yaml", "nope.yaml") == (
        2,
        "",
        "talos-registry: nope.yaml: No such file or directory\n",
    )
    code, _, err = patch("apply", "base.yaml", "*.yaml")
    assert code == 2
    assert err.endswith("*.yaml stands for 7 files; name one, for nothing says their order\n")


def test_help(patch: Cli) -> None:
    code, out, _ = patch("--help")
    assert code == 0
    assert all(name in out for name in ("make", "apply", "check"))
