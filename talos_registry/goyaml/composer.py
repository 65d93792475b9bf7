r"""Text to YAML nodes, one document at a time: the one reader of all that is judged.

The composer works over the events of PyYAML's C parser, because go-yaml, which Talos uses, is a port of the same
libyaml. What go-yaml decides differently is decided here: anchors live on across ``---``, the JSON escape ``\/`` and
any ``%YAML`` but 1.1 are refused.

Source: yaml/go-yaml v4, internal/libyaml/{composer,reader,scanner,errors}.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml
from yaml.events import (
    AliasEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceStartEvent,
    StreamEndEvent,
)
from yaml.parser import ParserError
from yaml.reader import ReaderError

from talos_registry.goyaml.feed import Feed, Source, place
from talos_registry.goyaml.nodes import Alias, Collection, Mapping, Node, Scalar, Sequence, Target
from talos_registry.goyaml.parser import open_parser
from talos_registry.goyaml.tags import drop_lone_bangs, is_null
from talos_registry.limits import MAX_DEPTH, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from talos_registry.versions import Release

__all__ = [
    "Broken",
    "Source",
    "Tree",
    "documents",
    "is_read_ahead",
    "place",
]

_MAX_STARTS, _MAX_REREAD = 64, 64 * 1024 * 1024
"""How often, and how many bytes in all, a text is read from its start to get past what stops the parser."""


class Tree(NamedTuple):
    """One document: its root, and where its text begins and ends in the source (character offsets).

    ``index`` is what paths begin with; a null counts as no document, so the next one has the same index.
    """

    index: int  # type: ignore[assignment]  # not the method of tuples, which nobody wants here
    root: Node
    begin: int
    end: int

    @property
    def is_null(self) -> bool:
        """Whether there is nothing in it, which go-yaml skips."""
        return is_null(self.root)


class Broken(NamedTuple):
    """Text that cannot be read as YAML.

    ``stage``, ``context`` and the marks (1-based line and column, None if unknown) are what go-yaml names, ``byte``
    is where the data stops being text; ``limit`` is set when this tool, not YAML, refuses. ``begin`` and ``end`` bound
    the text that is skipped, which counts as one document; ``index`` is what paths in it begin with.
    """

    stage: str
    problem: str
    mark: tuple[int, int]
    context: str = ""
    context_mark: tuple[int, int] | None = None
    context_offset: int = 0
    offset: int | None = None
    byte: int | None = None
    limit: bool = False
    begin: int = 0
    end: int = 0
    index: int = 0  # type: ignore[assignment]  # likewise


def documents(source: Source | str, release: Release) -> Iterator[Tree | Broken]:
    """The documents of a stream as a release reads them, one tree at a time.

    Text has lost its byte order mark already; another one is a character like others. Nulls are among the documents.
    After a broken one reading goes on at the next ``---``.
    """
    source = Source.of_decoded(source) if isinstance(source, str) else source
    anchors: dict[str, Target] = {}
    feed = Feed.of(source, release)
    index = 0
    start: int | None = 0
    starts_left = min(_MAX_STARTS, _MAX_REREAD // (len(feed.data) + 1))
    while start is not None:
        composer = _Composer(source.text, feed, start, anchors, index)
        broken = yield from _trees(composer)
        if broken is None:
            return
        index = composer.index
        starts_left -= 1
        respelled = feed.respelled(broken.problem, broken.context, broken.context_offset, broken.offset)
        if respelled and starts_left > 0:
            feed, start = respelled, composer.end
            continue
        composer.forget_unfinished()
        if respelled:
            broken = broken._replace(
                problem="The document is spelled in more ways of go-yaml's own than this tool follows.", limit=True
            )
        start = _next_document(source.text, broken, composer.end)
        begin = _HEAD.match(source.text, composer.end).end()  # type: ignore[union-attr]  # it matches the empty text
        yield broken._replace(begin=begin, end=len(source.text) if start is None else start, index=index)
        index += 1
        if start is not None and starts_left <= 0:
            problem = "So much of this file is broken that this tool does not read the rest."
            mark = place(source.text, start)
            yield Broken("parser", problem, mark, limit=True, begin=start, end=len(source.text), index=index)
            return


_HEAD = re.compile(r"(?:(?:[ \t]*+(?:#[^\r\n]*+)?(?:\r\n|[\r\n]))*+---(?=[ \t\r\n]|\Z))?")
"""What stands before the text of a document: comments and its ``---``."""

_READ_AHEAD = 3
"""The tokens go-yaml reads before it uses the first of them, to attach comments."""


def is_read_ahead(source: Source, end: int, release: Release) -> bool:
    """Whether go-yaml, to end a document at ``end``, reads on into text that is broken."""
    parser = open_parser(Feed.of(source, release).from_offset(end))
    try:
        for _ in range(1 + _READ_AHEAD):
            parser.get_token()
    except (yaml.MarkedYAMLError, ReaderError):
        return True
    return False


_NEXT_DOCUMENT = re.compile(r"^---(?=[ \t\r\n]|\Z)", re.MULTILINE)


def _next_document(text: str, broken: Broken, done: int) -> int | None:
    if broken.offset is None:
        return None
    following = _NEXT_DOCUMENT.search(text, max(broken.offset, done + 1))
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
        return Broken(
            "reader", _reader_problem(error), _mark_of_byte(composer.data, error.position), byte=error.position
        )
    return None


class _Stop(Exception):  # noqa: N818 - a way out of the composer, not an error
    def __init__(self, broken: Broken) -> None:
        self.broken = broken


class _Composer:
    """Composes trees from events; the first of them is the document at ``index``."""

    def __init__(self, text: str, feed: Feed, start: int, anchors: dict[str, Target], index: int) -> None:
        self._text = text
        self._feed = feed
        self._start = start
        self._anchors = anchors
        self._is_plain = not feed.spellings and "\\/" not in text
        self._drops_bangs = "!" in text and not feed.release.keeps_lone_bang
        self.index = index
        self.end = start
        self.data = b""
        self._open: list[Collection] = []

    def forget_unfinished(self) -> None:
        """Take the anchors of what a broken document has left unfinished away."""
        unfinished = {id(collection) for collection in self._open}
        for anchor in [anchor for anchor, node in self._anchors.items() if id(node) in unfinished]:
            del self._anchors[anchor]

    def trees(self) -> Iterator[Tree]:
        """The documents, in order."""
        self.data = self._feed.from_offset(self._start)
        self._next: Callable[[], Any] = open_parser(self.data).get_event
        self._next()
        while not isinstance(event := self._next(), StreamEndEvent):
            yield self._document(event)

    def _document(self, event: Any) -> Tree:
        if event.version not in (None, (1, 1)):
            raise _Stop(_at("parser", "found incompatible YAML document", event.start_mark))
        begin = event.end_mark.index if event.explicit else self.end
        if event.tags:
            begin = event.start_mark.index
        root = self._node()
        ended = self._next()
        self.end = ended.end_mark.index
        if self._drops_bangs:
            drop_lone_bangs(root)
        index = self.index
        self.index += root.__class__ is Mapping or not is_null(root)  # the first is quick to say
        return Tree(index, root, begin, ended.start_mark.index)

    def _node(self) -> Node:
        """Composes without recursion, so that depth is only a count."""
        take, anchors, is_plain = self._next, self._anchors, self._is_plain
        open_collections = self._open = list[Collection]()
        event: Any = None
        for _ in range(MAX_NODES):
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
                    raise _Stop(
                        _limit(
                            f"The document is nested deeper than the {MAX_DEPTH} levels this tool reads.",
                            event.start_mark,
                        )
                    )
                continue
            elif kind is AliasEvent:
                node = self._alias(event)
            else:
                node = open_collections.pop()
                node.end_mark = event.end_mark
            if not open_collections:
                return node  # type: ignore[no-any-return]  # built above
            open_collections[-1].content.append(node)
        raise _Stop(_limit(f"The document is larger than the {MAX_NODES} nodes this tool reads.", event.start_mark))

    def _scalar(self, event: Scalar) -> Scalar:
        event.value = self._feed.original(event.value)
        if event.style == '"':
            self._refuse_json_slash(event)
        return event

    def _alias(self, event: Any) -> Alias:
        target = self._anchors.get(event.anchor)
        event.anchor = self._feed.original(event.anchor)
        if target is None:
            raise _Stop(_at("composer", f"unknown anchor '{event.anchor}' referenced", event.start_mark))
        return Alias(event, target)

    def _refuse_json_slash(self, event: Scalar) -> None:
        raw = self._text[event.start_mark.index : event.end_mark.index]
        match = _JSON_SLASH.search(raw)
        if match:
            line, column = _mark(event.start_mark)
            before = raw[: match.end() - 2].split("\n")
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


def _mark(mark: Any) -> tuple[int, int]:
    return mark.line + 1, mark.column + 1


def _at(stage: str, problem: str, mark: Any) -> Broken:
    return Broken(stage, problem, _mark(mark), offset=mark.index)


def _limit(problem: str, mark: Any) -> Broken:
    return _at("parser", problem, mark)._replace(limit=True)


def _mark_of_byte(data: bytes, position: int) -> tuple[int, int]:
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    before = data[:position].decode(encoding, "ignore")
    return place(before, len(before))


def _reader_problem(error: ReaderError) -> str:
    code = error.character if isinstance(error.character, int) else ord(error.character)
    return f"{error.reason} (value: {code})" if code >= 0 else str(error.reason)


def _broken(error: Any) -> Broken:
    stage = "parser" if error.__class__ is ParserError else "scanner"
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
