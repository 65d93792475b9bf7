"""Copies of files below a directory, where nothing that they are copies of is overwritten."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from talos_registry.cli.exits import Failure
from talos_registry.cli.files import find_files
from talos_registry.cli.writing import WriteError, beside

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["copies", "write_copy"]


def copies(names: Iterable[str], directory: str) -> dict[str, str]:
    """Where the copy of each file goes: below a directory, by its path below the argument that it is found by.

    Raises:
        Failure: if two files have one place, or a copy would take the place of a file.
    """
    targets: dict[str, str] = {}
    for name in names:
        base = _base(name)
        for path, _ in find_files([name]):
            below = "stdin.yaml" if path == "-" else os.path.relpath(path, base)
            targets.setdefault(path, os.path.join(directory, below))
    _refuse_clashes(targets)
    return targets


def _base(name: str) -> str:
    """The directory below which the paths of an argument are kept: its own, or what stands before a pattern."""
    if os.path.isdir(name):
        return name
    while any(char in name for char in "*?["):
        name = os.path.dirname(name)
        if not any(char in name for char in "*?["):
            return name or "."
    return os.path.dirname(name) or "."


def _refuse_clashes(targets: dict[str, str]) -> None:
    places: dict[str, str] = {}
    originals = {os.path.realpath(path): path for path in targets}
    for path, target in targets.items():
        known = places.setdefault(os.path.realpath(target), path)
        if known != path:
            raise Failure(f"{known} and {path} would both be {target}; nothing is written")
        if os.path.realpath(target) in originals:
            raise Failure(f"{target} would take the place of {originals[os.path.realpath(target)]}; nothing is written")


def write_copy(target: str, content: bytes, mode: int = 0o644) -> None:
    """Write a file, as a whole or not at all, and the directories that it needs.

    Raises:
        WriteError: if that cannot be done.
    """
    try:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with beside(target, content) as unfinished:
            os.chmod(unfinished, mode)
            os.replace(unfinished, target)
    except OSError as error:
        raise WriteError(target, f"not written: {error.strerror or error}") from None
