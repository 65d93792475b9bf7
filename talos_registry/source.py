r"""Bytes to YAML nodes with marks, and nothing constructed: quoting, tags, alias names and raw text stay visible.

The composer works over the events of PyYAML's C parser, because go-yaml, which Talos uses, is a port of the same
libyaml. What go-yaml decides differently is decided here: anchors live on across ``---``, the JSON escape ``\/`` and
any ``%YAML`` but 1.1 are refused. Where PyYAML has no C parser its pure one serves (see ``PARSER``).

Source: yaml/go-yaml v4, internal/libyaml/{composer,reader,scanner,errors}.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeAlias

import yaml
from yaml.events import (
    AliasEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import Parser
from yaml.reader import Reader, ReaderError
from yaml.scanner import Scanner

from talos_registry.diagnostic import Span
from talos_registry.feed import Feed, Source

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

__all__ = [
    "MAX_BYTES",
    "MAX_DEPTH",
    "PARSER",
    "Alias",
    "Broken",
    "Mapping",
    "Node",
    "Scalar",
    "Sequence",
    "Source",
    "Target",
    "Tree",
    "pairs",
    "read",
    "span",
]

MAX_DEPTH = 200
"""Levels of nesting this tool reads; Talos reads 10,000, and PyYAML's C parser can crash before that."""

MAX_BYTES = 16 * 1024 * 1024
"""The largest file this tool reads."""

_MAX_RESTARTS = 16


class _PureParser(Reader, Scanner, Parser):
    def __init__(self, stream: bytes) -> None:
        Reader.__init__(self, stream)
        Scanner.__init__(self)
        Parser.__init__(self)


def _parser() -> tuple[Callable[[bytes], Any], str]:
    if not yaml.__with_libyaml__:
        return _PureParser, "pure"
    from yaml.cyaml import CParser  # type: ignore[attr-defined]  # noqa: PLC0415 - not there without libyaml

    return CParser, "libyaml"


_Parser, PARSER = _parser()


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


class _Collection:
    """A mapping or sequence; a mapping's ``content`` holds keys and values in turn, as in go-yaml."""

    __slots__ = ("anchor", "content", "end_mark", "flow", "start_mark", "tag")

    value = ""

    def __init__(self, event: Any) -> None:  # noqa: ANN401 - PyYAML has no types
        self.anchor: str | None = event.anchor
        self.tag: str | None = event.tag
        self.start_mark: Mark = event.start_mark
        self.end_mark: Mark = event.end_mark
        self.flow: bool = event.flow_style
        self.content: list[Node] = []


class Mapping(_Collection):
    """A YAML mapping."""

    __slots__ = ()


class Sequence(_Collection):
    """A YAML sequence."""

    __slots__ = ()


class Alias:
    """A reference to an anchored node; ``value`` is the name, as in go-yaml."""

    __slots__ = ("end_mark", "start_mark", "target", "value")

    anchor = None
    tag = None

    def __init__(self, event: Any, target: Target) -> None:  # noqa: ANN401 - PyYAML has no types
        self.value: str = event.anchor
        self.target = target
        self.start_mark: Mark = event.start_mark
        self.end_mark: Mark = event.end_mark


Target: TypeAlias = "Scalar | Mapping | Sequence"
"""A node that is no alias."""

Node: TypeAlias = "Scalar | Mapping | Sequence | Alias"


class Tree(NamedTuple):
    """One document: its root, and where its text begins and ends in the source (character offsets)."""

    root: Node
    begin: int
    end: int


class Broken(NamedTuple):
    """Text that cannot be read as YAML.

    ``stage``, ``context`` and the marks (1-based line and column, None if unknown) are what go-yaml names;
    ``limit`` is set when this tool, not YAML, refuses. ``begin`` and ``end`` bound the text that is passed over.
    """

    stage: str
    problem: str
    mark: tuple[int, int]
    context: str = ""
    context_mark: tuple[int, int] | None = None
    context_offset: int = 0
    offset: int | None = None
    limit: bool = False
    begin: int = 0
    end: int = 0


def read(source: Source) -> Iterator[Tree | Broken]:
    """The documents of a stream, one tree at a time; after a broken one reading goes on at the next ``---``."""
    anchors: dict[str, Target] = {}
    feed = Feed.of(source)
    start: int | None = 0
    restarts = 0
    while start is not None and restarts <= _MAX_RESTARTS:
        composer = _Composer(source.text, feed, start, anchors)
        broken = yield from _trees(composer)
        if broken is None:
            return
        respelled = feed.respelled(broken.problem, broken.context, broken.context_offset, broken.offset)
        if respelled:
            feed, start = respelled, composer.end
            continue
        start = _next_document(source.text, broken, composer.end)
        restarts += 1
        end = len(source.text) if start is None or restarts > _MAX_RESTARTS else start
        yield broken._replace(begin=composer.end, end=end)


_NEXT_DOCUMENT = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)


def _next_document(text: str, broken: Broken, passed: int) -> int | None:
    if broken.offset is None:
        return None
    following = _NEXT_DOCUMENT.search(text, max(broken.offset, passed + 1))
    return following.start() if following else None


def _trees(composer: _Composer) -> Generator[Tree, None, Broken | None]:
    """Yields trees; returns what stopped it, if anything did."""
    try:
        yield from composer.trees()
    except _Stop as stop:
        return stop.broken
    except yaml.MarkedYAMLError as error:
        return _broken(error)
    except ReaderError as error:
        return Broken("reader", _reader_problem(error), _mark_of_byte(composer.data, error.position))
    return None


class _Stop(Exception):  # noqa: N818 - a way out of the composer, not an error
    def __init__(self, broken: Broken) -> None:
        self.broken = broken


class _Composer:
    """Composes trees from events."""

    def __init__(self, text: str, feed: Feed, start: int, anchors: dict[str, Target]) -> None:
        self._text = text
        self._feed = feed
        self._start = start
        self._anchors = anchors
        self._is_plain = not feed.spellings and "\\/" not in text
        self.end = start
        self.data = b""

    def trees(self) -> Iterator[Tree]:
        """The documents, in order."""
        self.data = self._feed.from_offset(self._start)
        self._next: Callable[[], Any] = _Parser(self.data).get_event
        self._next()
        while not isinstance(event := self._next(), StreamEndEvent):
            yield self._document(event)

    def _document(self, event: Any) -> Tree:  # noqa: ANN401 - PyYAML has no types
        if event.version not in (None, (1, 1)):
            raise _Stop(_at("parser", "found incompatible YAML document", event.start_mark))
        begin = event.end_mark.index if event.explicit else self.end
        if event.tags:
            begin = event.start_mark.index
        root = self._node()
        ended = self._next()
        self.end = ended.end_mark.index
        return Tree(root, begin, ended.start_mark.index)

    def _node(self) -> Node:
        """Composes without recursion, so that depth is only a count."""
        take, anchors, is_plain = self._next, self._anchors, self._is_plain
        open_collections: list[_Collection] = []
        while True:
            event = take()
            kind = event.__class__
            node: Any
            if kind is ScalarEvent:
                node = event if is_plain else self._scalar(event)
                if event.anchor is not None:
                    anchors[event.anchor] = node
            elif kind is MappingStartEvent or kind is SequenceStartEvent:
                opened = Mapping(event) if kind is MappingStartEvent else Sequence(event)
                if event.anchor is not None:
                    anchors[event.anchor] = opened
                open_collections.append(opened)
                if len(open_collections) > MAX_DEPTH:
                    raise _Stop(_too_deep(event.start_mark))
                continue
            elif kind is AliasEvent:
                node = self._alias(event)
            else:
                node = open_collections.pop()
                node.end_mark = event.end_mark
            if not open_collections:
                return node  # type: ignore[no-any-return]  # built above
            open_collections[-1].content.append(node)

    def _scalar(self, event: Scalar) -> Scalar:
        event.value = self._feed.original(event.value)
        if event.style == '"':
            self._refuse_json_slash(event)
        return event

    def _alias(self, event: Any) -> Alias:  # noqa: ANN401 - PyYAML has no types
        target = self._anchors.get(event.anchor)
        event.anchor = self._feed.original(event.anchor)
        if target is None:
            raise _Stop(_at("composer", f"unknown anchor '{event.anchor}' referenced", event.start_mark))
        return Alias(event, target)

    def _refuse_json_slash(self, event: Scalar) -> None:
        raw = self._text[event.start_mark.index : event.end_mark.index]
        found = _JSON_SLASH.search(raw)
        if found:
            line, column = _mark(event.start_mark)
            before = raw[: found.end() - 2].split("\n")
            here = (line + len(before) - 1, len(before[-1]) + (column if len(before) == 1 else 1))
            raise _Stop(
                Broken(
                    "scanner",
                    "found unknown escape character",
                    here,
                    "while scanning a quoted scalar",
                    (line, column),
                    offset=event.start_mark.index,
                )
            )


_JSON_SLASH = re.compile(r"(?<!\\)(?:\\\\)*\\/")


def _mark(mark: Any) -> tuple[int, int]:  # noqa: ANN401 - PyYAML has no types
    return mark.line + 1, mark.column + 1


def _at(stage: str, problem: str, mark: Any) -> Broken:  # noqa: ANN401 - PyYAML has no types
    return Broken(stage, problem, _mark(mark), offset=mark.index)


def _too_deep(mark: Any) -> Broken:  # noqa: ANN401 - PyYAML has no types
    return _at("parser", f"nested deeper than the {MAX_DEPTH} levels this tool reads", mark)._replace(limit=True)


def _mark_of_byte(data: bytes, position: int) -> tuple[int, int]:
    before = data[:position].decode("utf-8", "replace").splitlines()
    if not before or data[position - 1 : position] in b"\r\n":
        return len(before) + 1, 1
    return len(before), len(before[-1]) + 1


def _reader_problem(error: ReaderError) -> str:
    code = error.character if isinstance(error.character, int) else ord(error.character)
    return f"{error.reason} (value: {code})" if code >= 0 else str(error.reason)


def _broken(error: Any) -> Broken:  # noqa: ANN401 - PyYAML has no types
    stage = "parser" if isinstance(error, yaml.parser.ParserError) else "scanner"
    mark = error.problem_mark or error.context_mark
    return Broken(
        stage,
        error.problem,
        _mark(mark),
        (error.context or "").replace("while parsing a quoted scalar", "while scanning a quoted scalar"),
        _mark(error.context_mark) if error.context_mark else None,
        error.context_mark.index if error.context_mark else 0,
        mark.index,
    )


def pairs(mapping: Mapping) -> Iterator[tuple[Node, Node]]:
    """The keys and values of a mapping."""
    content = iter(mapping.content)
    return zip(content, content, strict=True)


def span(node: Node) -> Span:
    """Where a node stands; a block collection or scalar ends where its last line does."""
    start, end = node.start_mark, node.end_mark
    return Span(start.line + 1, start.column + 1, end.line + 1, end.column + 1)
