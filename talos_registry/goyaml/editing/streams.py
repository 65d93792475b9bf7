"""Documents at the end of a stream: the line break and the ``---`` before each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.text import ends_line

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["closed", "with_documents"]


def closed(text: str, line_break: str) -> str:
    """The text with a line break at its end; an empty one stays so.

    What a last block of text needs for that to change nothing, ``ended`` tells.
    """
    return text if not text or ends_line(text) else text + line_break


def with_documents(text: str, documents: Iterable[str], line_break: str, *, has_document: bool = True) -> str:
    """The text with more documents at its end; ``has_document``: the first of them comes after another, which needs a ``---``."""
    pieces = [text]
    for document in documents:
        pieces[-1] = closed(pieces[-1], line_break)
        pieces += [f"---{line_break}" if has_document else "", document]
        has_document = True
    return "".join(pieces)
