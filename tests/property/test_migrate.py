"""Any legacy section at all: plans stay, comments stay, and so does the rest of the file."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any, Literal

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from talos_registry import (
    MigrateError,
    RegistrySet,
    apply_patches,
    emit,
    migrate,
    migration_patch,
    parse,
    resolve,
)
from tests.property.legacy import GOOD_URLS, configs, migrated
from tests.property.mutations import mutated

REFERENCES = (
    "nginx",
    "ghcr.io/a/b:1",
    "harbor.example/a",
    "harbor.example:5000/a",
    "10.0.0.1:5000/a/b",
    "quay.io/x",
    "localhost:5000/a",
)


def plans(registries: RegistrySet) -> list[Any]:
    pullers: tuple[Literal["talos", "cri"], ...] = ("talos", "cri")
    return [resolve(reference, registries, puller=puller) for reference in REFERENCES for puller in pullers]


def comments(text: str) -> Counter[str]:
    return Counter(re.findall(r"# [a-z]+(?: [0-9]+)?", text))


@settings(max_examples=600)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_no_plan_and_no_comment_changes(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    after = migrated(before)
    assert after.talos_error is None
    assert plans(after.registries) == plans(before.registries)
    assert comments(after.text) == comments(text)
    assert migrated(after).text == after.text


@settings(max_examples=400)
@given(configs(GOOD_URLS))
def test_what_stays_is_what_talos_would_refuse(text: str) -> None:
    before = parse(text)
    assume(before.talos_error is None)
    present = {(one.kind, one.name) for one in before.documents}
    bad = {
        (one.kind, one.name)
        for one in before.legacy_documents
        if (one.kind, one.name) not in present and parse(emit([one])).talos_error is not None
    }
    staying = {(one.kind, one.name) for one in migrated(before).legacy_documents}
    # A host has one entry for both kinds.
    assert {entry(*one) for one in staying} == {entry(*one) for one in bad}


@settings(max_examples=400)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_the_way_back_changes_no_plan_and_no_comment_either(text: str, version: str) -> None:
    documents = migrated(parse(text, talos_version=version))
    assume(documents.talos_error is None)
    legacy = migrated(documents, to="legacy")
    assert legacy.talos_error is None
    assert {one.kind for one in legacy.documents} <= {"v1alpha1", "HostnameConfig"}
    assert plans(legacy.registries) == plans(documents.registries)
    assert comments(legacy.text) == comments(text)
    again = migrated(legacy)
    assert plans(again.registries) == plans(documents.registries)


@settings(max_examples=300)
@given(configs(), st.sampled_from(["1.12", "1.13", "1.14"]))
def test_the_patch_does_what_the_migration_does(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    try:
        patch: str | None = migration_patch(before)
    except MigrateError as error:
        patch = error.text
        assume(patch is not None)  # names in brackets
    assume(patch)
    after = apply_patches(before, [str(patch)])
    assert after.registries == migrated(before).registries
    assert after.legacy_documents == migrated(before).legacy_documents


@settings(max_examples=600)
@given(mutated(), st.sampled_from(["documents", "legacy"]))
def test_any_file_is_migrated_or_refused(text: str, to: Literal["documents", "legacy"]) -> None:
    before = parse(text)
    try:
        found: str | None = migrate(before, to=to)
    except MigrateError as error:
        found = error.text
    after = parse(text if found is None else found)
    assert {one.code for one in after.diagnostics} <= {one.code for one in before.diagnostics}
    if before.talos_error is None:
        assert plans(after.registries) == plans(before.registries)


def entry(kind: str, name: str) -> tuple[bool, str]:
    return kind == "RegistryMirrorConfig", name
