from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from tests.conformance.conftest import Disagreements, Row, Vectors

# reference-0061 records "unsupported digest algorithm" for a well-formed sha384 digest. distribution/reference v0.6.0
# with go-digest v1.0.0, run again, takes it, as its source says.
DISPUTED = {"reference-0061"}


def outcome(row: Row) -> dict[str, Any]:
    try:
        reference = Reference.parse(row["in"])
    except InvalidReferenceError as error:
        return {"error": str(error)}
    fields = {"normalized": str(reference), **reference._asdict()}
    return {name: value for name, value in fields.items() if value is not None}


def test_references_are_normalised_as_the_pullers_do(vectors: Vectors, disagreements: Disagreements) -> None:
    different = disagreements("reference", vectors("reference"), outcome)
    assert [one for one in different if one.id not in DISPUTED] == []
