"""What patches do, as text: a line for each document, and one for each value that changes; secrets are not shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import dotted
from talos_registry.masking import mask_path, mask_url, may_be_secret
from talos_registry.messages import printable, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.patching.effects import Effect, ValueChange

__all__ = ["render_effects"]

_LONG = frozenset({"cert", "crt", "ca"})
"""What nobody wants to read in a line."""


def render_effects(effects: Iterable[Effect]) -> str:
    """The effects, in order; one line says so when there are none."""
    return "\n".join(printable(line) for effect in effects for line in _lines(effect)) or "changes nothing"


def _lines(effect: Effect) -> Iterator[str]:
    yield f"{effect.what} {effect.kind} {printable(mask_url(effect.name))}".rstrip()
    for change in effect.changes:
        yield f"  {dotted(mask_path(change.path))}: {_shown(change)}"


def _shown(change: ValueChange) -> str:
    key = str(change.path[-1])
    if key in _LONG or may_be_secret(key) or not change.is_read:
        return "is set" if change.old is None else "is removed" if change.new is None else "is another"
    if isinstance(change.old, list) or isinstance(change.new, list):
        return ", ".join(_list_changes(change.old or [], change.new or [])) or "in another order"
    return f"{_word(change.old)} -> {_word(change.new)}"


def _list_changes(old: list[Any], new: list[Any]) -> Iterator[str]:
    """The items that are gone, and those that are new."""
    yield from (f"- {_word(item)}" for item in _without(old, new))
    yield from (f"+ {_word(item)}" for item in _without(new, old))


def _without(items: Iterable[Any], others: Iterable[Any]) -> list[Any]:
    """The items that are left when those of another list are taken away, each as often as it is there."""
    left = Counter(map(repr, others))
    rest = []
    for item in items:
        if left[repr(item)]:
            left[repr(item)] -= 1
        else:
            rest.append(item)
    return rest


def _word(value: Any) -> str:
    if isinstance(value, dict):
        flags = "".join(f" ({key}: {_word(member)})" for key, member in value.items() if key != "url")
        return _word(value.get("url", "")) + flags
    if isinstance(value, str):
        return printable(shortened(mask_url(value))) or '""'
    return {True: "true", False: "false", None: "(not set)"}[value]
