"""A folder that holds what one command writes: all of it or nothing new, nothing outside, nothing of an earlier run."""

from __future__ import annotations

import json
import os
import sys
from contextlib import ExitStack, suppress
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from talos_registry.cli.exits import Failure
from talos_registry.cli.files import read_bytes
from talos_registry.cli.writing import WriteError, beside
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

__all__ = ["MANIFEST", "objection", "write_folder"]

MANIFEST = ".talos-registry-hosts.json"
"""The file in the folder that lists the others."""

_IGNORES_CASE = sys.platform in {"win32", "darwin"}


def objection(directory: str, names: Iterable[str]) -> str | None:
    """Why files of these names, which come from a config, cannot all be written below a directory."""
    places: dict[tuple[str, ...], str] = {_parts(MANIFEST): MANIFEST}
    for name in names:
        if not _is_below(name):
            return f"{quoted(name)} is no name below {directory}"
        known = places.setdefault(_parts(name), name)
        if known != name:
            return _both(known, name, directory)
    for parts, name in places.items():
        for length in range(1, len(parts)):
            if parts[:length] in places:
                return _both(places[parts[:length]], name, directory)
    return None


def _both(name: str, later: str, directory: str) -> str:
    return f"{quoted(name)} and {quoted(later)} cannot both be below {directory}"


def _is_below(name: str) -> bool:
    path = PurePosixPath(name)
    is_plain = os.name != "nt" or not any(char in name for char in "\\:")
    return is_plain and not path.is_absolute() and ".." not in path.parts and "\0" not in name


def _parts(name: str) -> tuple[str, ...]:
    """The steps to a file, the same for all spellings of a name."""
    return PurePosixPath(name.casefold() if _IGNORES_CASE else name).parts


def write_folder(directory: str, contents: Mapping[str, bytes]) -> int:
    """Write files, readable by their owner alone, and remove what an earlier run has left; how many that are.

    Raises:
        Failure: if that cannot be done. No file is then half-written.
    """
    root = Path(os.path.realpath(directory))
    try:
        earlier = _earlier(root)
        _check_links(root, directory, [*contents, *earlier])
        _make_directories(root, contents)
        _put(root, {MANIFEST: _manifest({*earlier, *contents})})
        _put(root, contents)
        kept = set(map(_parts, contents))
        removed = [name for name in earlier if _parts(name) not in kept and _is_removed(root, name)]
        _put(root, {MANIFEST: _manifest(contents)})
    except OSError as error:
        raise WriteError(directory, f"not written: {error.strerror or error}") from None
    return len(removed)


def _earlier(root: Path) -> list[str]:
    """The files that an earlier run has written."""
    path = root / MANIFEST
    if not path.exists():
        return []
    try:
        names = json.loads(read_bytes(str(path)))["files"]
        return [name for name in names if isinstance(name, str) and _is_below(name)]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise Failure(f"{path}: this is no list of files of an earlier run; nothing is written") from None


def _manifest(names: Collection[str]) -> bytes:
    return json.dumps({"version": 1, "files": sorted(names)}, indent=2).encode() + b"\n"


def _check_links(root: Path, directory: str, names: Iterable[str]) -> None:
    for parent in {(root / name).parent for name in names}:
        if not Path(os.path.realpath(parent)).is_relative_to(root):
            raise Failure(f"{parent} is a link out of {directory}; nothing is written")


def _make_directories(root: Path, names: Iterable[str]) -> None:
    root.parent.mkdir(parents=True, exist_ok=True)
    for name in names:
        for parent in reversed(PurePosixPath(name).parents):
            (root / parent).mkdir(mode=0o700, exist_ok=True)


def _put(root: Path, contents: Mapping[str, bytes]) -> None:
    """Put files in their places, once all of them are complete on disk."""
    with ExitStack() as unfinished:
        written = {
            name: unfinished.enter_context(beside(str(root / name), content)) for name, content in contents.items()
        }
        for name, path in written.items():
            os.replace(path, root / name)


def _is_removed(root: Path, name: str) -> bool:
    """Remove a file, and the directories that are empty without it; false if there is none any more."""
    path = root / name
    if not (path.is_file() or path.is_symlink()):
        return False
    path.unlink()
    with suppress(OSError):  # one that is not empty stays
        for parent in PurePosixPath(name).parents[:-1]:
            (root / parent).rmdir()
    return True
