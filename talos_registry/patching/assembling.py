"""The text of a patched config: the documents as they stand, the changed ones, and the new ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml.emitter import write
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import line_break_of
from talos_registry.patching.documents import struct_of
from talos_registry.patching.splicing import spliced

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from talos_registry.loading.verdict import Entry
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["assembled"]


def assembled(text: str, entries: Sequence[Entry], drafts: Iterable[Draft], target: Release) -> str:
    """The text of a config, whose documents are ``entries``, with the drafts in their place and the new ones at the end.

    Raises:
        PatchError: if a change cannot be written into the kind-less document.
    """
    kept, added, line_break = {}, [], line_break_of(text)
    for draft in drafts:
        if draft.origin is None:
            added.append(_text(draft, target, line_break))
        else:
            kept[draft.origin] = _text(draft, target, line_break)
    parts = [*_kept_parts(text, entries, kept)] if kept else []
    for one in added:
        parts.append(_separator(parts, line_break) + _with_breaks(one, line_break))
    return "".join(parts)


def _with_breaks(text: str, line_break: str) -> str:
    """The lines of a new document, ended as those of the config are."""
    return text.replace("\r\n", "\n").replace("\n", line_break)


def _kept_parts(text: str, entries: Sequence[Entry], kept: dict[int, str]) -> Iterable[str]:
    """What is left of a config; a document that is gone takes the ``---`` before it along, the first one that after it."""
    done, head = 0, None
    for index, entry in enumerate(entries):
        gap, done = text[done : entry.begin], entry.end
        head = gap if index == 0 else head
        if index not in kept:
            continue
        yield gap if head is None else head
        yield _fitted(kept[index], gap if head is None else head)
        head = None
    yield text[done:]


def _fitted(text: str, gap: str) -> str:
    """A document that begins on a line of its own."""
    if gap.endswith("---"):
        return text if text[:1] in {"", " ", "\t", "\r", "\n"} else f"\n{text}"
    return text.removeprefix("\n")


def _separator(parts: list[str], line_break: str) -> str:
    before = "".join(parts[-3:])
    if not before.strip():
        return ""
    return f"---{line_break}" if before.endswith(("\n", "\r")) else f"{line_break}---{line_break}"


def _text(draft: Draft, target: Release, line_break: str) -> str:
    struct = struct_of(draft.kind)
    if struct is None or draft.before is None or draft.values is None or not draft.is_changed:
        return draft.text
    changed = spliced(draft.text, struct, draft.before, draft.values, target)
    if changed is None and draft.kind == legacy.KIND:
        said = "this tool cannot write the change into the v1alpha1 document, because of how its text is laid out"
        raise PatchError(said)
    return changed or _with_breaks(write(from_value(encoded(struct, draft.values), target)), line_break)
