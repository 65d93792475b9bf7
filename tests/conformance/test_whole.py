"""Whole configs, other kinds and the kind-less document included: what the released 1.12.7, 1.13.9 and 1.14.1 say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import pytest

from talos_registry import MachineConfig, PatchError, apply_patches, parse
from talos_registry.documents import legacy
from talos_registry.documents.encoder import canonical
from talos_registry.documents.kinds import struct_of
from talos_registry.goyaml import write
from talos_registry.goyaml.representer import from_value
from tests.conformance.conftest import read_vectors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.conformance.conftest import Row

ONE_DOCUMENT_ONLY = "JSON6902 patches are not supported for multi-document machine configuration"
SHOWN = 10


class Outcome(NamedTuple):
    """What becomes of a row: the error text of what is refused, the complete encoding of the rest."""

    id: str
    refused: bool
    text: str | None


def encoding(config: MachineConfig) -> str:
    """The whole config as Talos writes it, comments disabled."""
    entries = sorted((entry for entry in config.entries if entry.kind), key=lambda entry: entry.kind != legacy.KIND)
    texts = []
    for entry in entries:
        struct = struct_of(entry.kind, config.release)
        assert struct is not None
        texts.append(write(from_value(canonical(struct, entry.values or {}), config.release)))
    return "---\n".join(texts)


def loaded(row: Row) -> Outcome:
    config = parse(row["in"], talos_version=row["version"])
    return Outcome(row["id"], not config.loads, encoding(config) if config.loads else config.talos_error)


def patched(row: Row) -> Outcome:
    try:
        config = apply_patches(parse(row["in"], talos_version=row["version"]), row["patch"])
    except PatchError as error:
        return Outcome(row["id"], True, str(error))
    return Outcome(row["id"], False, encoding(config))


def expected(row: Row) -> Outcome:
    error = row["expect"].get("load_error", row["expect"].get("error"))
    return Outcome(row["id"], error is not None, row["expect"]["encoded"] if error is None else error)


class Compared:
    """The rows of a file, and what Talos and this library make of each."""

    def __init__(self, name: str, outcome: Callable[[Row], Outcome]) -> None:
        rows = read_vectors(f"whole/{name}")
        pairs = [(expected(row), outcome(row)) for row in rows]
        self.pairs = [(theirs, ours) for theirs, ours in pairs if theirs.text != ONE_DOCUMENT_ONLY]
        self.apart = [(theirs, ours) for theirs, ours in pairs if theirs.text == ONE_DOCUMENT_ONLY]

    def verdicts(self) -> str:
        return shortfall(((theirs, ours) for theirs, ours in self.pairs), least=98, same=lambda a, b: a[1] == b[1])

    def texts(self, *, refused: bool, least: int) -> str:
        """What falls short among the rows of one verdict, the same on both sides."""
        both = ((theirs, ours) for theirs, ours in self.pairs if theirs.refused == ours.refused == refused)
        return shortfall(both, least=least, same=lambda a, b: a[2] == b[2])


def shortfall(pairs: Iterable[tuple[Outcome, Outcome]], *, least: int, same: Callable[[Outcome, Outcome], bool]) -> str:
    """ "" if at least ``least`` per cent of the pairs are the same, else how many are, and those that are not."""
    compared = list(pairs)
    assert compared
    different = [(theirs, ours) for theirs, ours in compared if not same(theirs, ours)]
    agreeing = len(compared) - len(different)
    if agreeing * 100 >= least * len(compared):
        return ""
    return "\n".join(
        (
            f"{agreeing} of {len(compared)} agree, fewer than {least} %:",
            *(f"{theirs.id}\n  Talos: {theirs[1:]}\n  ours:  {ours[1:]}" for theirs, ours in different[:SHOWN]),
        )
    )


@pytest.fixture(scope="module")
def loads() -> Compared:
    return Compared("load", loaded)


@pytest.fixture(scope="module")
def patches() -> Compared:
    return Compared("patch", patched)


def test_verdicts_of_loads(loads: Compared) -> None:
    assert loads.verdicts() == ""


def test_values_of_what_loads(loads: Compared) -> None:
    assert loads.texts(refused=False, least=100) == ""


def test_texts_of_refused_loads(loads: Compared) -> None:
    assert loads.texts(refused=True, least=92) == ""


def test_verdicts_of_patches(patches: Compared) -> None:
    assert patches.verdicts() == ""


def test_values_of_applied_patches(patches: Compared) -> None:
    assert patches.texts(refused=False, least=98) == ""


def test_texts_of_refused_patches(patches: Compared) -> None:
    assert patches.texts(refused=True, least=85) == ""


def test_json_patches_of_several_documents(patches: Compared) -> None:
    assert [(theirs, ours) for theirs, ours in patches.apart if theirs != ours] == []
    assert len(patches.apart) > 0
