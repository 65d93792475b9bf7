"""The shapes Talos decodes YAML into: Go's types, as far as documents use them.

Values of a shape are plain data: ``str``, ``bool``, numbers, ``list`` and ``dict`` with Talos' own keys. A key that is
unset is absent. Text that is not valid UTF-8 (``!!binary``) is held as surrogate escapes.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from talos_registry.diagnostic import Problem
    from talos_registry.documents.texts import TextType
    from talos_registry.versions import Release

__all__ = [
    "ANY",
    "BASE64",
    "BOOL",
    "FLAG",
    "REDACTED_KEY",
    "STRING",
    "URL",
    "Form",
    "Kind",
    "Leaf",
    "ListOf",
    "MapOf",
    "Shape",
    "Struct",
    "Values",
    "go_name",
    "go_type",
    "is_pointer",
    "zero",
]  # fmt: skip

Values: TypeAlias = "dict[str, Any]"
Form: TypeAlias = Literal[
    "string", "bool", "int", "uint", "float", "duration", "octal", "any", "url", "base64", "text", "args", "ports"
]


class Leaf(NamedTuple):
    """A leaf, by the Go type that error texts name.

    ``form``: how it is read; ``"any"`` is what YAML makes of it, collections too, ``"args"`` a text or a list of them,
    ``"ports"`` a port or a range. ``text``: the type of a form ``"text"``, which reads itself. ``bits``: the size of a number.
    """

    go: str
    form: Form
    bits: int = 64
    is_pointer: bool = False
    text: TextType | None = None

    @property
    def reads_yaml(self) -> bool:
        """Whether its Go type unmarshals YAML itself."""
        return self.form in {"url", "base64", "args", "ports"} or (self.text is not None and self.text.is_string)

    @property
    def reads_text(self) -> bool:
        """Whether its Go type unmarshals the text of a scalar itself."""
        return self.text is not None and not self.text.is_string


STRING = Leaf("string", "string")
BOOL = Leaf("bool", "bool", is_pointer=True)
FLAG = Leaf("bool", "bool")
URL = Leaf("meta.URL", "url")
BASE64 = Leaf("v1alpha1.Base64Bytes", "base64")
ANY = Leaf("interface {}", "any")


REDACTED_KEY = "******"
"""The one key text that Talos takes as it is, not as base64."""


class Struct(NamedTuple):
    """A Go struct: its type name, and its keys in the order Talos writes them.

    ``always``: keys written even when empty; ``unless_nil``: keys left out only when they are absent. ``base64``: keys
    whose text must be base64, checked once the struct is read, unless it is their ``raw`` text; ``read_as`` is the type
    that it is read as then. ``is_pointer``: Go holds a
    pointer to it, so it can be absent. ``replaces``: keys whose values replace those before them in a merge.
    ``is_open``: it takes any key, with any value. ``names``: what Go calls its fields.
    """

    go: str
    fields: Mapping[str, Shape]
    always: frozenset[str] = frozenset()
    base64: tuple[str, ...] = ()
    raw: Mapping[str, str] = MappingProxyType({})
    is_pointer: bool = False
    unless_nil: frozenset[str] = frozenset()
    replaces: frozenset[str] = frozenset()
    is_open: bool = False
    names: Mapping[str, str] = MappingProxyType({})
    read_as: str = ""


class ListOf(NamedTuple):
    """A Go slice; ``name`` is that of its type, if it has one."""

    item: Shape
    name: str = ""

    @property
    def go(self) -> str:
        """The type as Go prints it."""
        return self.name or f"[]{go_type(self.item)}"


class MapOf(NamedTuple):
    """A Go map from strings; ``name`` is that of its type, if it has one."""

    item: Shape
    name: str = ""

    @property
    def go(self) -> str:
        """The type as Go prints it."""
        return self.name or f"map[string]{go_type(self.item)}"


Shape: TypeAlias = Leaf | Struct | ListOf | MapOf


def go_name(shape: Shape) -> str:
    """The name of the Go type that a shape is read as, without the ``*`` of a pointer."""
    return (isinstance(shape, Struct) and shape.read_as) or shape.go


def is_pointer(shape: Shape) -> bool:
    """Whether Go holds a pointer to it."""
    return isinstance(shape, Leaf | Struct) and shape.is_pointer


def go_type(shape: Shape) -> str:
    """A shape's Go type."""
    return f"*{shape.go}" if is_pointer(shape) else shape.go


def zero(shape: Shape) -> Any:
    """The value that Go has where nothing is set."""
    if is_pointer(shape):
        return None
    if isinstance(shape, Leaf):
        return shape.text.zero if shape.text else _ZEROS.get(shape.form)
    return [] if isinstance(shape, ListOf) else {}


_ZEROS: dict[Form, Any] = {
    **dict.fromkeys(("string", "url", "base64"), ""),
    **dict.fromkeys(("int", "uint", "float", "octal", "ports"), 0),
    "bool": False,
    "duration": "0s",
}


class Kind(NamedTuple):
    """A document kind: its Go struct and what Talos refuses in it.

    ``problems`` takes values of the struct; ``named`` kinds are told apart by ``name``, others occur once.
    """

    name: str
    struct: Struct
    named: bool
    problems: Callable[[Values, Release], Iterator[Problem]]
