"""Each room is entered through its face, or through a module that the face names."""

from __future__ import annotations

import ast
import re
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import talos_registry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

PACKAGE = Path(talos_registry.__file__).parent
ROOMS = sorted({path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"report"})
"""All with a face: a report is entered by the module of its format."""


class Import(NamedTuple):
    """A name that a module imports from a module (or, "", from the face) of a room it does not belong to."""

    importer: str
    module: str
    name: str


@cache
def imports_into(room: str) -> tuple[Import, ...]:
    paths = [path for path in PACKAGE.rglob("*.py") if path.relative_to(PACKAGE).parts[0] != room]
    return tuple(found for path in paths for found in _imports(path, room))


def _imports(path: Path, room: str) -> Iterator[Import]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and f"{node.module}.".startswith(f"talos_registry.{room}."):
            module = f"{node.module}."[len(f"talos_registry.{room}.") :].rstrip(".")
            for alias in node.names:
                is_module = not module and (PACKAGE / room / f"{alias.name}.py").exists()
                yield Import(str(path.relative_to(PACKAGE)), *((alias.name, "") if is_module else (module, alias.name)))


def face_of(room: str) -> ModuleType:
    return import_module(f"talos_registry.{room}")


@pytest.mark.parametrize("room", ROOMS)
def test_every_name_of_a_face_resolves(room: str) -> None:
    face = face_of(room)
    assert {name for name in face.__all__ if getattr(face, name, None) is None} == set()
    with pytest.raises(AttributeError, match=f"module 'talos_registry.{room}' has no attribute 'nothing'"):
        face.nothing  # noqa: B018 - the access is the test


@pytest.mark.parametrize("room", ROOMS)
def test_no_name_of_a_face_hides_a_module(room: str) -> None:
    modules = {path.stem for path in (PACKAGE / room).iterdir()}
    assert modules & set(face_of(room).__all__) == set()


@pytest.mark.parametrize("room", ROOMS)
def test_a_face_is_not_passed_by(room: str) -> None:
    names = set(face_of(room).__all__)
    assert [one for one in imports_into(room) if one.module and one.name in names] == []
    assert {one.name for one in imports_into(room) if not one.module} <= names


@pytest.mark.parametrize("room", ROOMS)
def test_modules_that_others_enter_are_named_in_the_face(room: str) -> None:
    named = set(re.findall(r"``([a-z_0-9.]+)``", face_of(room).__doc__ or ""))
    modules = {path.stem for path in (PACKAGE / room).iterdir()}
    assert {one.module for one in imports_into(room) if one.module} == named & modules
