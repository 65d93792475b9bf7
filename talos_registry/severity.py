"""How bad a finding is."""

from __future__ import annotations

from enum import StrEnum

from talos_registry.arguments import wrong_type

__all__ = ["Severity"]


class Severity(StrEnum):
    """How bad a diagnostic is: ``info`` is less than ``warning``, and that less than ``error``, also as a word.

    Attributes:
        ERROR: the targeted Talos refuses the file (or this tool's own limit stops it, code ``limit-exceeded``).
        WARNING: Talos accepts it and a pull fails, leaks or differs between the pullers.
        INFO: it works, and there is a plainer way.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    def __lt__(self, other: str) -> bool:
        return _rank(self) < _rank(other)

    def __le__(self, other: str) -> bool:
        return _rank(self) <= _rank(other)

    def __gt__(self, other: str) -> bool:
        return _rank(self) > _rank(other)

    def __ge__(self, other: str) -> bool:
        return _rank(self) >= _rank(other)


def _rank(severity: str) -> int:
    """How bad a severity is.

    Raises:
        ValueError: for a word that is no severity.
        TypeError: for what is no text.
    """
    if not isinstance(severity, str):
        raise wrong_type("comparing a Severity", "another, or its word", severity)
    return -_WORST_FIRST.index(Severity(severity))


_WORST_FIRST = [*Severity]
