from __future__ import annotations

import pytest
from click.testing import CliRunner, Result

from talos_registry.cli import _cli
from talos_registry.linting.pages import page, shown
from talos_registry.linting.rules import codes


def run(*args: str) -> Result:
    return CliRunner().invoke(_cli, ["explain", *args], prog_name="talos-registry")


def test_a_page_has_all_its_parts_in_order() -> None:
    said = run("override-without-path")
    assert said.exit_code == 0
    parts = ["override-without-path (warning)", "Flags: ", "Because: ", "Flagged:", "Clean:", "Fix: ", "Source: "]
    assert sorted(parts, key=said.stdout.index) == parts
    assert "      - url: https://mirror.gcr.io\n        overridePath: true\n" in said.stdout
    assert max(map(len, said.stdout.splitlines())) <= 120


@pytest.mark.parametrize("code", codes())
def test_every_code_can_be_explained(code: str) -> None:
    said = run(code)
    assert said.exit_code == 0
    assert said.stdout.startswith(f"{code} (")
    assert "``" not in said.stdout
    assert "# also:" not in said.stdout


def test_the_list_has_a_line_for_every_code() -> None:
    said = run("--list")
    assert said.exit_code == 0
    listed = [line.replace("error or ", "").split()[:2] for line in said.stdout.splitlines()]
    assert tuple(code for _, code in listed) == codes()
    assert {severity for severity, _ in listed} == {"error", "warning", "info"}


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["doubled_v2"], "Did you mean 'doubled-v2'?"),
        (["E201"], "See explain --list."),
        (["../cli/hosts"], "See explain --list."),
        ([], "Give a code, or --list."),
    ],
)
def test_what_is_no_code_is_refused_with_a_hint(args: list[str], hint: str) -> None:
    said = run(*args)
    assert said.exit_code == 2
    assert hint in said.stderr
    assert said.stdout == ""


def test_only_codes_have_a_page() -> None:
    with pytest.raises(LookupError):
        page("no-such-code")


def test_directives_for_tests_are_not_shown() -> None:
    assert shown("# also: x\n# --image a/b\nname: a") == "# --image a/b\nname: a"
