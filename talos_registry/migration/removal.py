"""Which stretches of a text to take out so that some entries of its mappings are gone, and mappings left empty with them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import Stretch
from talos_registry.goyaml.nodes import Mapping, pairs, text_end
from talos_registry.goyaml.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.composer import Tree
    from talos_registry.goyaml.nodes import Node
    from talos_registry.goyaml.text import Lines

__all__ = ["Member", "Removal", "comments_below", "document", "whole"]

_COMMENT_LINE = re.compile(f"([ \t]*)#[^{BREAKS}]*(?:\r\n|[{BREAKS}]|\\Z)")
_BLANK_LINES = re.compile(f"(?:[ \t]*(?:\r\n|[{BREAKS}]))*")
_COMMENT_BELOW = re.compile(f"(?:[ \t]*(?:\r\n|[{BREAKS}]))*([ \t]*)#[^{BREAKS}]*(?:\r\n|[{BREAKS}]|\\Z)")


class Member(NamedTuple):
    """A key of a mapping with its value."""

    path: Path
    key: Node
    value: Node

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.key.start_mark.index

    def end(self, text: str) -> int:
        """Where it ends."""
        return max(text_end(self.key, text), text_end(self.value, text))


class Removal:
    """The members to remove from a mapping, by their ``paths``; what is left empty by it goes too."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = frozenset(paths)
        self._parents = {path[:depth] for path in self._paths for depth in range(len(path))}

    def remaining(self, mapping: Mapping, path: Path = ()) -> list[Member]:
        """The members of a mapping that stay."""
        return [member for member in _members(mapping, path) if not self._takes(member)]

    def _takes(self, member: Member) -> bool:
        if member.path in self._paths:
            return True
        is_parent = member.path in self._parents and isinstance(member.value, Mapping)
        return is_parent and not self.remaining(member.value, member.path)  # type: ignore[arg-type]  # it is a mapping

    def regions(self, lines: Lines, mapping: Mapping, path: Path = ()) -> Iterator[Stretch]:
        """The stretches to take out of a mapping of which some members stay, with the comments that belong to them."""
        members = _members(mapping, path)
        taken = [self._takes(member) for member in members]
        for begin, end in _runs(taken):
            preceding = members[begin - 1] if begin else None
            following = members[end] if end < len(members) else None
            if mapping.flow:
                yield _in_flow(lines.text, members[begin:end], preceding, following)
            else:
                yield _in_block(lines, members[begin:end], following)
        for member, is_taken in zip(members, taken, strict=True):
            if member.path in self._parents and not is_taken and isinstance(member.value, Mapping):
                yield from self.regions(lines, member.value, member.path)


def _members(mapping: Mapping, path: Path) -> list[Member]:
    return [Member((*path, key.value), key, value) for key, value in pairs(mapping)]


def whole(lines: Lines, root: Mapping) -> Stretch:
    """The stretch of a whole document, with the blank lines after it but without the comments around it."""
    begin = root.start_mark.index if root.flow else lines.start(root.content[0].start_mark.index)
    return Stretch(begin, _end_of_document(lines, root))


def document(lines: Lines, tree: Tree) -> Stretch:
    """The stretch of a whole document with the ``---`` before it, and the comments that belong to it."""
    root = tree.root
    if lines.text.endswith("---", 0, tree.begin):
        return Stretch(tree.begin - len("---"), _end_of_document(lines, root))
    begin = _with_comments_above(lines, lines.start(root.start_mark.index), 0)
    return Stretch(begin, _end_of_document(lines, root))


def _end_of_document(lines: Lines, root: Node) -> int:
    end = lines.following(text_end(root, lines.text))
    end = comments_below(lines, end, 0, len(lines.text))
    return _BLANK_LINES.match(lines.text, end).end()  # type: ignore[union-attr]  # it matches the empty text


def _runs(taken: list[bool]) -> Iterator[tuple[int, int]]:
    """The stretches of members that go, as indices."""
    begin = None
    for index, is_taken in enumerate([*taken, False]):
        if is_taken and begin is None:
            begin = index
        elif not is_taken and begin is not None:
            yield begin, index
            begin = None


def _in_flow(text: str, run: list[Member], preceding: Member | None, following: Member | None) -> Stretch:
    if following is not None:
        return Stretch(run[0].start, following.start)
    return Stretch(preceding.end(text) if preceding else run[0].start, run[-1].end(text))


def _in_block(lines: Lines, run: list[Member], following: Member | None) -> Stretch:
    column = run[0].key.start_mark.column
    limit = following.start if following else len(lines.text)
    end = comments_below(lines, lines.following(run[-1].end(lines.text)), column, limit)
    begin = lines.start(run[0].start)
    return Stretch(_with_comments_above(lines, begin, column) if len(run[0].path) > 1 else begin, end)


def comments_below(lines: Lines, end: int, column: int, limit: int) -> int:
    """Where the comment lines below a line end, as far as they are indented deeper than a column."""
    while (found := _COMMENT_BELOW.match(lines.text, end, limit)) and len(found[1]) > column:
        end = found.end()
    return end


def _with_comments_above(lines: Lines, begin: int, column: int) -> int:
    """Where the comment lines right above a line begin, as far as they are not indented deeper than it."""
    while begin:
        above = lines.start(begin - 1)
        found = _COMMENT_LINE.fullmatch(lines.text, above, begin)
        if not found or len(found[1]) > column:
            return begin
        begin = above
    return begin
