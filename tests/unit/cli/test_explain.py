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
    outcome = explain("override-without-path")
    assert outcome.code == 0
    parts = ["override-without-path (warning)", "Flags: ", "Because: ", "Flagged:", "Clean:", "Fix: ", "Source: "]
    assert sorted(parts, key=outcome.out.index) == parts
    assert "      - url: https://mirror.gcr.io\n        overridePath: true\n" in outcome.out
    assert max(map(len, outcome.out.splitlines())) <= 120


@pytest.mark.parametrize("code", codes())
def test_every_code_can_be_explained(explain: Cli, code: str) -> None:
    outcome = explain(code)
    assert outcome.code == 0
    assert outcome.out.startswith(f"{code} (")
    assert "``" not in outcome.out
    assert "# also:" not in outcome.out


def test_the_list_has_a_line_for_every_code(explain: Cli) -> None:
    outcome = explain("--list")
    assert outcome.code == 0
    listed = [line.replace("error or ", "").split()[:2] for line in outcome.out.splitlines()]
    assert tuple(code for _, code in listed) == codes()
    assert {severity for severity, _ in listed} == {"error", "warning", "info"}


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["doubled_v2"], '; did you mean "doubled-v2"?'),
        (["E201"], "; see explain --list."),
        (["../cli/hosts"], "; see explain --list."),
        ([], "Give a code, or --list."),
    ],
)
def test_what_is_no_code_is_refused_with_a_hint(explain: Cli, args: list[str], hint: str) -> None:
    outcome = explain(*args)
    assert outcome.code == 2
    assert hint in outcome.err
    assert outcome.out == ""
