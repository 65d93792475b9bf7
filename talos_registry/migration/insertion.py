"""New members put into the mappings of a text, with their comments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.goyaml.emitter import Branch, write
from talos_registry.goyaml.nodes import Mapping, pairs, text_end
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import Lines, apply_edits
from talos_registry.migration.comments import with_comments
from talos_registry.migration.removal import comments_below

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Edit, Path
    from talos_registry.migration.comments import Comment
    from talos_registry.versions import Release

__all__ = ["as_block", "with_members"]

Data = dict[str, Any]


def with_members(text: str, root: Mapping, data: Data, comments: Iterable[Comment], target: Release) -> str:
    """The text with ``data`` added to the mapping ``root`` in it; mappings that are there already are added to.

    What goes into a mapping in flow style has no room for comments: they come to the end of the text.
    """
    inserter = _Inserter(Lines(text), [*comments], target)
    changed = apply_edits(text, inserter.edits(root, data, ()))
    if not inserter.homeless:
        return changed
    line_break = inserter.line_break
    end = "" if changed.endswith(("\n", "\r")) else line_break
    return changed + end + "".join(f"{comment.text}{line_break}" for comment in inserter.homeless)


def as_block(data: Data, comments: Iterable[Comment], target: Release, line_break: str) -> str:
    """Data as a document of its own, with comments."""
    return with_comments(write(from_value(data, target)), comments).replace("\n", line_break)


class _Inserter:
    """Finds the places for new members."""

    def __init__(self, lines: Lines, comments: list[Comment], target: Release) -> None:
        self.line_break = lines.line_break
        self.homeless: list[Comment] = []
        self._lines = lines
        self._comments = comments
        self._target = target

    def edits(self, mapping: Mapping, data: Data, path: Path) -> Iterator[Edit]:
        """The edits that add ``data`` to a mapping."""
        there = {key.value: value for key, value in pairs(mapping)}
        new = {key: value for key, value in data.items() if not isinstance(there.get(key), Mapping)}
        for key, value in data.items():
            inner = there.get(key)
            if isinstance(inner, Mapping):
                yield from self.edits(inner, value, (*path, key))
        if new:
            own = [one._replace(path=one.path[len(path) :]) for one in self._comments if _is_in(one, path, new)]
            yield self._in_flow(mapping, new, own) if mapping.flow else self._in_block(mapping, new, own)

    def _in_flow(self, mapping: Mapping, new: Data, own: list[Comment]) -> Edit:
        self.homeless += own
        at = text_end(mapping.content[-1], self._lines.text)
        members = Branch(from_value(new, self._target).items, is_mapping=True, flow=True)  # type: ignore[union-attr]  # of a dict comes a branch
        return self._lines.edit(at, at, f", {write(members)[1:-2]}")

    def _in_block(self, mapping: Mapping, new: Data, own: list[Comment]) -> Edit:
        lines, column = self._lines, mapping.content[0].start_mark.column
        at = lines.following(text_end(mapping, lines.text))
        at = comments_below(lines, at, max(column - 1, 0), len(lines.text))
        begin = "" if lines.text.endswith(("\n", "\r"), 0, at) else self.line_break
        block = as_block(new, own, self._target, self.line_break).splitlines(keepends=True)
        return lines.edit(at, at, begin + "".join(" " * column + line for line in block))


def _is_in(comment: Comment, path: Path, new: Data) -> bool:
    depth = len(path)
    return comment.path[:depth] == path and len(comment.path) > depth and comment.path[depth] in new
