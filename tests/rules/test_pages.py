"""Every rule shows what it flags and what it does not: the two samples of its page are its first tests."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import talos_registry
from talos_registry import Severity
from talos_registry.linting import explain
from talos_registry.linting.rules import codes, load
from tests.rules.pages import found, sample

if TYPE_CHECKING:
    from collections.abc import Iterator

PACKAGE = Path(talos_registry.__file__).parent


@pytest.mark.parametrize("code", codes())
def test_the_flagged_sample_is_flagged_with_this_code(code: str) -> None:
    one = sample(explain(code).flagged)
    assert {diagnostic.code for diagnostic in found(one)} - one.also == {code}


@pytest.mark.parametrize("code", codes())
def test_the_clean_sample_has_nothing_that_fails(code: str) -> None:
    assert [
        str(one) for one in found(sample(explain(code).clean)) if one.severity is not Severity.INFO or one.code == code
    ] == []


@pytest.mark.parametrize("code", codes())
def test_a_page_is_complete_and_cites_its_source(code: str) -> None:
    one = explain(code)
    assert all(one)
    assert re.search(r"https://github\.com/\S+/\d+|\w+/\w+|Go, \w+/", one.source)
    assert load(code).SEVERITY in Severity


def test_every_file_of_a_rule_is_named_like_its_code() -> None:
    names = {path.stem for path in (PACKAGE / "linting" / "rules").glob("*.py")} - {"__init__"}
    assert {code.replace("-", "_") for code in codes()} == names


def test_every_code_that_the_package_reports_has_a_page_and_every_page_a_code() -> None:
    rules = {code for code in codes() if hasattr(load(code), "check")}
    assert set(codes()) == rules | reported() | told_by_commands()


def test_pages_say_when_a_code_is_also_that_of_an_error() -> None:
    for code in codes():
        text = (PACKAGE / "linting" / "rules" / f"{code.replace('-', '_')}.py").read_text(encoding="utf-8")
        is_rule = hasattr(load(code), "check")
        assert getattr(load(code), "ALSO_ERROR", False) is (
            is_rule and (code in reported() or ("severity=" in text and "Severity.ERROR" in text))
        )


@cache
def reported() -> set[str]:
    """The codes that stand in the package outside of the rules."""
    texts = (path.read_text(encoding="utf-8") for path in PACKAGE.rglob("*.py") if path.parent.name != "rules")
    return {code for text in texts for node in ast.walk(ast.parse(text)) for code in codes_in(node)}


def told_by_commands() -> set[str]:
    """The codes of what only ``migrate`` and ``redact`` say: words with hyphens in their modules."""
    paths = [*(PACKAGE / "migration").glob("*.py"), PACKAGE / "redaction" / "literals.py"]
    texts = [path.read_text(encoding="utf-8") for path in paths]
    return {word for text in texts for word in re.findall(r'"([a-z]+(?:-[a-z]+)+)"', text)}


def codes_in(node: ast.AST) -> Iterator[str]:
    """The codes in ``Problem(code, ...)``, ``GaveUp.at(node, code, ...)``, ``code=...`` and ``yield code, ...``."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Call):
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        place = {"Problem": 0, "diagnostic": 0, "at": 1}.get(name)
        found = [] if place is None else node.args[place : place + 1]
        found += [keyword.value for keyword in node.keywords if keyword.arg == "code"]
    elif isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple):
        found = node.value.elts[:1]
    yield from (one.value for one in found if isinstance(one, ast.Constant) and isinstance(one.value, str))
