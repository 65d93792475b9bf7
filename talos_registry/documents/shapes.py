"""The shapes Talos decodes YAML into: Go's types, as far as registry documents use them.

Values of a shape are plain data: ``str``, ``bool``, ``list`` and ``dict`` with Talos' own keys. A key that is unset is
absent. Text that is not valid UTF-8 (``!!binary``) is held as surrogate escapes.
"""

from __future__ import annotations

from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from talos_registry.messages import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from talos_registry.diagnostic import Problem
    from talos_registry.versions import Release

__all__ = ["Kind", "ListOf", "MapOf", "ScalarType", "Shape", "Struct", "Values"]

Values: TypeAlias = "dict[str, Any]"


class ScalarType(Enum):
    """A leaf, by the Go type that error texts name."""

    STRING = "string"
    BOOL = "bool"
    URL = "meta.URL"
    BASE64 = "v1alpha1.Base64Bytes"


class Struct(NamedTuple):
    """A Go struct: its type name, and its keys in the order Talos writes them.

    ``always``: keys written even when empty. ``undecoded``: further keys, which this tool does not decode; None means
    any but the ``misplaced``, which are known to belong elsewhere, and misspelt fields. ``base64``: keys whose text must be base64, checked once
    the struct is read, unless it is their ``raw`` text. ``is_pointer``: Go holds a pointer to it, so it can be absent.
    """

    go: str
    fields: Mapping[str, Shape]
    always: frozenset[str] = frozenset()
    undecoded: frozenset[str] | None = frozenset()
    misplaced: Mapping[str, str] = MappingProxyType({})
    base64: tuple[str, ...] = ()
    raw: Mapping[str, str] = MappingProxyType({})
    is_pointer: bool = False

    def lets_pass(self, key: str) -> bool:
        """Whether a key that is no field is let pass."""
        if self.undecoded is not None:
            return key in self.undecoded
        return key not in self.misplaced and not did_you_mean(key, self.fields, otherwise="", cutoff=0.75)


class ListOf(NamedTuple):
    """A Go slice."""

    item: Shape

    @property
    def go(self) -> str:
        """The type as Go prints it."""
        return f"[]{go_name(self.item)}"


class MapOf(NamedTuple):
    """A Go map from strings to pointers."""

    item: Shape

    @property
    def go(self) -> str:
        """The type as Go prints it."""
        return f"map[string]*{go_name(self.item)}"


Shape: TypeAlias = ScalarType | Struct | ListOf | MapOf


def go_name(shape: Shape) -> str:
    """The name of a shape's Go type."""
    return shape.value if isinstance(shape, ScalarType) else shape.go


class Kind(NamedTuple):
    """A document kind: its Go struct and what Talos refuses in it.

    ``problems`` takes values of the struct; ``named`` kinds are told apart by ``name``, others occur once.
    """

    name: str
    struct: Struct
    named: bool
    problems: Callable[[Values, Release], Iterator[Problem]]
