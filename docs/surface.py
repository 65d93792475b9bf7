"""What a caller sees of a public name: its signature and its members, as they are written in the code."""

from __future__ import annotations

import inspect
from enum import Enum
from functools import cached_property
from types import FunctionType
from typing import TYPE_CHECKING, Any, ForwardRef, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Member", "constructor", "members", "ours", "own_members", "signature"]


class Member(NamedTuple):
    """A public member of a class: a ``method``, ``property``, ``constant`` or ``field``; ``text`` follows its name."""

    name: str
    kind: str
    text: str
    document: str = ""


def signature(function: Callable[..., Any], *, without: int = 0, width: int | None = None) -> str:
    """The signature as it is written, without its first parameters; one that is wider has a line for each parameter."""
    own = inspect.signature(function)
    given = list(own.parameters.values())[without:]
    parameters = [parameter.replace(annotation=_Word(_word(parameter.annotation))) for parameter in given]
    text, _, _ = str(own.replace(parameters=parameters, return_annotation=None)).rpartition(" -> ")
    returned = own.return_annotation
    is_told = isinstance(returned, str) and returned != "None" and not isinstance(function, type)
    end = f" -> {returned}" if is_told else ""
    if width is None or len(text) + len(end) <= width:
        return text + end
    return "(\n" + "".join(f"    {part},\n" for part in _parts(parameters)) + f"){end}"


def _parts(parameters: list[inspect.Parameter]) -> Iterator[str]:
    only_keywords = False
    for parameter in parameters:
        if parameter.kind is parameter.KEYWORD_ONLY and not only_keywords:
            yield "*"
        only_keywords |= parameter.kind in {parameter.KEYWORD_ONLY, parameter.VAR_POSITIONAL}
        yield str(parameter)


def _word(annotation: Any) -> str:
    return annotation.__forward_arg__ if isinstance(annotation, ForwardRef) else str(annotation)


class _Word(str):
    """An annotation that is shown without quotes."""

    __slots__ = ()

    def __repr__(self) -> str:
        return str(self)


def constructor(cls: type, *, width: int | None = None) -> str:
    """The signature of a constructor of this library's, "" if the class has none."""
    is_ours = any({"__init__", "__new__"} & vars(base).keys() for base in ours(cls)) and not issubclass(cls, Enum)
    return signature(cls, width=width) if is_ours else ""


def ours(cls: type) -> list[type]:
    """The class and those it is made of that are this library's."""
    return [base for base in cls.__mro__ if base.__module__.startswith("talos_registry")]


def members(cls: type) -> dict[str, Member]:
    """The public members that are this library's, by name."""
    return {member.name: member for base in reversed(ours(cls)) for member in own_members(base)}


def own_members(cls: type, *, width: int | None = None) -> Iterator[Member]:
    """The public members of the class itself, fields last."""
    for name, value in vars(cls).items():
        member = _member(cls, name, value, width)
        if member and not name.startswith("_") and name != "model_post_init":
            yield member
    for name, annotation in inspect.get_annotations(cls).items():
        if not name.startswith("_"):
            yield Member(name, "field", f": {_word(annotation)}")


def _member(cls: type, name: str, value: object, width: int | None) -> Member | None:
    function = value.__func__ if isinstance(value, classmethod | staticmethod) else value
    if isinstance(function, FunctionType):
        text = signature(function, without=0 if isinstance(value, staticmethod) else 1, width=width)
        return Member(name, "method", text, inspect.getdoc(function) or "")
    if isinstance(value, property | cached_property):
        getter = value.fget if isinstance(value, property) else value.func
        assert getter is not None
        text = f": {inspect.get_annotations(getter)['return']}"
        return Member(name, "property", text, inspect.getdoc(getter) or "")
    return Member(name, "constant", f" = {str(value)!r}") if isinstance(value, cls) else None
