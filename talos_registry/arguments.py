"""What a caller hears who passes something of another type: one sentence that says what to pass, and shows no value."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["refuse_text", "require_source", "wrong_type"]


def wrong_type(function: str, wanted: str, value: object, *, advice: str = "") -> TypeError:
    """The error about a value of a type that a function does not take."""
    given = "None" if value is None else type(value).__name__
    return TypeError(f"{function} takes {wanted}, not {given}{advice and f'; {advice}'}")


def refuse_text(function: str, wanted: str, values: object) -> None:
    """Refuse a single text, or something else that is no collection, where several texts are wanted.

    Raises:
        TypeError: says what to pass.
    """
    if isinstance(values, str | bytes):
        raise wrong_type(function, wanted, values, advice="put the one you have into a list")
    if not isinstance(values, Iterable):
        raise wrong_type(function, wanted, values)


def require_source(function: str, source: object, filename: object) -> None:
    """Refuse a path or an open file where the text or the bytes of a file are wanted, and a name that is no text.

    Raises:
        TypeError: says what to pass.
    """
    if not isinstance(source, str | bytes):
        reading = next((name for name in ("read_bytes", "read") if hasattr(source, name)), "")
        advice = reading and f"pass what its {reading}() returns"
        raise wrong_type(function, "the text or the bytes of a file", source, advice=advice)
    if not isinstance(filename, str):
        raise wrong_type(function, "the filename as text", filename)
