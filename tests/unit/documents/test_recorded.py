"""The recorded shapes: they agree with those written by hand, and a file that is missing is said to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry.diagnostic import InstallationError
from talos_registry.documents import KINDS, legacy, recorded
from talos_registry.documents.recorded import path_of, recording_of
from talos_registry.documents.shapes import Leaf, ListOf, MapOf, Struct, is_pointer
from talos_registry.versions import KINDS_SINCE, release_of

if TYPE_CHECKING:
    from pathlib import Path

    from talos_registry.documents.shapes import Shape

LINES = ("1.12", "1.13", "1.14")


def told(shape: Shape) -> object:
    """What both shapes say, as plain data."""
    if isinstance(shape, Struct):
        fields = [(key, told(field)) for key, field in shape.fields.items()]
        return shape.go, shape.is_pointer, sorted(shape.always), fields
    if isinstance(shape, ListOf | MapOf):
        return shape.go, told(shape.item)
    return shape.go, shape.form, is_pointer(shape)


REGISTRY_KINDS = [(kind, line) for kind in KINDS for line in LINES if KINDS_SINCE[kind] <= release_of(line).number]


@pytest.mark.parametrize(("kind", "line"), REGISTRY_KINDS)
def test_the_kinds_written_by_hand_are_as_recorded(kind: str, line: str) -> None:
    recording = recording_of(release_of(line)).kinds[kind]
    assert told(KINDS[kind].struct) == told(recording.struct)
    assert KINDS[kind].named == recording.named


@pytest.mark.parametrize(("kind", "line"), REGISTRY_KINDS)
def test_the_fields_written_by_hand_have_their_names_in_go(kind: str, line: str) -> None:
    names = KINDS[kind].struct.names
    known = recording_of(release_of(line)).kinds[kind].struct.names
    assert {key: known[key] for key in names} == dict(names)


@pytest.mark.parametrize("line", LINES)
def test_every_shape_can_be_made(line: str) -> None:
    release = release_of(line)
    kinds = recording_of(release).kinds
    assert set(kinds) == {legacy.KIND, *(kind for kind, since in KINDS_SINCE.items() if since <= release.number)}
    assert all(kind.struct.fields for kind in kinds.values())


@pytest.mark.parametrize(
    ("version", "line"), [("1.5", "1.12"), ("1.12.7", "1.12"), ("1.13.9", "1.13"), ("1.20", "1.14")]
)
def test_other_releases_take_the_nearest_recording(version: str, line: str) -> None:
    assert recording_of(release_of(version)) is recording_of(release_of(line))


def test_types_that_are_known_are_made_once() -> None:
    recording = recording_of(release_of("1.14"))
    assert recording.shape("v1alpha1.MachineConfig") is recording.shape("v1alpha1.MachineConfig")
    assert recording.shape("*bool") == Leaf("bool", "bool", is_pointer=True)
    assert recording.shape("map[string]interface {}") == MapOf(Leaf("interface {}", "any"))


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"kinds": {}}', "\0\xff"])
def test_a_file_that_is_missing_or_damaged(text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / path_of("1.14").name
    if text is not None:
        path.write_text(text, encoding="latin-1")
    monkeypatch.setattr(recorded, "path_of", lambda _: path)
    recorded._recording.cache_clear()
    with pytest.raises(InstallationError) as caught:
        recording_of(release_of("1.14"))
    monkeypatch.undo()
    assert str(caught.value) == "talos-registry is not installed whole: shapes-1.14.json is missing or damaged"
    assert recording_of(release_of("1.14")).kinds
