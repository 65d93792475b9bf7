"""Any documents at all: what is emitted is read again as the same documents."""

from __future__ import annotations

from typing import Any

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from talos_registry import OpaqueDocument, emit, parse
from talos_registry.documents import TYPED, RegistryDocument
from tests.property.documents import DOCUMENT, DOCUMENTS


@settings(max_examples=600)
@given(DOCUMENTS)
def test_what_is_emitted_is_read_again(documents: list[RegistryDocument]) -> None:
    text = emit(documents)
    config = parse(text)
    assert emit(config.documents) == text
    assert [document.kind for document in config.documents] == [document.kind for document in documents]
    assert all(map(same, config.documents, documents)), text


def same(read: RegistryDocument | OpaqueDocument, written: RegistryDocument) -> bool:
    """Whether two documents hold the same; URLs are what Go makes of them, so that they are compared as emitted."""
    return not isinstance(read, OpaqueDocument) and without_urls(read.to_values()) == without_urls(written.to_values())


def without_urls(members: dict[str, Any]) -> dict[str, Any]:
    endpoints = [endpoint.get("overridePath") for endpoint in members.get("endpoints", ())]
    return {key: value for key, value in members.items() if key != "endpoints" and value != ""} | {
        "endpoints": endpoints
    }


@settings(max_examples=300)
@given(DOCUMENTS, st.sampled_from(["1.12", "1.13", "1.14"]))
def test_every_version_reads_what_is_emitted_for_it(documents: list[RegistryDocument], version: str) -> None:
    known = [one for one in documents if version == "1.14" or one.kind != "ImageCacheConfig"]
    text = emit(known, talos_version=version)
    config = parse(text, talos_version=version)
    assert len(config.documents) == len(known)
    assert all(map(same, config.documents, known)), text


@settings(max_examples=300)
@given(DOCUMENT)
def test_models_and_values_are_the_same(document: RegistryDocument) -> None:
    members = document.to_values()
    assert type(document).from_values(members) == document
    assert type(document).from_values(members).to_values() == members


@settings(max_examples=300)
@given(DOCUMENTS)
@example(
    [TYPED["RegistryMirrorConfig"].from_values({"apiVersion": "v1alpha1", "kind": "RegistryMirrorConfig", "name": "a"})]
)
def test_validation_says_the_same_with_and_without_a_file(documents: list[RegistryDocument]) -> None:
    config = parse(emit(documents))
    assume("template-not-rendered" not in {one.code for one in config.diagnostics})
    alone = [(one.code, one.path[1:]) for document in config.documents for one in document.validate_talos()]  # type: ignore[union-attr]  # none is opaque
    in_file = [(one.code, one.path[1:]) for one in config.diagnostics if one.code != "duplicate-document"]
    assert sorted(alone, key=str) == sorted(in_file, key=str)
