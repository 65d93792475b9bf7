"""Small repositories in the layouts that people use: what each command prints in them, and the mistake that is found."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from talos_registry import recognise
from tests.examples.transcript import replayed

if TYPE_CHECKING:
    from tests.conftest import Cli

HERE = Path(__file__).parent
NAMES = sorted(path.name for path in HERE.iterdir() if path.is_dir() and path.name != "__pycache__")


class Repository(NamedTuple):
    folder: Path
    about: dict[str, Any]


@pytest.fixture(params=NAMES)
def repository(request: pytest.FixtureRequest) -> Repository:
    name = request.param
    return Repository(HERE / name, json.loads((HERE / f"{name}.json").read_text(encoding="utf-8")))


@pytest.mark.parametrize("name", NAMES)
def test_commands_print_what_is_true(name: str) -> None:
    page = HERE / f"{name}.md"
    expected = replayed(page, HERE, name)
    if os.environ.get("REWRITE"):
        page.write_text(expected, encoding="utf-8")
    assert page.read_text(encoding="utf-8") == expected


def test_there_are_enough_of_them() -> None:
    assert len(NAMES) >= 12


def test_every_file_is_what_it_is(repository: Repository) -> None:
    forms = {
        "foreign": "foreign", "unrendered": None, "carriers": "carrier", "patches": "patch", "configs": "config",
        "whole": "config",
    }  # fmt: skip
    for kind, form in forms.items():
        for name in repository.about[kind]:
            found = recognise((repository.folder / name).read_bytes(), filename=name)
            assert form is None or found.form == form, name
            assert found.is_whole == (kind == "whole"), name


def test_the_mistake_is_found_at_its_line_and_nothing_else(
    cli: Cli, repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository.folder)
    seeded = repository.about["seeded"]
    if seeded["code"] == "literal-secret":
        lines = cli("redact", "--check", ".").out.splitlines()
        found = [(line.split(":")[0].removeprefix("./"), int(line.split(":")[1]), seeded["code"]) for line in lines]
    else:
        rows = cli("lint", "--format", "json", ".", "**/*.json").json["diagnostics"]
        found = [
            (row["file"].removeprefix("./"), row["line"], row["code"]) for row in rows if row["severity"] != "info"
        ]
    assert found == [(seeded["file"], seeded["line"], seeded["code"])]
