"""The text of a patch to what it asks for: documents and deletions, or the operations of a JSON Patch.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/load.go, configloader/internal/decoder/decoder.go (parse) and
container/container.go (Documents).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded
from talos_registry.documents.kinds import struct_of
from talos_registry.goyaml import Broken, Source, Tree, documents, write
from talos_registry.goyaml.composer import is_read_ahead, place
from talos_registry.goyaml.editing import ended
from talos_registry.goyaml.errors import unreadable
from talos_registry.goyaml.nodes import Mapping
from talos_registry.goyaml.representer import from_node, from_value
from talos_registry.limits import MAX_BYTES
from talos_registry.loading.config import document_text
from talos_registry.loading.conflicts import Conflicts
from talos_registry.loading.decoder import decode
from talos_registry.loading.statements import Selector, take_deletions
from talos_registry.patching.documents import drafted, name_twice
from talos_registry.patching.operations import JsonPatch, read_operations

if TYPE_CHECKING:
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading.decoder import Decoded
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["Addition", "Patch", "Strategic", "read_patch"]


class Addition(NamedTuple):
    """A document of a patch, to be merged or appended.

    ``line`` and ``column`` are where it begins.
    """

    draft: Draft
    line: int
    column: int


class Strategic(NamedTuple):
    """A strategic merge patch: its steps in Talos' order."""

    steps: tuple[Addition | Selector, ...]


Patch: TypeAlias = Strategic | JsonPatch


def read_patch(text: str | bytes, release: Release) -> Patch:
    """What a patch asks for.

    Raises:
        PatchError: with Talos' text if it is no patch.
    """
    if len(text) > MAX_BYTES:
        raise PatchError(f"the patch is larger than the {MAX_BYTES // 1024 // 1024} MiB this tool reads")
    source = Source.of(text)
    try:
        return _strategic(source, release)
    except PatchError as refused:
        looks_like_json = text.strip()[:1] in ("[", b"[")
        return read_operations(source, release, refused, looks_like_json=looks_like_json)


# Strategic merge


def _strategic(source: Source, release: Release) -> Strategic:
    stream = _PatchReader(source, release)
    for item in documents(source, release):
        stream.take(item)
    return Strategic(stream.steps())


class _PatchReader:
    """Takes the documents of a patch one by one, in order."""

    def __init__(self, source: Source, release: Release) -> None:
        self._source = source
        self._release = release
        self._selectors: list[Selector] = []
        self._steps: list[Addition | Selector] = []
        self._identities: set[object] = set()
        self._refused: PatchError | None = None
        self._ends: list[int] = []
        self._skipped = 0

    def take(self, item: Tree | Broken) -> None:
        """Read one document; after one that is refused only broken text a few tokens on counts."""
        if isinstance(item, Broken):
            raise self._broken(item)
        if self._refused is not None:
            self._skipped += 1
            if self._skipped == _DOCUMENTS_AHEAD:
                raise self._refused
            return
        self._ends.append(item.end)
        try:
            self._take(item)
        except PatchError as refused:
            self._refused = refused

    def _broken(self, broken: Broken) -> PatchError:
        """What stops Talos: the broken text, unless it refuses a document before it comes to read that."""
        ends = self._ends[self._skipped - _DOCUMENTS_AHEAD :]
        if self._refused and not any(is_read_ahead(self._source, end, self._release) for end in ends):
            return self._refused
        error_text = broken.problem if broken.limit else f"decode error: {unreadable(broken, self._release)}"
        return PatchError(error_text, line=broken.mark[0], column=broken.mark[1])

    def _take(self, item: Tree) -> None:
        selectors, is_left = take_deletions(item.root, lambda: _first_line(item, self._source))
        for selector in selectors:
            (self._selectors if selector.kind == legacy.KIND else self._steps).append(selector)
        if not is_left or item.is_null:
            return
        if not isinstance(item.root, Mapping):
            line, column = _start(item.root)
            raise PatchError(f"expected a YAML document at line {line}", line=line, column=column)
        decoded = decode(item.root, self._release, self._source.text)
        self._check(decoded, item.root)
        self._steps.append(self._addition(decoded, item, item.root, is_whole=not selectors))

    def _check(self, decoded: Decoded, root: Mapping) -> None:
        line, column = _start(root)
        if decoded.identity in self._identities and self._release.checks_patches:
            error_text = f"duplicate document {decoded.identity} is not allowed (line {line})"
            raise PatchError(error_text, line=line, column=column)
        self._identities.add(decoded.identity)
        if decoded.problems:
            problem, node = decoded.problems[0]
            line, column = _start(node)
            raise PatchError(decoded.error or problem.message, line=line, column=column)

    def _addition(self, decoded: Decoded, item: Tree, root: Mapping, *, is_whole: bool) -> Addition:
        struct, values = struct_of(decoded.kind, self._release), decoded.values
        if is_whole:
            text = _closed(document_text(self._source.text, item.begin, item.end), root, self._source.text)
        elif struct is None or values is None:
            text = write(from_node(root, self._source.text, self._release))
        else:
            text = write(from_value(encoded(struct, values), self._release))
        draft = drafted(decoded.kind, decoded.identity, text, values, self._release)
        return Addition(draft, *_start(root))

    def steps(self) -> tuple[Addition | Selector, ...]:
        """Everything the patch asks for: deletions from the v1alpha1 document first."""
        if self._refused is not None:
            raise self._refused
        if not self._selectors and not self._steps:
            raise PatchError("config not found")
        if self._release.checks_patches:
            twice = name_twice(step.draft for step in self._steps if isinstance(step, Addition))
            if twice:
                raise PatchError(twice)
            self._check_conflicts()
            self._steps.sort(key=lambda step: not _is_legacy(step))
        return (*self._selectors, *self._steps)

    def _check_conflicts(self) -> None:
        conflicts = Conflicts(self._release)
        for draft in (step.draft for step in self._steps if isinstance(step, Addition)):
            error_text = conflicts.refused(draft.kind, draft.values or {})
            if error_text is not None:
                raise PatchError(error_text)


def _closed(own: str, root: Node, text: str) -> str:
    """The text of a document, the last of a patch perhaps, such that others can follow it."""
    for begin, end, new in ended(root, text):
        from_end = len(text) - begin
        own = f"{own[: len(own) - from_end]}{new}{own[len(own) - (len(text) - end) :]}\n"
    return own


_DOCUMENTS_AHEAD = 2
"""How many documents go-yaml can read past, at most, before it meets broken text."""


def _is_legacy(step: Addition | Selector) -> bool:
    return isinstance(step, Addition) and step.draft.kind == legacy.KIND


def _first_line(tree: Tree, source: Source) -> int:
    """The line a document begins on, its ``---`` included."""
    if source.text.endswith("---", 0, tree.begin):
        return place(source.text, tree.begin)[0]
    return tree.root.start_mark.line + 1


def _start(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
