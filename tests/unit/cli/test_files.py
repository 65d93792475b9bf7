from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write


def checked(cli: Cli, *names: str) -> list[str]:
    """The files in which ``validate`` found something, in order."""
    return [diagnostic["file"] for diagnostic in cli("validate", "--format", "json", *names).json["diagnostics"]]


def test_a_directory_is_searched_for_yaml_files_in_order(write: Write, cli: Cli) -> None:
    for name in ["d/b.yaml", "d/a.yml", "d/sub/c.yaml", "d/.git/x.yaml", "d/notes.txt", "d/a.yaml.bak"]:
        write(name, BAD)
    assert checked(cli, "d") == ["d/a.yml", "d/b.yaml", "d/sub/c.yaml"]


def test_a_glob_the_shell_has_left(write: Write, cli: Cli) -> None:
    for name in ["a/1.yaml", "a/2.yaml", "b/1.yaml", "a/deep/3.yaml"]:
        write(name, BAD)
    assert checked(cli, "a/*.yaml") == ["a/1.yaml", "a/2.yaml"]
    assert checked(cli, "**/1.yaml") == ["a/1.yaml", "b/1.yaml"]


def test_a_file_with_a_wildcard_in_its_name_is_that_file(write: Write, cli: Cli) -> None:
    write("[a].yaml", BAD)
    write("a.yaml", BAD)
    assert checked(cli, "[a].yaml") == ["[a].yaml"]


def test_standard_input(cli: Cli) -> None:
    outcome = cli("validate", "-", stdin=BAD)
    assert outcome.code == 1
    assert outcome.out.startswith("-:5:10: error[endpoint-without-scheme]: ")


def test_one_bad_file_among_many(cli: Cli, write: Write) -> None:
    for number in range(20):
        write(f"d/{number:02}.yaml", BAD if number == 7 else GOOD)
    outcome = cli("validate", "d")
    assert outcome.code == 1
    assert outcome.out.startswith("d/07.yaml:5:10: ")
    assert outcome.err == "20 documents in 20 files: 1 error\n"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"a: \xff\xfe\n", "yaml-syntax"),
        (bytes(range(256)) * 8, "yaml-syntax"),
        (b"\x00\x01\x02", "yaml-syntax"),
        (b"a" * (16 * 1024 * 1024 + 1), "limit-exceeded"),
        (b"[" * 100_000, "limit-exceeded"),
        (b"", "empty-config"),
    ],
    ids=["invalid UTF-8", "binary", "control characters", "too large", "too deep", "empty"],
)
def test_what_is_wrong_inside_a_file_is_one_finding(cli: Cli, write: Write, content: bytes, code: str) -> None:
    outcome = cli("validate", write("bad.yaml", content))
    assert outcome.code == 1
    first, *excerpt = outcome.out.splitlines()
    assert first.startswith("bad.yaml:")
    assert f" error[{code}]: " in first
    assert len(excerpt) in {0, 2}
    assert all(line.isprintable() for line in (first, *excerpt))
