"""The exit codes, which are the same for every command."""

from __future__ import annotations

from enum import IntEnum

__all__ = ["Exit"]


class Exit(IntEnum):
    """Clean; something found; wrong usage or a file that cannot be read, which outweighs the others."""

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
