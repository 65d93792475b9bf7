"""How bad a finding is."""

from __future__ import annotations

from enum import StrEnum

__all__ = ["Severity"]


class Severity(StrEnum):
    """How bad a diagnostic is.

    ``error``: the targeted Talos refuses the file (or this tool's own limit stops it, code ``limit-exceeded``).
    ``warning``: Talos accepts it and a pull fails, leaks or differs between the pullers.
    ``info``: it works, and there is a plainer way.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
