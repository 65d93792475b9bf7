"""The text of a patched config: the documents as they stand, the changed ones, and the new ones."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml import Tree, documents, write
from talos_registry.goyaml.comments import comments
from talos_registry.goyaml.editing import (
    CannotEdit,
    Cut,
    Editor,
    Members,
    ended,
    is_planned,
    keeps_comments,
    layout_of,
    with_cuts,
    with_documents,
)
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import Lines
from talos_registry.patching.planning import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading.verdict import Entry
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["Assembly", "assembled"]

_AS_IT_IS = Members()
_BEFORE_TEXT = re.compile(r"[ \t]*(?:\r\n|[\r\n])?")
"""What stands between the ``---`` of a document and its text, or a comment."""


class Assembly(NamedTuple):
    """The new text, and what it takes to prove it.

    ``cuts``: those made in the old text. ``plans``: what becomes of the documents that stay, in order, by their place in
    the old text; None for one that is written anew as a whole.
    """

    text: str
    cuts: tuple[Cut, ...]
    plans: Mapping[int, Members | None]

    def is_proved(self, text: str, roots: Mapping[int, Node], new_roots: Sequence[Node]) -> bool:
        """Whether nothing but what is planned has become of the documents under ``roots`` of the old text."""
        kept = zip(self.plans.items(), new_roots, strict=False)
        planned = [(roots[origin], plan, new) for (origin, plan), new in kept if plan is not None]
        return is_planned(planned) and keeps_comments((text, roots.values()), self.cuts, (self.text, new_roots))


def assembled(
    text: str, entries: Sequence[Entry], roots: Mapping[int, Node], drafts: Iterable[Draft], release: Release
) -> Assembly:
    """The text of a config, whose documents are ``entries``, with the drafts in their place and the new ones at the end.

    Raises:
        PatchError: if a change cannot be written without losing what stands in its way.
    """
    return _Assembling(text, entries, roots, release).result([*drafts])


class _Assembling:
    def __init__(self, text: str, entries: Sequence[Entry], roots: Mapping[int, Node], release: Release) -> None:
        self._text = text
        self._entries = entries
        self._roots = roots
        self._release = release
        self._lines = Lines(text)
        self._break = self._lines.line_break
        self._editor = Editor(self._lines, layout_of(roots.values()))

    def result(self, drafts: list[Draft]) -> Assembly:
        kept = {draft.origin: draft for draft in drafts if draft.origin is not None}
        added = [draft for draft in drafts if draft.origin is None]
        changes = {origin: self._changed(draft) for origin, draft in kept.items()}
        cuts = [cut for made, _ in changes.values() for cut in made]
        cuts += self._removals(kept)
        if added:
            cuts += self._ended(kept, cuts)
        new = with_cuts(self._text, dict.fromkeys(cuts))
        documents = (self._with_breaks(_merged_text(draft, self._release)) for draft in added)
        new = with_documents(new, documents, self._break, has_document=bool(kept))
        return Assembly(new, tuple(cuts), {origin: plan for origin, (_, plan) in changes.items()})

    # Documents that stay

    def _changed(self, draft: Draft) -> tuple[tuple[Cut, ...], Members | None]:
        """The cuts in a document, and its plan; None if it is written anew."""
        origin = draft.origin
        assert origin is not None
        if draft.text != self._own_text(origin):
            return (self._anew(origin, draft.text),), None
        if not draft.is_changed:
            return (), _AS_IT_IS
        try:
            return _edited(draft, self._roots[origin], self._editor, self._release)
        except CannotEdit as error:
            return (self._anew(origin, _canonical(draft, self._roots[origin], error, self._release)),), None

    def _own_text(self, origin: int) -> str:
        entry = self._entries[origin]
        return self._text[entry.begin : entry.end]

    def _anew(self, origin: int, text: str) -> Cut:
        entry = self._entries[origin]
        head = self._break if self._text.endswith("---", 0, entry.begin) else ""
        return Cut(entry.begin, entry.end, head + self._with_breaks(text))

    # Documents that go, and new ones

    def _removals(self, kept: Mapping[int, Draft]) -> list[Cut]:
        """A document that is gone takes the ``---`` before it along, the first one that after it; all of them take all."""
        if not kept:
            return [Cut(0, len(self._text), "")]
        first = min(kept)
        begin = self._entries[0].begin if self._entries else 0
        head = [Cut(begin, self._begin_after(begin, self._entries[first].begin), "")] if first else []
        gone = (at for at in range(first, len(self._entries)) if at not in kept)
        return head + [Cut(self._entries[at - 1].end, self._entries[at].end, "") for at in gone if at]

    def _begin_after(self, first: int, begin: int) -> int:
        """Where a document begins in the place of the first one; one that stood below its ``---`` needs no line break."""
        if self._text.endswith("---", 0, first):
            return begin
        return _BEFORE_TEXT.match(self._text, begin).end()  # type: ignore[union-attr]  # it matches the empty text

    def _ended(self, kept: Mapping[int, Draft], cuts: Iterable[Cut]) -> Iterable[Cut]:
        """What a last document without a line break at its end needs, for others to follow it, besides the cuts in it."""
        last = len(self._entries) - 1
        return ended(self._roots[last], self._text, cuts) if last in kept and last in self._roots else ()

    def _with_breaks(self, text: str) -> str:
        """The lines of another text, ended as those of the config are."""
        return text.replace("\r\n", "\n").replace("\n", self._break)


def _edited(draft: Draft, root: Node, editor: Editor, release: Release) -> tuple[tuple[Cut, ...], Members]:
    assert draft.struct is not None
    plan = plan_of(root, draft.struct, draft.before or {}, draft.values or {}, release)
    return editor.cuts(root, plan), plan


def _canonical(draft: Draft, root: Node, error: CannotEdit, release: Release) -> str:
    """A document as Talos writes it, if nothing is lost by that."""
    if draft.struct is None or any(comments([root], draft.text)):
        which = "the v1alpha1 document" if draft.kind == legacy.KIND else draft.key
        raise PatchError(f"this tool cannot write the change into {which}: {error}") from None
    return write(from_value(encoded(draft.struct, draft.values or {}), release))


def _merged_text(draft: Draft, release: Release) -> str:
    """A document of a patch with what later ones have made of it."""
    if not draft.is_changed:
        return draft.text
    (tree,) = (item for item in documents(draft.text, release) if isinstance(item, Tree))
    try:
        cuts, _ = _edited(draft, tree.root, Editor(Lines(draft.text), layout_of([tree.root])), release)
        return with_cuts(draft.text, cuts)
    except CannotEdit as error:
        return _canonical(draft, tree.root, error, release)
