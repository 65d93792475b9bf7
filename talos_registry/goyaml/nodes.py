"""YAML nodes with their places: nothing constructed, so quoting, tags, alias names and raw text stay visible."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from yaml.events import ScalarEvent

from talos_registry.diagnostic import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Alias",
    "Collection",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Target",
    "last_node",
    "pairs",
    "span",
    "text_end",
]

if TYPE_CHECKING:

    class Mark(Protocol):
        """A place in the text: 0-based offset, line and column, in characters."""

        index: int
        line: int
        column: int

    class Scalar:
        """A scalar: raw text, ``style`` as written (``""`` for plain), and the explicit ``tag`` if there is one."""

        anchor: str | None
        tag: str | None
        value: str
        style: str
        start_mark: Mark
        end_mark: Mark

else:
    Scalar = ScalarEvent  # the parser's own event: copying every scalar would cost as much as reading it


class Collection:
    """A mapping or sequence; a mapping's ``content`` holds keys and values in turn, as in go-yaml."""

    __slots__ = ("anchor", "content", "end_mark", "flow", "start_mark", "tag")

    value = ""

    def __init__(self, event: Any) -> None:
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.start_mark: Mark = event.start_mark
        self.end_mark: Mark = event.end_mark
        self.flow: bool = event.flow_style
        self.content: list[Node] = []


class Mapping(Collection):
    """A YAML mapping."""

    __slots__ = ()


class Sequence(Collection):
    """A YAML sequence."""

    __slots__ = ()


class Alias:
    """A reference to an anchored node; ``value`` is the name, as in go-yaml."""

    __slots__ = ("end_mark", "start_mark", "target", "value")

    anchor = None
    tag = None

    def __init__(self, event: Any, target: Target) -> None:
        self.value: str = event.anchor
        self.target = target
        self.start_mark: Mark = event.start_mark
        self.end_mark: Mark = event.end_mark


Target: TypeAlias = "Scalar | Mapping | Sequence"
"""A node that is no alias."""

Node: TypeAlias = "Scalar | Mapping | Sequence | Alias"


def pairs(mapping: Mapping) -> Iterator[tuple[Node, Node]]:
    """The keys and values of a mapping."""
    content = iter(mapping.content)
    return zip(content, content, strict=True)


def last_node(node: Node) -> Node:
    """The node that the text of a node ends with: of a block collection its last one, all the way down."""
    while isinstance(node, Mapping | Sequence) and node.content and not node.flow:
        node = node.content[-1]
    return node


def text_end(node: Node, text: str) -> int:
    """Where the last character of a node has been; a block reaches on to what comes after it."""
    end = last_node(node).end_mark.index
    while end and text[end - 1].isspace():
        end -= 1
    return end


def span(node: Node) -> Span:
    """Where a node stands; a block collection or scalar ends where its last line does."""
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
