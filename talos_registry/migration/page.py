"""The text that is migrated: what goes out of it with which comments, and how what is new looks in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.editing import (
    Canvas,
    Editor,
    closed,
    ended,
    last_block,
    layout_of,
    with_cuts,
    with_documents,
)
from talos_registry.goyaml.text import ends_line
from talos_registry.migration.comments import Comments

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.goyaml.editing import Cut, Members
    from talos_registry.goyaml.emitter import Branch
    from talos_registry.goyaml.nodes import Mapping
    from talos_registry.migration.comments import Comment
    from talos_registry.migration.section import Stream

__all__ = ["Page"]


class Page:
    """The text of a config, with the documents of its stream."""

    def __init__(self, stream: Stream) -> None:
        config = stream.config
        roots = [tree.root for tree in stream.trees]
        layout = layout_of(roots)
        self.text = config.text
        self.canvas = Canvas(config.lines, layout)
        self.comments = Comments(config.lines, roots)
        self._editor = Editor(config.lines, layout)
        self._last = roots[-1]
        self._break = config.lines.line_break

    def cuts(self, root: Mapping, plan: Members) -> tuple[Cut, ...]:
        """The cuts that a plan makes in a document.

        Raises:
            CannotEdit: if the text has no room for them.
        """
        return self._editor.cuts(root, plan)

    def documents(self, branches: Sequence[Branch]) -> str:
        """New documents, with what separates them."""
        return self._with_documents("", branches, has_document=False)

    def _with_documents(self, text: str, branches: Sequence[Branch], *, has_document: bool) -> str:
        blocks = (self.canvas.block(branch, 0) for branch in branches)
        return with_documents(text, blocks, self._break, has_document=has_document)

    def with_end(self, cuts: Sequence[Cut], comments: Sequence[Comment], branches: Sequence[Branch]) -> str:
        """The text with cuts made, and comments and new documents at its end."""
        if not (comments or branches):
            return with_cuts(self.text, cuts)
        ended_cuts = [*cuts, *ended(self._last, self.text, cuts)]
        text = closed(with_cuts(self.text, ended_cuts), self._break) + self.lines(comments)
        return self.without_new_end(self._with_documents(text, branches, has_document=True), branches)

    def lines(self, comments: Sequence[Comment]) -> str:
        """Comments on lines of their own."""
        return "".join(f"{comment.text}\n" for comment in comments).replace("\n", self._break)

    def without_new_end(self, text: str, branches: Sequence[Branch]) -> str:
        """A new text, which ends with new documents, without a last line break if the old one had none and it can do without."""
        block = last_block(branches[-1]) if branches else None
        if ends_line(self.text) or (block is not None and ends_line(block.value)):
            return text
        return text.removesuffix(self._break)
