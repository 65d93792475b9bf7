"""Real failures: each is reported with the expected code, and neither its fixed form nor a clean config is."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from talos_registry import LATEST, Diagnostic, Severity, parse
from talos_registry.linting import lint

Case = dict[str, Any]
FILE = Path(__file__).parent.parent / "corpus" / "cases.jsonl.gz"


def cases() -> list[Case]:
    with gzip.open(FILE, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def found(case: Case, files: dict[str, str], talos_version: str | None) -> tuple[Diagnostic, ...]:
    configs = [parse(text, filename=name, talos_version=talos_version or LATEST) for name, text in files.items()]
    images = [case["image"]] if case["image"] else []
    return lint(configs if len(configs) > 1 else configs[0], images=images)


def allowed(case: Case) -> set[str]:
    return {code for member in ("expect", "any_of", "allow") for code in case.get(member) or ()}


def by_id(listed: list[Case]) -> list[Any]:
    return [pytest.param(case, id=case["id"]) for case in listed]


@pytest.mark.parametrize("case", by_id([case for case in cases() if "fixed" in case]))
def test_a_failure_is_reported_with_its_code(case: Case) -> None:
    codes = {one.code for one in found(case, case["files"], case["talos_version"])}
    assert codes >= set(case.get("expect") or ())
    assert not case.get("any_of") or codes & set(case["any_of"])


@pytest.mark.parametrize("case", by_id([case for case in cases() if "fixed" in case]))
def test_the_fixed_form_is_quiet(case: Case) -> None:
    version = case.get("fixed_talos_version") or case["talos_version"]
    reported = found(case, case["fixed"], version)
    assert not {one.code for one in reported} & set(case["forbid_in_fixed"])
    assert not {one.code for one in reported if one.severity is not Severity.INFO} - allowed(case)


@pytest.mark.parametrize("case", by_id([case for case in cases() if "fixed" not in case]))
def test_a_clean_config_is_quiet(case: Case) -> None:
    reported = found(case, case["files"], case["talos_version"])
    assert not {one.code for one in reported if one.severity is not Severity.INFO} - allowed(case)
