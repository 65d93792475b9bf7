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
    """One finding of a rule about a value of a config.

    Attributes:
        path: where the value is: the index of the document, then keys and list indices, all from 0, as members of a
            ``View`` have it; where the finding is about one patch, it leads through what that patch makes of the
            config, and an empty one is the patch itself.
        message: one sentence, which shows no secret.
        fix: what to change, if that is known.
        severity: where it is not that of the rule.
        patch: the patch that the finding is about, counted from 0, if it is about one.
    """

    path: Path
    message: str
    fix: ProposedFix | None = None
    severity: Severity | None = None
    patch: int | None = None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)
