"""Comments on their way from one text to another: what they stand at, and how they get there again."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import Stretch, comments
from talos_registry.goyaml.editing import Cut
from talos_registry.goyaml.emitter import Branch, Text
from talos_registry.goyaml.nodes import Mapping, Sequence, pairs
from talos_registry.goyaml.tags import is_null
from talos_registry.goyaml.text import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as SequenceOf
    from typing import Literal

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.editing import Item
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node
    from talos_registry.goyaml.text import Lines

__all__ = ["Comment", "Comments", "LocatedNode", "located_nodes", "member_with_comments", "with_comments"]


class Comment(NamedTuple):
    """A comment, from its ``#`` on, and where it stands: on the lines before, beside or after what is at ``path``.

    Comments in a row that stand before or after one thing are one, of several lines.
    """

    text: str
    path: Path
    place: Literal["before", "beside", "after"]


class LocatedNode(NamedTuple):
    """A key, with the path of its value, or an item or value that holds no others."""

    path: Path
    node: Node

    @property
    def start(self) -> int:
        """Where it begins in the text."""
        return self.node.start_mark.index


def located_nodes(node: Node, path: Path = ()) -> Iterator[LocatedNode]:
    """The keys and scalars below a node, in the order of the text; null items of lists do not count."""
    if isinstance(node, Mapping):
        for key, value in pairs(node):
            yield from located_nodes(key, (*path, key.value))
            yield from located_nodes(value, (*path, key.value))
    elif isinstance(node, Sequence):
        index = 0
        for item in node.content:
            yield from located_nodes(item, (*path, index))
            index += not is_null(item)
    elif node.start_mark.index < node.end_mark.index:
        yield LocatedNode(path, node)


class Comments:
    """The comments of a text that holds the documents under ``roots``."""

    def __init__(self, lines: Lines, roots: Iterable[Node]) -> None:
        self._lines = lines
        self._begins, self._ends = array("Q"), array("Q")  # a file can be nothing but comments
        for begin, end in comments(roots, lines.text):
            self._begins.append(begin)
            self._ends.append(end)

    def taken_out(self, root: Node, cuts: SequenceOf[Cut]) -> list[Comment]:
        """Those that cuts in the document under ``root`` take out and do not put back, each at what it belongs to."""
        return [*_in_paragraphs(self._gone(root, [self._of_whole_lines(cut) for cut in cuts]))]

    def _gone(self, root: Node, cuts: SequenceOf[Cut]) -> Iterator[Comment]:
        put_back = [line.rstrip() for cut in cuts if "#" in cut.text for line in split_lines(cut.text)]
        nodes = [*located_nodes(root)]
        for comment in (comment for cut in cuts for comment in self._inside(cut, nodes)):
            line = next((line for line in put_back if line.endswith(comment.text)), None)
            if line is None:
                yield comment
            else:
                put_back.remove(line)

    def _of_whole_lines(self, cut: Cut) -> Cut:
        """The same cut from the begin of a line to the end of one; in braces a cut can begin or end within a comment."""
        lines, text = self._lines, self._lines.text
        begin = lines.start(cut.begin)
        end = cut.end if lines.start(cut.end) == cut.end else lines.end(cut.end)
        return Cut(begin, end, text[begin : cut.begin] + cut.text + text[cut.end : end])

    def _inside(self, cut: Cut, nodes: list[LocatedNode]) -> Iterator[Comment]:
        first, last = (bisect_left(nodes, place, key=lambda node: node.start) for place in cut[:2])
        placing = _Placing(self._lines, nodes[first:last])
        begin, end = (bisect_left(self._begins, place) for place in cut[:2])
        return map(placing.comment, map(Stretch, self._begins[begin:end], self._ends[begin:end]))


def _in_paragraphs(every: Iterable[Comment]) -> Iterator[Comment]:
    for (path, place), group in groupby(every, lambda comment: (comment.path, comment.place)):
        if place == "beside":
            yield from group
        else:
            yield Comment("\n".join(comment.text for comment in group), path, place)


class _Placing:
    """Finds what comments belong to, among some leaves."""

    def __init__(self, lines: Lines, nodes: list[LocatedNode]) -> None:
        self.nodes = nodes
        self._lines = lines
        self._starts = [leaf.start for leaf in nodes]
        self._columns: dict[Path, int] = {}
        for leaf in nodes:
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
            return Comment(text, self.nodes[first_on_line].path, "beside")
        following = self.nodes[index] if index < len(self.nodes) else None
        preceding = self.nodes[index - 1] if index else None
        if following and (preceding is None or not _is_deeper(offset - line, following, preceding)):
            return Comment(text, following.path, "before")
        return Comment(text, self._level(preceding.path, offset - line) if preceding else (), "after")

    def _level(self, path: Path, column: int) -> Path:
        """The outermost part of a path that is indented at least as deep as a comment after it."""
        parts = (path[:depth] for depth in range(1, len(path)))
        return next((part for part in parts if self._columns.get(part, -1) >= column), path)


def _is_deeper(column: int, following: LocatedNode, preceding: LocatedNode) -> bool:
    """Whether a comment is indented like what comes before it, not like what follows."""
    return following.path[: len(preceding.path)] != preceding.path and column > following.node.start_mark.column


def with_comments(branch: Branch, new: Iterable[Comment]) -> Branch:
    """A mapping in block style with comments put where they belong; what has no place of its own there goes to its parent.

    The path ``()`` is the whole mapping.
    """
    placed = _CommentsByPath(branch)
    # What is after one thing is above what is before the next.
    for comment in sorted(new, key=lambda comment: comment.place != "after"):
        placed.add(comment)
    return placed.annotated(branch)


def member_with_comments(member: tuple[Text, Written], new: Iterable[Comment]) -> tuple[Text, Written]:
    """A key and its value with comments, whose paths begin with the key; what comes after them is indented as part of the value."""
    branch = with_comments(Branch((member,), is_mapping=True), new)
    ((key, value),) = branch.items
    if isinstance(value, Branch) and value.items:
        return key, value._replace(foot=(*value.foot, *branch.foot))
    return key._replace(lead=(*key.lead, *branch.foot)), value


class _CommentsByPath:
    """Comments by the paths of what they are above, beside, or at the end of."""

    def __init__(self, branch: Branch) -> None:
        self._members = dict(_members(branch))
        self._following: dict[Path, Path] = {
            (*path, step): (*path, following)
            for path, steps in self._members.items()
            for step, following in pairwise(steps)
        }
        self._lead: dict[Path, list[str]] = {}
        self._beside: dict[Path, str] = {}
        self._foot: dict[Path, list[str]] = {}

    def add(self, comment: Comment) -> None:
        """Find the place of a comment."""
        path, place = comment.path, comment.place
        while path not in self._members and path:
            path, place = path[:-1], "after"
        if place == "after":
            self._add_after(path, comment.text)
            return
        beside = self._on_first_line(path)
        if place == "beside" and path and beside not in self._beside:
            self._beside[beside] = comment.text
        else:
            self._lead.setdefault(self._line(beside), []).append(comment.text)

    def _add_after(self, path: Path, text: str) -> None:
        if path in self._following:
            self._lead.setdefault(self._following[path], []).append(text)
        else:
            self._foot.setdefault(path[:-1], []).append(text)

    def _on_first_line(self, path: Path) -> Path:
        """What stands on the first line of a path: of the whole, and of an item with members, the first member."""
        inner = self._members[path]
        return (*path, inner[0]) if inner and (not path or isinstance(path[-1], int)) else path

    def _line(self, path: Path) -> Path:
        """What a line begins with, by what stands on it: the item, for its first member."""
        parent = path[:-1]
        is_first_of_item = parent and isinstance(parent[-1], int) and self._members[parent][0] == path[-1]
        return parent if is_first_of_item else path

    def annotated(self, branch: Branch, path: Path = ()) -> Branch:
        """The collection at a path with its comments."""
        members = zip(branch.items, self._members[path], strict=True)
        items = tuple(self._item(item, (*path, step)) for item, step in members)
        return branch._replace(items=items, comment=self._beside.get(path, ""), foot=tuple(self._foot.get(path, ())))

    def _item(self, item: Item, path: Path) -> Item:
        lead = tuple(self._lead.get(path, ()))
        if isinstance(item, Text | Branch):
            return self._leaf(item, path)._replace(lead=lead)
        key, value = item
        return key._replace(lead=lead), self._leaf(value, path)

    def _leaf(self, leaf: Written, path: Path) -> Written:
        if isinstance(leaf, Branch):
            return self.annotated(leaf, path)
        return leaf._replace(comment=self._beside.get(path, ""))


def _members(leaf: Written, path: Path = ()) -> Iterator[tuple[Path, tuple[str | int, ...]]]:
    """The paths of a leaf and of all below it, each with the last steps of those directly below."""
    if not isinstance(leaf, Branch):
        yield path, ()
        return
    steps = tuple(key.value for key, _ in leaf.items) if leaf.is_mapping else tuple(range(len(leaf.items)))
    yield path, steps
    for step, item in zip(steps, leaf.items, strict=True):
        yield from _members(item[1] if leaf.is_mapping else item, (*path, step))
