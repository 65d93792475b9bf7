"""Migrated configs and migration patches, given to Talos itself."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from talos_registry import MigrateError, parse
from talos_registry.migration import migration_patch
from tests.oracle.oracle import TALOS_VERSIONS, ask, build
from tests.property.legacy import configs, migrated

pytestmark = pytest.mark.oracle

OURS = ("RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig")


def registry_documents(said: dict[str, Any]) -> list[Any]:
    return sorted((one for one in said["documents"] if one["kind"] in OURS), key=lambda one: (one["kind"], one["name"]))


@settings(max_examples=150)
@given(configs(), st.sampled_from(TALOS_VERSIONS))
def test_talos_takes_the_new_documents(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    after = migrated(before)
    (said,) = ask(build(version), [{"op": "load", "in": after.text}])
    assert "load_error" not in said, said
    assert [(one["kind"], one["name"]) for one in registry_documents(said)] == sorted(
        (one.kind, one.name) for one in after.documents if one.kind in OURS
    )
    assert not any(f"{kind}/" in said.get("validate_error", "") for kind in OURS)


@settings(max_examples=150)
@given(configs(), st.sampled_from(TALOS_VERSIONS))
def test_talos_makes_the_same_of_the_patch(text: str, version: str) -> None:
    before = parse(text, talos_version=version)
    assume(before.talos_error is None)
    try:
        patch: str | None = migration_patch(before)
    except MigrateError as error:
        patch = error.text
    assume(patch)
    after = migrated(before)
    staying = {(one.kind, one.name) for one in after.legacy_documents}
    gone = [one.name for one in before.legacy_documents if one.kind == OURS[0] and (one.kind, one.name) not in staying]
    again = [
        f'machine: {{registries: {{mirrors: {{"{name}": {{$patch: delete}}}}}}}}' for name in gone if name[0] != "["
    ]
    loaded, patched, *deleted_again = ask(
        build(version),
        [
            {"op": "load", "in": after.text},
            {"op": "patch", "in": text, "patch": [patch]},
            *({"op": "patch", "in": text, "patch": [patch, one]} for one in again),
        ],
    )
    assert "documents" in patched, patched
    assert registry_documents(patched) == registry_documents(loaded)
    assert all("lookup failed" in said.get("apply_error", "") for said in deleted_again)


@pytest.mark.parametrize("version", TALOS_VERSIONS)
def test_talos_takes_the_way_back(version: str) -> None:
    text = "machine:\n  type: worker\n  registries:\n    mirrors:\n      docker.io: {endpoints: [http://a], overridePath: yes}\n"
    back = migrated(migrated(parse(text, talos_version=version)), to="legacy")
    (said,) = ask(build(version), [{"op": "load", "in": back.text}])
    assert [one["kind"] for one in said["documents"]] == ["v1alpha1"]
