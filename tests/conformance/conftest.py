"""Recorded outcomes of the real code: how they are read, run and counted."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

Row = dict[str, Any]
Vectors = Callable[[str], list[Row]]
VECTORS = Path(__file__).parent / "vectors"


class Disagreement(NamedTuple):
    id: str
    expected: Any
    actual: Any


Disagreements = Callable[[str, list[Row], Callable[[Row], Any]], list[Disagreement]]


def read_vectors(name: str) -> list[Row]:
    with gzip.open(VECTORS / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def vectors() -> Vectors:
    """The rows of one file of vectors, by the name of the file."""
    return read_vectors


@pytest.fixture
def disagreements(capsys: pytest.CaptureFixture[str]) -> Disagreements:
    """Compares what each row expects with what we make of it, and prints how many agree."""

    def compare(kind: str, rows: list[Row], outcome: Callable[[Row], Any]) -> list[Disagreement]:
        compared = [Disagreement(row["id"], row["expect"], outcome(row)) for row in rows]
        different = [one for one in compared if one.expected != one.actual]
        with capsys.disabled():
            print(f"\n{kind}: {len(rows) - len(different)}/{len(rows)} agree")  # noqa: T201 - the count is the report
        return different

    return compare
