"""What patches do, as text: a line for each document, and one for each value that changes; secrets are not shown."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import dotted
from talos_registry.masking import mask_path, mask_url, may_be_secret
from talos_registry.messages import printable, shortened
from talos_registry.redaction.places import without_secrets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.patching import Effect, ValueChange
    from talos_registry.versions import Release

__all__ = ["render_effects"]

_LONG = frozenset({"ca", "cert", "content", "contents", "crt"})
"""What nobody wants to read in a line, and may hold secrets."""


def render_effects(effects: Iterable[Effect], release: Release) -> str:
    """The effects of patches for a release, in order; one line says so when there are none."""
    lines = (printable(line) for effect in effects for line in _lines(effect, release))
    return "\n".join(lines) or "changes nothing"


def _lines(effect: Effect, release: Release) -> Iterator[str]:
    yield f"{effect.what} {effect.kind} {printable(mask_url(effect.name))}".rstrip()
    for change in effect.changes:
        old, new = (without_secrets(value, effect.kind, change.path, release) for value in (change.old, change.new))
        is_secret = old == new or _is_long_or_secret(change.path)
        yield f"  {dotted(mask_path(change.path))}: {_unshown(change) if is_secret else _shown(old, new)}"


def _is_long_or_secret(path: Path) -> bool:
    return any(may_be_secret(step) for step in path if isinstance(step, str)) or str(path[-1]) in _LONG


def _is_unshown(key: Any) -> bool:
    return str(key) in _LONG or may_be_secret(str(key))


def _unshown(change: ValueChange) -> str:
    return "is set" if not change.old else "is removed" if not change.new else "is another"


def _shown(old: Any, new: Any) -> str:
    if isinstance(old, list) or isinstance(new, list):
        return ", ".join(_list_changes(old or [], new or [])) or "in another order"
    if old is None or new is None:
        return f"+ {_word(new)}" if old is None else f"- {_word(old)}"
    return f"{_word(old)} -> {_word(new)}"


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
        members = {key: "***" if _is_unshown(key) else _word(member) for key, member in value.items()}
        flags = "".join(f" ({key}: {member})" for key, member in members.items() if key != "url")
        return members.get("url", "") + flags if "url" in members else flags.strip() or "{}"
    if isinstance(value, str):
        return printable(shortened(mask_url(value))) or '""'
    if isinstance(value, list):
        return f"[{', '.join(map(_word, value))}]"
    return str(value).lower() if isinstance(value, bool) else "null" if value is None else str(value)
