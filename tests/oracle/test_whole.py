"""Whole configs against Talos' own packages: what it takes, what it writes, what it says.

Run with ``pytest -m oracle``; needs Go. ``ORACLE_CASES`` and ``ORACLE_SEED`` set how many inputs are generated, and which.
"""

from __future__ import annotations

import os
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.conformance.known import reason
from tests.conformance.outcome import REFUSALS, differences
from tests.oracle import whole
from tests.oracle.oracle import TALOS_VERSIONS, ask, build
from tests.oracle.shrink import shrunk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from tests.conformance.outcome import Difference

pytestmark = pytest.mark.oracle

Row = dict[str, Any]
CASES = int(os.environ.get("ORACLE_CASES", "2000"))
SEED = int(os.environ.get("ORACLE_SEED", "1"))
NO_JSON_PATCH = "JSON6902 patches are not supported for multi-document machine configuration"
"""What Talos says of any JSON Patch of more than one document: such refusals are counted apart."""


@pytest.fixture(params=TALOS_VERSIONS)
def talos_version(request: pytest.FixtureRequest) -> str:
    version: str = request.param
    return version


@pytest.fixture
def generated(talos_version: str) -> list[str]:
    """What Talos generates, with new secrets."""
    return [said["text"] for said in ask(build(talos_version), whole.recipes(talos_version))]


@pytest.fixture
def bases(generated: list[str]) -> list[str]:
    return list(map(whole.without_secrets, generated))


class Answered(NamedTuple):
    """An input with what Talos says about it, and where this library differs."""

    row: Row
    differences: tuple[Difference, ...]

    @property
    def refusal(self) -> str | None:
        """Why Talos refuses it, None if it does not."""
        expect = self.row["expect"]
        return next((expect[key] for key in ("load_error", "error", "panic", "encode_error") if key in expect), None)

    def agrees(self, *aspects: str) -> bool:
        """Whether nothing differs in one of the aspects."""
        return all(one.aspect not in aspects for one in self.differences)


def answered(rows: Iterable[Row], talos_version: str) -> list[Answered]:
    asked = list(rows)
    said = [{**row, "expect": said} for row, said in zip(asked, ask(build(talos_version), asked), strict=True)]
    return [Answered(row, tuple(differences(row, talos_version))) for row in said]


class Shares(NamedTuple):
    """How much agrees: verdicts of all, values of what both accept, texts of what both refuse."""

    verdicts: float
    values: float
    texts: float


def shares(found: Iterable[Answered]) -> Shares:
    counted = [one for one in found if one.refusal != NO_JSON_PATCH]
    same = [one for one in counted if one.agrees("verdict")]
    accepted = [one for one in same if one.refusal is None]
    refused = [one for one in same if one.refusal is not None]
    return Shares(
        share(len(same), len(counted)),
        share(sum(one.agrees("encoded", "redacted") for one in accepted), len(accepted)),
        share(sum(one.agrees(*REFUSALS) for one in refused), len(refused)),
    )


def share(part: int, whole_: int) -> float:
    return part / whole_ if whole_ else 1.0


def unexplained(found: Iterable[Answered], talos_version: str) -> str:
    """The first difference that is not known, shrunk; no text if there is none."""
    wrong = [one for one in found if any(reason(one.row, other, talos_version) is None for other in one.differences)]
    if not wrong:
        return ""
    row = shrunk(wrong[0].row, build(talos_version), talos_version)
    said = "\n".join(f"{one.aspect}:\nTalos: {one.talos}\nours:  {one.ours}" for one in differences(row, talos_version))
    patches = "".join(f"\n--patch\n{text}" for text in row.get("patch", ()))
    return f"{len(wrong)} unexplained, the first one, {row['id']}:\n{row['in']}{patches}\n{said}"


def report(what: str, found: list[Answered], talos_version: str) -> str:
    reasons = Counter(reason(one.row, other, talos_version) or "?" for one in found for other in one.differences)
    of = shares(found)
    refused = sum(one.refusal is not None for one in found)
    return (
        f"\nTalos {talos_version}: {len(found)} {what}, seed {SEED}, {refused} refused; verdicts {of.verdicts:.2%}, "
        f"values {of.values:.2%}, texts {of.texts:.2%}; {dict(reasons)}"
    )


def test_what_talos_generates(talos_version: str, generated: list[str]) -> None:
    rows = [{"id": str(at), "op": op, "in": text} for at, text in enumerate(generated) for op in ("whole-load", "load")]
    assert [one.differences for one in answered(rows, talos_version) if one.differences] == []


def test_loads(talos_version: str, bases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(islice(whole.loads(SEED, talos_version, bases), CASES), talos_version)
    with capsys.disabled():
        print(report("whole configs", found, talos_version))  # noqa: T201 - the count is the report
    assert not (wrong := unexplained(found, talos_version)), wrong
    of = shares(found)
    assert (of.verdicts >= 0.98, of.values >= 0.98, of.texts >= 0.92) == (True, True, True), of


def test_patches(talos_version: str, bases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    found = answered(islice(whole.patches(SEED, talos_version, bases), CASES), talos_version)
    with capsys.disabled():
        print(report("patches of whole configs", found, talos_version))  # noqa: T201 - likewise
    assert not (wrong := unexplained(found, talos_version)), wrong
    of = shares(found)
    assert (of.verdicts >= 0.98, of.values >= 0.98, of.texts >= 0.85) == (True, True, True), of


def test_redaction(talos_version: str, bases: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Whatever Talos takes out of a config, this library takes out, and more; the rest stays."""
    rows = islice(whole.loads(SEED + 1, talos_version, bases), CASES)
    found = answered(({**row, "op": "redact-whole"} for row in rows), talos_version)
    with capsys.disabled():
        print(report("redactions of whole configs", found, talos_version))  # noqa: T201 - likewise
    assert not (wrong := unexplained(found, talos_version)), wrong
    assert any("REDACTED" in one.row["expect"].get("encoded", "") for one in found)
