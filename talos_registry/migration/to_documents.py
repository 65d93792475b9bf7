"""From the legacy section to documents."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.documents.encoder import emit
from talos_registry.goyaml.text import Lines, apply_edits
from talos_registry.migration.comments import Comment, comments_in, leaves, with_comments
from talos_registry.migration.outcome import Migration
from talos_registry.migration.places import in_document
from talos_registry.migration.proof import Addition, prove
from talos_registry.migration.removal import Removal, whole
from talos_registry.migration.section import Stream, empty_sections
from talos_registry.migration.selection import select

if TYPE_CHECKING:
    from talos_registry.diagnostic import Edit, Path
    from talos_registry.goyaml.nodes import Mapping
    from talos_registry.loading.config import MachineConfig
    from talos_registry.migration.selection import Added, Selection

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
    empty = empty_sections(stream.root)
    if not (selection.taken or empty):
        return Migration(config.text, selection.stays, selection.notes)
    removal = Removal([*(entry.path for entry in selection.taken), *empty])
    rewrite = _Rewrite(config, stream, stream.root, removal)
    if rewrite.goes_whole and not selection.added and len(stream.trees) == 1:
        return Migration(config.text)  # a file without a document is no config
    return Migration(rewrite.text(selection), selection.stays, selection.notes)


class _Rewrite:
    """One text on its way to documents."""

    def __init__(self, config: MachineConfig, stream: Stream, root: Mapping, removal: Removal) -> None:
        self._config = config
        self._stream = stream
        self._root = root
        self._removal = removal
        self._lines = Lines(config.text)
        self._break = self._lines.line_break
        # What is left of the document would not be taken for one.
        self.goes_whole = all(member.key.value == "version" for member in removal.remaining(root))

    def text(self, selection: Selection) -> str:
        """The new text, proven."""
        lines, root = self._lines, self._root
        regions = [whole(lines, root)] if self.goes_whole else [*self._removal.regions(lines, root)]
        found = [*leaves(root)]
        comments = [comment for region in regions for comment in comments_in(lines, found, *region)]
        documents = _written(selection, comments, self._config.talos_version)
        documents = [one.replace("\n", self._break) for one in documents]
        edits = [lines.edit(*region, "") for region in regions]
        homeless = [] if documents else [f"{comment.text}{self._break}" for comment in comments]
        if self.goes_whole:
            text = apply_edits(lines.text, self._in_its_place(documents, homeless))
        else:
            text = self._appended(apply_edits(lines.text, edits), documents, homeless)
        self._prove(text, len(documents))
        return text

    def _appended(self, text: str, documents: list[str], comments: list[str]) -> str:
        end = "" if not (documents or comments) or text.endswith(("\n", "\r")) else self._break
        separator = f"---{self._break}"
        return text + end + "".join(comments) + "".join(separator + document for document in documents)

    def _in_its_place(self, documents: list[str], comments: list[str]) -> list[Edit]:
        lines = self._lines
        begin, end = whole(lines, self._root)
        start = "" if begin == lines.start(begin) else self._break
        new = f"---{self._break}".join(documents) + "".join(comments)
        edits = [lines.edit(begin, end, start + new)]
        return edits if documents else [*self._without_marker(), *edits]

    def _without_marker(self) -> list[Edit]:
        """The edit that takes away the ``---`` of a document that goes without another in its place."""
        begin = self._stream.trees[self._stream.legacy_index or 0].begin
        if not self._lines.text.endswith("---", 0, begin):
            return []
        rest = _BLANK_REST.match(self._lines.text, begin)
        return [self._lines.edit(begin - len("---"), rest.end() if rest else begin, "")]

    def _prove(self, text: str, added: int) -> None:
        trees, index = self._stream.trees, self._stream.legacy_index or 0
        kept = [(tree.root, self._removal if at == index else Removal(())) for at, tree in enumerate(trees)]
        if self.goes_whole:
            del kept[index]
        prove(self._config, text, kept, Addition(index if self.goes_whole else len(trees), added))


_BLANK_REST = re.compile("[ \t]*(?:\r\n|[\r\n])")


def _written(selection: Selection, comments: list[Comment], version: str) -> list[str]:
    """The new documents with the comments that belong to them."""
    routed: list[list[Comment]] = [[] for _ in selection.added]
    homes = _Homes(selection.added)
    for comment in comments if routed else ():
        home, placed = homes.of(comment)
        routed[home].append(placed)
    texts = (emit([one.document], talos_version=version) for one in selection.added)
    return [with_comments(text, own) for text, own in zip(texts, routed, strict=True)]


class _Homes:
    """Finds the document that a comment goes to."""

    def __init__(self, added: tuple[Added, ...]) -> None:
        indexed = [*enumerate(added)]
        self._by_kind: dict[tuple[Path, str], int] = {(one.path, one.document.kind): index for index, one in indexed}
        self._last = {one.path[:depth]: index for index, one in indexed for depth in range(5)}
        self._first = {one.path[:depth]: index for index, one in reversed(indexed) for depth in range(5)}

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
