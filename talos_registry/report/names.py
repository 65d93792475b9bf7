"""File names as other programs want them: relative to where the command runs, with slashes."""

from __future__ import annotations

import os

__all__ = ["from_here"]


def from_here(name: str) -> str:
    """The name relative to the working directory if the file is below it, else as it is."""
    relative = os.path.relpath(name)
    is_below = relative != os.pardir and not relative.startswith(os.pardir + os.sep)
    return (relative if is_below else name).replace(os.sep, "/")
