"""The public names and what they take stand in ``public.txt``, so that a review sees what changes for callers.

``REWRITE=1`` writes the file anew.
"""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, get_type_hints

import pytest

import talos_registry
from docs.surface import constructor, members, signature

if TYPE_CHECKING:
    from collections.abc import Iterator

RECORDED = Path(__file__).with_name("public.txt")
PUBLIC = {name: getattr(talos_registry, name) for name in sorted(talos_registry.__all__)}


def described(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, type):
        yield f"class {name}{constructor(value)}"
        for member in sorted(members(value).values()):
            yield f"    {member.name}{member.text}"
    elif callable(value):
        yield f"{name}{signature(value)}"
    else:
        yield f"{name} = {value!r}"


def test_the_public_names_are_those_that_are_recorded() -> None:
    text = "".join(f"{line}\n" for name, value in PUBLIC.items() for line in described(name, value))
    if os.environ.get("REWRITE"):
        RECORDED.write_text(text, encoding="utf-8")
    assert text == RECORDED.read_text(encoding="utf-8")


FUNCTIONS = {name: value for name, value in PUBLIC.items() if isinstance(value, FunctionType)}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_is_documented_with_what_it_raises(name: str) -> None:
    document = inspect.getdoc(FUNCTIONS[name]) or ""
    assert document
    assert "Raises:" in document
    assert all(one.annotation for one in inspect.signature(FUNCTIONS[name]).parameters.values())


@pytest.mark.parametrize("name", [name for name, value in PUBLIC.items() if isinstance(value, type)])
def test_a_class_and_its_methods_are_documented(name: str) -> None:
    cls: type = PUBLIC[name]
    documented = [member for member in members(cls).values() if member.kind in {"method", "property"}]
    assert cls.__doc__
    assert [member.name for member in documented if not member.document] == []


def test_the_types_of_models_are_known_when_they_are_asked_for() -> None:
    assert get_type_hints(talos_registry.RegistryAuthConfig)["password"] is not None
