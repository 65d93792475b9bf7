from __future__ import annotations

import pytest

from talos_registry.documents.recorded import recording_of
from talos_registry.redaction.places import without_secrets
from talos_registry.versions import SUPPORTED, release_of

RECORDED = [
    (version, kind, path)
    for version in SUPPORTED
    for kind, recorded in recording_of(release_of(version)).kinds.items()
    for path in recorded.redacted
]


@pytest.mark.parametrize(("version", "kind", "path"), RECORDED)
def test_what_talos_takes_for_secret_is_secret(version: str, kind: str, path: tuple[str, ...]) -> None:
    steps = [{"*": "any", "[]": 0}.get(step, step) for step in path]
    assert "s3cret" not in without_secrets("s3cret", kind, steps, release_of(version))


def test_there_are_secrets_in_each_release() -> None:
    assert {version for version, _, _ in RECORDED} == set(SUPPORTED)
    assert ("1.14", "v1alpha1", ("machine", "ca", "key")) in RECORDED
