"""New entries of the legacy section, with their comments, as a plan for the v1alpha1 document or as a document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.goyaml.editing import REMOVE, Members
from talos_registry.goyaml.nodes import Mapping, pairs
from talos_registry.goyaml.representer import from_value
from talos_registry.migration.comments import member_with_comments, with_comments

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Mapping as MappingOf

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.editing import Item, Plan
    from talos_registry.goyaml.emitter import Branch
    from talos_registry.migration.comments import Comment
    from talos_registry.versions import Release

__all__ = ["NewEntries"]

_Data = dict[str, Any]


class NewEntries:
    """The values of new ``entries`` by their paths in the v1alpha1 document."""

    def __init__(self, entries: MappingOf[Path, _Data], release: Release) -> None:
        self._entries = entries
        self._release = release
        self._data: _Data = {}
        for path, values in entries.items():
            parent = self._data
            for step in path[:-1]:
                parent = parent.setdefault(str(step), {})
            parent[str(path[-1])] = values

    def document(self, comments: Iterable[Comment]) -> Branch:
        """The entries as a document of their own."""
        return with_comments(from_value(self._data, self._release), comments)  # type: ignore[arg-type]  # of a dict comes a branch

    def plan(self, root: Mapping, comments: Iterable[Comment]) -> tuple[Members, list[Comment]]:
        """The plan that puts the entries into a document, in the place of those there are, and the comments that have no room there.

        What goes into braces has none.
        """
        planning = _Planning(self._entries, self._release, comments)
        return planning.members(root, self._data, ()), planning.homeless


class _Planning:
    def __init__(self, entries: MappingOf[Path, _Data], release: Release, comments: Iterable[Comment]) -> None:
        self._entries = entries
        self._release = release
        self._comments: dict[Path, list[Comment]] = {}
        for comment in comments:
            for depth in range(1, len(comment.path) + 1):
                self._comments.setdefault(comment.path[:depth], []).append(comment)
        self.homeless: list[Comment] = []

    def members(self, mapping: Mapping, data: _Data, path: Path) -> Members:
        """What becomes of the members of a mapping."""
        places = {key.value: (at, value) for at, (key, value) in enumerate(pairs(mapping))}
        changes: dict[int, Plan] = {}
        added: dict[int, list[Item]] = {}
        for name, new in data.items():
            here = (*path, name)
            at, value = places.get(name, (None, None))
            if at is not None and here not in self._entries and isinstance(value, Mapping) and value.content:
                changes[at] = self.members(value, new, here)
                continue
            if at is not None:
                changes[at] = REMOVE
            position = len(places) if at is None else at + 1
            added.setdefault(position, []).append(self._member(here, new, has_room=not mapping.flow))
        return Members(changes, {position: tuple(items) for position, items in added.items()})

    def _member(self, path: Path, value: _Data, *, has_room: bool) -> Item:
        (member,) = from_value({str(path[-1]): value}, self._release).items  # type: ignore[union-attr]  # of a dict comes a branch
        depth, comments = len(path) - 1, self._comments.get(path, [])
        if not has_room:
            self.homeless += comments
            return member  # type: ignore[no-any-return]  # a key and a value
        return member_with_comments(member, (comment._replace(path=comment.path[depth:]) for comment in comments))
