from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import MachineConfig, OpaqueDocument, Severity, emit, parse, redact
from tests.conformance.outcome import masked, without_unset

if TYPE_CHECKING:
    from tests.conformance.conftest import Disagreements, Row, Vectors

LEGACY_KIND = "v1alpha1"
# What Talos says about parts of the kind-less document that this library does not judge.
FOREIGN = re.compile(r"\t\* (?:cluster instructions|machine instructions|issuing CA)[^\n]*\n")
YAML_STAGE = re.compile(r"decode error: go-yaml load error in (?:scanner|parser|reader) .*", re.DOTALL)


@pytest.fixture
def rows(vectors: Vectors) -> list[Row]:
    return vectors("load")


def text(row: Row) -> str | bytes:
    source: str | bytes = base64.b64decode(row["b64"]) if "b64" in row else row["in"]
    return source


def parsed(row: Row) -> MachineConfig:
    return parse(text(row))


def loads(row: Row) -> bool:
    return "documents" in row["expect"]


def has_legacy_document(row: Row) -> bool:
    return any(document["kind"] == LEGACY_KIND for document in row["expect"].get("documents", ()))


def expecting(rows: list[Row], expected: Any) -> list[Row]:
    """The rows reduced to one aspect of what they expect."""
    return [{**row, "expect": expected(row)} for row in rows]


# Verdict


def expected_error(row: Row) -> str | None:
    """What Talos says, of the kind-less document only about our part."""
    said: str | None = row["expect"].get("load_error") or row["expect"].get("validate_error")
    return without_foreign(said) if said and loads(row) and has_legacy_document(row) else said


def without_foreign(said: str) -> str | None:
    left = FOREIGN.sub("", said)
    left = re.sub(r"\t\* v1alpha1\.Config: \d+ errors? occurred:\n\n\n", "", left)
    counts = iter([len(re.findall(r"^\t\* (?!registries)", left, re.MULTILINE)), left.count("\t* registries")])
    left = re.sub(r"\d+ errors? occurred", lambda _: counted(next(counts)), left)
    return left if "\t* " in left else None


def counted(count: int) -> str:
    return "1 error occurred" if count == 1 else f"{count} errors occurred"


def test_verdict(rows: list[Row], disagreements: Disagreements) -> None:
    def outcome(row: Row) -> bool:
        return not any(one.severity is Severity.ERROR for one in parsed(row).diagnostics)

    assert disagreements("load: verdict", expecting(rows, lambda row: expected_error(row) is None), outcome) == []


# Values


def expected_values(row: Row) -> list[dict[str, Any]]:
    return [set_members(document) for document in row["expect"]["documents"]]


def set_members(document: dict[str, Any]) -> dict[str, Any]:
    """A recorded document without what is derived from its URLs, and without what is not set."""
    endpoints = [endpoint_members(endpoint) for endpoint in document.get("endpoints", ())]
    members: dict[str, Any] = without_unset({**document, "endpoints": endpoints})
    return members


def endpoint_members(endpoint: dict[str, Any]) -> dict[str, Any]:
    members: dict[str, Any] = {name: endpoint[name] for name in ("url", "overridePath") if name in endpoint}
    return {**members, "url": members["url"] or ""}


def values(config: MachineConfig) -> list[dict[str, Any]]:
    ordered = sorted(config.documents, key=lambda document: document.kind != LEGACY_KIND)
    return [without_unset(document_values(document)) for document in ordered]


def document_values(document: Any) -> dict[str, Any]:
    if isinstance(document, OpaqueDocument):
        return {"apiVersion": document.api_version, "kind": document.kind}
    members: dict[str, Any] = document.to_values()
    if members["kind"] == "ImageCacheConfig":
        members |= members.pop("local")
    return members


def test_values(rows: list[Row], disagreements: Disagreements) -> None:
    expected = expecting([row for row in rows if loads(row)], expected_values)
    assert disagreements("load: values", expected, lambda row: values(parsed(row))) == []


# Emitted bytes


def test_emitted(rows: list[Row], disagreements: Disagreements) -> None:
    expected = expecting([row for row in rows if "encoded" in row["expect"]], lambda row: row["expect"]["encoded"])
    assert disagreements("load: emitted", expected, lambda row: emit(parsed(row).documents)) == []


# Redaction


def redacted(row: Row) -> str:
    return masked(emit(parse(redact(parsed(row), "REDACTED")).documents))


def test_redacted(rows: list[Row], disagreements: Disagreements) -> None:
    """Talos leaves user and password in URLs, and private keys among certificates; they are masked on both sides."""
    recorded = [row for row in rows if "redacted" in row["expect"]]
    expected = expecting(recorded, lambda row: masked(row["expect"]["redacted"]))
    assert len(expected) > 900
    assert disagreements("load: redacted", expected, redacted) == []


# Error texts


def is_yaml_wording(said: str | None) -> bool:
    return said is not None and YAML_STAGE.fullmatch(said) is not None


def test_error_text(rows: list[Row], disagreements: Disagreements) -> None:
    expected = [row for row in expecting(rows, expected_error) if not is_yaml_wording(row["expect"])]
    assert disagreements("load: error text", expected, lambda row: parsed(row).talos_error) == []


def test_yaml_error_stage(rows: list[Row], disagreements: Disagreements) -> None:
    """libyaml words some problems otherwise than go-yaml; that the stream cannot be decoded is what must agree."""
    wordings = [row for row in expecting(rows, expected_error) if is_yaml_wording(row["expect"])]
    disagreements("load: wording of YAML errors", wordings, lambda row: parsed(row).talos_error)
    prefixed = expecting(wordings, lambda _: "decode error: ")
    assert disagreements("load: YAML errors", prefixed, lambda row: (parsed(row).talos_error or "")[:14]) == []
