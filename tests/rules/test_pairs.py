"""Awkward cases of each rule, as pairs of files: what it must find, and the nearest thing that is right.

The files may begin with the directives of the samples in pages; ``# also: CODE`` names what else is found.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from talos_registry import Severity
from talos_registry.linting.rules import codes
from tests.rules.pages import found, sample

HERE = Path(__file__).parent


def files(ending: str) -> list[str]:
    return sorted(str(path.relative_to(HERE)) for path in HERE.rglob(f"*{ending}"))


@pytest.mark.parametrize("name", files(".bad.yaml"))
def test_what_is_wrong_is_found(name: str) -> None:
    one = sample((HERE / name).read_text(encoding="utf-8"))
    assert {diagnostic.code for diagnostic in found(one)} - one.also == {Path(name).parent.name}


@pytest.mark.parametrize("name", files(".clean.yaml"))
def test_what_is_right_is_not(name: str) -> None:
    one = sample((HERE / name).read_text(encoding="utf-8"))
    reported = found(one)
    assert Path(name).parent.name not in {diagnostic.code for diagnostic in reported}
    failing = [str(diagnostic) for diagnostic in reported if diagnostic.severity is not Severity.INFO]
    assert [text for text in failing if not any(f"[{code}]" in text for code in one.also)] == []


def test_every_folder_is_a_code() -> None:
    assert {path.name for path in HERE.iterdir() if path.is_dir() and path.name[0] != "_"} <= set(codes())
