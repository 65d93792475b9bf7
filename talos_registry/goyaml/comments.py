"""Where the comments of a text are: what begins with ``#`` between the scalars."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.nodes import Alias, Mapping, Sequence
from talos_registry.goyaml.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml.nodes import Node, Scalar

__all__ = ["Stretch", "between", "block_indicators", "comments", "content_start", "inner_comments", "leaves", "stretch"]

_COMMENT = re.compile(rf"(?:\A|(?<=[\s,:\[\]{{}}]))#[^{BREAKS}]*")
_PROPERTIES = re.compile(rf"(?:[&!]\S*|\s|#[^{BREAKS}]*)*+")
_BLOCK_HEADER = re.compile(rf"[|>]\S*[ \t]*(?:#[^{BREAKS}]*)?")
_INDICATORS = re.compile(r"[|>][-+0-9]*")
_HEADER = re.compile(rf"(?:[&!][^\s]*[ \t]+)*[|>][-+0-9]*[ \t]*(#[^{BREAKS}]*)?")


class Stretch(NamedTuple):
    """A part of a text, by offsets, the end exclusive."""

    begin: int
    end: int


def leaves(root: Node) -> Iterator[Scalar | Alias]:
    """The scalars and aliases of a tree, as they stand in the text."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping | Sequence):
            waiting.extend(reversed(node.content))
        else:
            yield node


def stretch(node: Scalar | Alias, text: str) -> Stretch:
    """Where a scalar or alias stands, with its anchor and tag; a block scalar ends with its last line that has text."""
    begin, end = node.start_mark.index, node.end_mark.index
    if _is_block(node):
        end = begin + len(text[begin:end].rstrip(f" {BREAKS}"))
    return Stretch(begin, end)


def comments(roots: Iterable[Node], text: str) -> Iterator[Stretch]:
    """The comments of a text that holds the documents under ``roots``, in order."""
    done = 0
    for root in roots:
        for leaf in leaves(root):
            begin, end = stretch(leaf, text)
            yield from between(text, done, begin)
            yield from inner_comments(leaf, text)
            done = end
    yield from between(text, done, len(text))


def inner_comments(leaf: Scalar | Alias, text: str) -> Iterator[Stretch]:
    """The comments within the stretch of a leaf: after its anchor and tag, and after the ``|`` of a block."""
    begin, end = stretch(leaf, text)
    yield from between(text, begin, content_start(leaf, text, begin, end))


def content_start(leaf: Node, text: str, begin: int, end: int) -> int:
    """Where the content of a leaf that stands between two offsets begins."""
    if leaf.anchor or leaf.tag:
        begin = _PROPERTIES.match(text, begin, end).end()  # type: ignore[union-attr]  # it matches the empty text
    header = _BLOCK_HEADER.match(text, begin, end) if getattr(leaf, "style", "") in {"|", ">"} else None
    return header.end() if header else begin


def block_indicators(leaf: Node, text: str) -> Stretch:
    """Where the ``|`` or ``>`` of a block scalar stands, with what goes with it."""
    begin = _PROPERTIES.match(text, leaf.start_mark.index).end()  # type: ignore[union-attr]  # it matches the empty text
    return Stretch(*_INDICATORS.match(text, begin).span())  # type: ignore[union-attr]  # a block scalar has one


def header_comment(leaf: Scalar | Alias, text: str) -> Stretch | None:
    """The comment on the first line of a block scalar, which is part of its stretch."""
    match = _HEADER.match(text, leaf.start_mark.index) if _is_block(leaf) else None
    return Stretch(*match.span(1)) if match and match[1] else None


def _is_block(node: Scalar | Alias) -> bool:
    return not isinstance(node, Alias) and node.style in {"|", ">"}


def between(text: str, begin: int, end: int) -> Iterator[Stretch]:
    """The comments between two offsets that have no part of a scalar between them."""
    if "#" in text[begin:end]:
        yield from (Stretch(begin + match.start(), begin + match.end()) for match in _COMMENT.finditer(text[begin:end]))
