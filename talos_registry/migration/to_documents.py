"""From the legacy section to documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.documents.encoder import written_form
from talos_registry.goyaml.editing import REMOVE, CannotEdit, Cut, Members, Replace, with_cuts
from talos_registry.goyaml.nodes import pairs
from talos_registry.migration.comments import Comment, with_comments
from talos_registry.migration.outcome import Migration
from talos_registry.migration.page import Page
from talos_registry.migration.places import in_document
from talos_registry.migration.proof import Planned, not_in_place, prove
from talos_registry.migration.removal import removal, whole
from talos_registry.migration.section import Stream, empty_sections
from talos_registry.migration.selection import select

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.editing import Plan
    from talos_registry.goyaml.emitter import Branch
    from talos_registry.goyaml.nodes import Mapping
    from talos_registry.loading import MachineConfig
    from talos_registry.migration.selection import Added, Selection
    from talos_registry.versions import Release

__all__ = ["to_documents"]


def to_documents(config: MachineConfig) -> Migration:
    """The config with those entries of the legacy section written as documents that can be.

    Raises:
        MigrateError: if nothing can be done.
    """
    stream = Stream.of(config)
    selection = select(config, stream)
    if stream.root is None:
        return Migration(config.text)
    going = [*(entry.path for entry in selection.taken), *empty_sections(stream.root)]
    if not going:
        return Migration(config.text, selection.stays, selection.notes)
    rewrite = _Rewrite(stream, stream.root, going)
    if rewrite.goes_whole and not selection.added and len(stream.trees) == 1:
        return Migration(config.text)  # a file without a document is no config
    try:
        return Migration(rewrite.text(selection), selection.stays, selection.notes)
    except CannotEdit as error:
        raise not_in_place(str(error)) from error


class _Rewrite:
    """One text on its way to documents."""

    def __init__(self, stream: Stream, root: Mapping, going: Iterable[Path]) -> None:
        self._stream = stream
        self._root = root
        self._page = Page(stream)
        self._plan = _unless_only_version(root, removal(root, going))

    @property
    def goes_whole(self) -> bool:
        """Whether nothing is left of the v1alpha1 document."""
        return self._plan is None

    def text(self, selection: Selection) -> str:
        """The new text, proven."""
        page, root = self._page, self._root
        cuts = (Cut(*whole(page.canvas, root), ""),) if self._plan is None else page.cuts(root, self._plan)
        comments = page.comments.taken_out(root, cuts)
        branches = _written(selection.added, comments, self._stream.config.release)
        homeless = [] if branches else comments
        text = self._in_its_place(branches, homeless) if self._plan is None else page.with_end(cuts, homeless, branches)
        prove(self._stream, text, self._planned(branches))
        return text

    def _in_its_place(self, branches: list[Branch], comments: list[Comment]) -> str:
        page = self._page
        begin, end = whole(page.canvas, self._root)
        start = "" if begin == page.canvas.lines.start(begin) else page.canvas.line_break
        cut = Cut(begin, end, start + page.documents(branches) + page.lines(comments))
        text = with_cuts(page.text, [cut] if branches else [*self._without_marker(), cut])
        return page.without_new_end(text, branches) if end == len(page.text) else text

    def _without_marker(self) -> list[Cut]:
        """The cut that takes away the ``---`` of a document that goes without another in its place."""
        text, begin = self._page.text, self._stream.trees[self._stream.legacy_index or 0].begin
        if not text.endswith("---", 0, begin):
            return []
        rest = _BLANK_REST.match(text, begin)
        return [Cut(begin - len("---"), rest.end() if rest else begin, "")]

    def _planned(self, branches: list[Branch]) -> list[Planned]:
        new = [Planned(None, Replace(branch)) for branch in branches]
        documents = [Planned(tree.root) for tree in self._stream.trees]
        index = self._stream.legacy_index or 0
        if self._plan is None:
            return [*documents[:index], *new, *documents[index + 1 :]]
        documents[index] = Planned(self._root, self._plan)
        return [*documents, *new]


_BLANK_REST = re.compile("[ \t]*(?:\r\n|[\r\n])")


def _unless_only_version(root: Mapping, plan: Plan) -> Members | None:
    """The plan; None if what it leaves would not be taken for a document."""
    if not isinstance(plan, Members):
        return None
    left = {key.value for at, (key, _) in enumerate(pairs(root)) if plan.changes.get(at) is not REMOVE}
    return None if left == {"version"} else plan


def _written(added: tuple[Added, ...], comments: list[Comment], release: Release) -> list[Branch]:
    """The new documents with the comments that belong to them."""
    routed: list[list[Comment]] = [[] for _ in added]
    homes = _Homes(added)
    for comment in comments if added else ():
        home, placed = homes.of(comment)
        routed[home].append(placed)
    return [with_comments(written_form(new.document, release), own) for new, own in zip(added, routed, strict=True)]


class _Homes:
    """Finds the document that a comment goes to."""

    def __init__(self, added: tuple[Added, ...]) -> None:
        indexed = [*enumerate(added)]
        self._by_kind: dict[tuple[Path, str], int] = {(new.path, new.document.kind): index for index, new in indexed}
        self._last = {new.path[:depth]: index for index, new in indexed for depth in range(5)}
        self._first = {new.path[:depth]: index for index, new in reversed(indexed) for depth in range(5)}

    def of(self, comment: Comment) -> tuple[int, Comment]:
        """The index of the document, and the comment as it stands there."""
        entry = comment.path[:4]
        places = in_document(str(entry[2]), comment.path[4:]) if len(entry) == 4 else ()  # noqa: PLR2004 - machine, registries, mirrors or config, name
        for kind, inner in places:
            if (entry, kind) in self._by_kind:
                path = ("name",) if comment.place == "beside" and not inner else inner
                return self._by_kind[entry, kind], comment._replace(path=path)
        while entry not in self._first:
            entry = entry[:-1]
        if comment.place == "after":
            return self._last[entry], comment._replace(path=())
        return self._first[entry], Comment(comment.text, (), "before")
