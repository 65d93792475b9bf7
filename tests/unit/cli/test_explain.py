from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from talos_registry.linting.rules import codes

if TYPE_CHECKING:
    from tests.conftest import Cli


@pytest.fixture
def explain(cli: Cli) -> Cli:
    """Runs ``explain``."""
    return partial(cli, "explain")


def test_a_page_has_all_its_parts_in_order(explain: Cli) -> None:
    said = explain("override-without-path")
    assert said.code == 0
    parts = ["override-without-path (warning)", "Flags: ", "Because: ", "Flagged:", "Clean:", "Fix: ", "Source: "]
    assert sorted(parts, key=said.out.index) == parts
    assert "      - url: https://mirror.gcr.io\n        overridePath: true\n" in said.out
    assert max(map(len, said.out.splitlines())) <= 120


@pytest.mark.parametrize("code", codes())
def test_every_code_can_be_explained(explain: Cli, code: str) -> None:
    said = explain(code)
    assert said.code == 0
    assert said.out.startswith(f"{code} (")
    assert "``" not in said.out
    assert "# also:" not in said.out


def test_the_list_has_a_line_for_every_code(explain: Cli) -> None:
    said = explain("--list")
    assert said.code == 0
    listed = [line.replace("error or ", "").split()[:2] for line in said.out.splitlines()]
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
def test_what_is_no_code_is_refused_with_a_hint(explain: Cli, args: list[str], hint: str) -> None:
    said = explain(*args)
    assert said.code == 2
    assert hint in said.err
    assert said.out == ""
