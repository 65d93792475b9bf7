"""Talos versions that this tool does not know yet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.cli.streams import complain
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["warn_of_newer"]


def warn_of_newer(versions: Iterable[str]) -> None:
    """Say of each version that is newer than all that this tool knows how it is taken."""
    for version in dict.fromkeys(versions):
        if release_of(version).number > release_of(LATEST).number:
            complain(f"Talos {version} is newer than this tool knows; it is taken to behave as {LATEST} does")
