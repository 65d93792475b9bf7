"""Every rule shows what it flags and what it does not: the two samples of its page are its first tests."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from talos_registry import Severity
from talos_registry.explain import page
from talos_registry.rules import codes, load
from tests.rules.pages import found, sample


@pytest.mark.parametrize("code", codes())
def test_the_flagged_sample_is_flagged_with_this_code(code: str) -> None:
    one = sample(page(code).flagged)
    assert {diagnostic.code for diagnostic in found(one)} - one.also == {code}


@pytest.mark.parametrize("code", codes())
def test_the_clean_sample_has_nothing_that_fails(code: str) -> None:
    assert [
        str(one) for one in found(sample(page(code).clean)) if one.severity is not Severity.INFO or one.code == code
    ] == []


@pytest.mark.parametrize("code", codes())
def test_a_page_is_complete_and_cites_its_source(code: str) -> None:
    one = page(code)
    assert all(one)
    assert re.search(r"https://github\.com/\S+/\d+|\w+/\w+|Go, \w+/", one.source)
    assert load(code).SEVERITY in Severity


def test_every_file_of_a_rule_is_named_like_its_code() -> None:
    import talos_registry.rules  # noqa: PLC0415 - its folder is the subject

    files = {path.stem for path in Path(talos_registry.rules.__file__).parent.glob("*.py")} - {"__init__"}
    assert {code.replace("-", "_") for code in codes()} == files
