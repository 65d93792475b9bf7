"""Patches: what the recorded Talos says, version by version."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.conformance.known import unexplained
from tests.conformance.outcome import differences
from tests.conformance.record import recorded
from tests.oracle.oracle import TALOS_VERSIONS

if TYPE_CHECKING:
    from tests.conformance.conftest import Row, Vectors


def compared(rows: list[Row], talos_version: str, capsys: pytest.CaptureFixture[str]) -> None:
    aspects = Counter(one.aspect for row in rows for one in differences(row, talos_version))
    with capsys.disabled():
        print(f"\nTalos {talos_version}: {len(rows)} patches, differing in {dict(aspects) or 'nothing'}")  # noqa: T201 - the count is the report
    assert [(row["id"], found) for row in rows if (found := unexplained(row, talos_version))] == []


def test_patches(vectors: Vectors, capsys: pytest.CaptureFixture[str]) -> None:
    rows = vectors("patch")
    assert [row["id"] for row in rows if differences(row, "1.14")] == []
    compared(rows, "1.14", capsys)


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_patches_of_each_version(talos_version: str, capsys: pytest.CaptureFixture[str]) -> None:
    compared(recorded("patch", talos_version), talos_version, capsys)
