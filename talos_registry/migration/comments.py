"""Comments on their way from one text to another: what they stand at, and how they get there again."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import between, content_start
from talos_registry.goyaml.composer import Tree, documents
from talos_registry.goyaml.nodes import Mapping, Sequence, pairs
from talos_registry.goyaml.tags import is_null
from talos_registry.goyaml.text import Lines, apply_edits
from talos_registry.versions import LATEST, release

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Literal

    from talos_registry.diagnostic import Edit, Path
    from talos_registry.goyaml.comments import Stretch
    from talos_registry.goyaml.nodes import Node

__all__ = ["Comment", "Leaf", "all_comments", "comments_in", "leaves", "with_comments"]

_INDENT = re.compile(" *")


class Comment(NamedTuple):
    """A comment, from its ``#`` on, and where it stands: on the lines before, beside or after what is at ``path``."""

    text: str
    path: Path
    place: Literal["before", "beside", "after"]


class Leaf(NamedTuple):
    """A key, with the path of its value, or an item or value that holds no others."""

    path: Path
    node: Node

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.node.start_mark.index

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.node.end_mark.index


def leaves(node: Node, path: Path = ()) -> Iterator[Leaf]:
    """The keys and scalars below a node, in the order of the text; null items of lists do not count."""
    if isinstance(node, Mapping):
        for key, value in pairs(node):
            yield from leaves(key, (*path, key.value))
            yield from leaves(value, (*path, key.value))
    elif isinstance(node, Sequence):
        index = 0
        for item in node.content:
            yield from leaves(item, (*path, index))
            index += not is_null(item)
    elif node.start_mark.index < node.end_mark.index:
        yield Leaf(path, node)


def comments_in(lines: Lines, found: list[Leaf], begin: int, end: int) -> list[Comment]:
    """The comments between two offsets, which cut no leaf in two, each at what it belongs to."""
    first, last = (bisect_left(found, place, key=lambda leaf: leaf.start) for place in (begin, end))
    placing = _Placing(lines, found[first:last])
    return [placing.comment(where) for where in _stretches(lines.text, placing.leaves, begin, end)]


def all_comments(text: str, trees: Iterable[Tree]) -> list[str]:
    """The texts of all comments of a text."""
    found = [leaf for tree in trees for leaf in leaves(tree.root)]
    return [text[slice(*where)].rstrip() for where in _stretches(text, found, 0, len(text))]


def _stretches(text: str, inside: list[Leaf], begin: int, end: int) -> Iterator[Stretch]:
    done = begin
    for leaf in inside:
        yield from between(text, done, content_start(leaf.node, text, leaf.start, leaf.end))
        done = leaf.end
    yield from between(text, done, end)


class _Placing:
    """Finds what comments belong to, among some leaves."""

    def __init__(self, lines: Lines, found: list[Leaf]) -> None:
        self.leaves = found
        self._lines = lines
        self._starts = [leaf.start for leaf in found]
        self._columns: dict[Path, int] = {}
        for leaf in found:
            column = leaf.node.start_mark.column
            self._columns.setdefault(leaf.path, column)
            parent = leaf.path[:-1]
            if parent and isinstance(parent[-1], int):
                self._columns.setdefault(parent, column - len("- "))

    def comment(self, where: Stretch) -> Comment:
        """The comment that stands there."""
        text, offset = self._lines.text[slice(*where)].rstrip(), where.begin
        line = self._lines.start(offset)
        index = bisect_left(self._starts, offset)
        first_on_line = bisect_left(self._starts, line)
        if first_on_line < index:
            return Comment(text, self.leaves[first_on_line].path, "beside")
        following = self.leaves[index] if index < len(self.leaves) else None
        preceding = self.leaves[index - 1] if index else None
        if following and (preceding is None or not _is_deeper(offset - line, following, preceding)):
            return Comment(text, following.path, "before")
        return Comment(text, self._level(preceding.path, offset - line) if preceding else (), "after")

    def _level(self, path: Path, column: int) -> Path:
        """The outermost part of a path that is indented at least as deep as a comment after it."""
        parts = (path[:depth] for depth in range(1, len(path)))
        return next((part for part in parts if self._columns.get(part, -1) >= column), path)


def _is_deeper(column: int, following: Leaf, preceding: Leaf) -> bool:
    """Whether a comment is indented like what comes before it, not like what follows."""
    return following.path[: len(preceding.path)] != preceding.path and column > following.node.start_mark.column


class _Extent(NamedTuple):
    """Where something stands: its first and last leaf."""

    first: Leaf
    last: Leaf


def with_comments(text: str, comments: Iterable[Comment]) -> str:
    """A text in block style with comments put where they belong; what has no place of its own there goes to its parent.

    The path ``()`` is the whole text.
    """
    (tree,) = documents(text, release(LATEST))
    if not isinstance(tree, Tree):
        raise TypeError("the text is no document")
    extents = _extents(tree.root)
    writer = _Writer(text, extents)
    # What is after one thing is above what is before the next.
    ordered = sorted(comments, key=lambda comment: comment.place != "after")
    return apply_edits(text, [writer.edit(comment) for comment in ordered])


def _extents(root: Node) -> dict[Path, _Extent]:
    extents: dict[Path, _Extent] = {}
    for leaf in leaves(root):
        for depth in range(len(leaf.path) + 1):
            known = extents.get(leaf.path[:depth])
            extents[leaf.path[:depth]] = _Extent(known.first if known else leaf, leaf)
    return extents


class _Writer:
    """Finds the place of each comment in a text."""

    def __init__(self, text: str, extents: dict[Path, _Extent]) -> None:
        self._text = text
        self._lines = Lines(text)
        self._extents = extents
        self._taken: set[int] = set()

    def edit(self, comment: Comment) -> Edit:
        """The edit that writes a comment."""
        path, place = comment.path, comment.place
        while path not in self._extents:
            path, place = path[:-1], "after"
        first, last = self._extents[path]
        line, end = self._line(first.start)
        if place == "beside" and path and line not in self._taken:
            self._taken.add(line)
            return self._lines.edit(end, end, f" {comment.text}")
        at = self._line(last.end - 1)[1] + 1 if place == "after" else line
        indent = _INDENT.match(self._text, line)[0]  # type: ignore[index]  # it matches the empty text
        return self._lines.edit(at, at, f"{indent}{comment.text}\n")

    def _line(self, offset: int) -> tuple[int, int]:
        """Where a line begins and ends; what else YAML takes for a line break is a part of values here."""
        return self._text.rfind("\n", 0, offset) + 1, self._text.find("\n", offset)
