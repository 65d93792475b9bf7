"""The public names and what they take stand in ``public.txt``, so that a review sees what changes for callers.

``REWRITE=1`` writes the file anew.
"""

from __future__ import annotations

import inspect
import os
from enum import Enum
from functools import cached_property
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Any, ForwardRef, get_type_hints

import pytest

import talos_registry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

RECORDED = Path(__file__).with_name("public.txt")
PUBLIC = {name: getattr(talos_registry, name) for name in sorted(talos_registry.__all__)}


def signature(function: Callable[..., Any], *, without: int = 0) -> str:
    """The signature as it is written, without its first parameters."""
    own = inspect.signature(function)
    parameters = [*own.parameters.values()][without:]
    text = str(own.replace(parameters=[one.replace(annotation=Word(word(one.annotation))) for one in parameters]))
    head, arrow, _ = text.rpartition(" -> ")
    returned = own.return_annotation
    is_told = isinstance(returned, str) and returned != "None" and not isinstance(function, type)
    return f"{head if arrow else text} -> {returned}" if is_told else (head if arrow else text)


def word(annotation: Any) -> str:
    return annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else str(annotation)


class Word(str):
    """An annotation that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def described(name: str, value: Any) -> Iterator[str]:
    if isinstance(value, type):
        yield f"class {name}{constructor(value)}"
        for member, text in sorted(members(value).items()):
            yield f"    {member}{text}"
    elif callable(value):
        yield f"{name}{signature(value)}"
    else:
        yield f"{name} = {value!r}"


def constructor(cls: type) -> str:
    own = [one for one in cls.__mro__ if one.__module__.startswith("talos_registry")]
    is_ours = any({"__init__", "__new__"} & vars(one).keys() for one in own) and not issubclass(cls, Enum)
    return signature(cls) if is_ours else ""


def members(cls: type) -> dict[str, str]:
    """The public members that are this library's, each as it is used."""
    found: dict[str, str] = {}
    for one in reversed(cls.__mro__):
        if one.__module__.startswith("talos_registry"):
            found |= {
                name: text for name, text in own_members(one) if not name.startswith("_") and name != "model_post_init"
            }
    return found


def own_members(cls: type) -> Iterator[tuple[str, str]]:
    for name, value in vars(cls).items():
        function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
        if isinstance(function, FunctionType):
            yield name, signature(function, without=0 if isinstance(value, staticmethod) else 1)
        elif isinstance(value, property | cached_property):
            getter = value.fget if isinstance(value, property) else value.func
            assert getter is not None
            yield name, f": {inspect.get_annotations(getter)['return']}"
        elif isinstance(value, cls):
            yield name, f" = {str(value)!r}"
    yield from ((name, f": {word(annotation)}") for name, annotation in inspect.get_annotations(cls).items())


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
    own = {member for one in cls.__mro__ if one.__module__.startswith("talos_registry") for member in vars(one)}
    shown = {member: getattr(cls, member) for member in members(cls) if member in own}
    described = {member: value for member, value in shown.items() if callable(value) or isinstance(value, property)}
    assert cls.__doc__
    assert {member for member, value in described.items() if not inspect.getdoc(value)} == set()


def test_the_types_of_models_are_known_when_they_are_asked_for() -> None:
    assert get_type_hints(talos_registry.RegistryAuthConfig)["password"] is not None
