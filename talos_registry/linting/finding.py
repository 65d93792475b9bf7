"""What a rule finds: a path, a message, and perhaps a change that fixes it. Places in the text come later."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from talos_registry.masking import masked_repr

if TYPE_CHECKING:
    from talos_registry.diagnostic import Path, Severity

__all__ = ["Add", "Finding", "ProposedChange", "ProposedFix", "Put", "Remove"]


class Put(NamedTuple):
    """Another text for the scalar at ``path``; for a key of a map (``is_key``) another key."""

    path: Path
    text: str
    is_key: bool = False

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


class Remove(NamedTuple):
    """Take the key, or the list item, at ``path`` away with its value."""

    path: Path


class Add(NamedTuple):
    """A key with a plain value, in the mapping at ``path``: after its last key, or in place of the value it has."""

    path: Path
    key: str
    value: str

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


ProposedChange: TypeAlias = Put | Remove | Add


class ProposedFix(NamedTuple):
    """What to change, in the words of ``title``; ``safe`` when no correct pull changes by it."""

    title: str
    changes: tuple[ProposedChange, ...]
    safe: bool = False


class Finding(NamedTuple):
    """One finding of a rule about the value at ``path``: the index of the document, then keys and list indices.

    The members of a ``View`` have such paths; ``message`` is one sentence, and shows no secret.
    ``severity`` is set where it is not that of the rule. ``patch`` is set where the finding is about one patch, counted
    from 0: then the path leads through what that patch makes of the config, and an empty one is the patch itself.
    """

    path: Path
    message: str
    fix: ProposedFix | None = None
    severity: Severity | None = None
    patch: int | None = None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)
