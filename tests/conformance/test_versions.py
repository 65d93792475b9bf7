"""The outcomes recorded for each Talos version; ``talos_version`` must change exactly what changed."""

from __future__ import annotations

from collections import Counter

import pytest

from tests.conformance.known import unexplained
from tests.conformance.outcome import differences
from tests.conformance.record import recorded
from tests.oracle.oracle import TALOS_VERSIONS


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_outcomes_of_each_version(talos_version: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = recorded("load", talos_version)
    aspects = Counter(one.aspect for row in rows for one in differences(row, talos_version))
    with capsys.disabled():
        print(f"\nTalos {talos_version}: {len(rows)} inputs, differing in {dict(aspects) or 'nothing'}")  # noqa: T201 - the count is the report
    assert [(row["id"], found) for row in rows if (found := unexplained(row, talos_version))] == []


@pytest.mark.parametrize("talos_version", TALOS_VERSIONS)
def test_every_version_is_recorded_on_the_same_inputs(talos_version: str) -> None:
    for kind in ("load", "patch"):
        assert [row["id"] for row in recorded(kind, talos_version)] == [
            row["id"] for row in recorded(kind, TALOS_VERSIONS[-1])
        ]


def test_the_versions_differ() -> None:
    """A recording of one version must not pass for that of another."""
    outcomes = [[row["expect"] for row in recorded("load", version)] for version in TALOS_VERSIONS]
    assert all(one != other for at, one in enumerate(outcomes) for other in outcomes[:at])
