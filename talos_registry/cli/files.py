"""Files named on the command line: what the names stand for, and the bytes behind them."""

from __future__ import annotations

import errno
import os
import stat
import sys
from functools import cache
from typing import TYPE_CHECKING

from talos_registry.cli.streams import complain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pathspec import GitIgnoreSpec

__all__ = ["excluded", "find_files", "is_own", "read_bytes", "read_file"]

_YAML = (".yaml", ".yml")
_OWN = ("/dev/fd/", "/dev/stdin", "/proc/self/fd/")
_LIMIT = 16 * 1024 * 1024 + 1
"""One byte more than the library reads, so that it sees that a file is too large."""


def find_files(names: Iterable[str], exclude: tuple[str, ...] = ()) -> Iterator[tuple[str, bool]]:
    """The names of the files that ``names`` stand for, and whether there is such a file; if not, that has been reported.

    Each file comes once. Those that match a pattern of ``exclude`` are left out.
    """
    seen: set[str] = set()
    for name in names:
        paths = _expanded(name)
        if not paths:
            yield name, False
        for path in paths:
            key = os.path.realpath(path)
            if key not in seen and not excluded(path, exclude):
                seen.add(key)
                yield path, True


def excluded(path: str, patterns: tuple[str, ...]) -> bool:
    """Whether a path matches one of the patterns, which are those of a ``.gitignore``."""
    return bool(patterns) and _spec(patterns).match_file(path)


@cache
def _spec(patterns: tuple[str, ...]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    return GitIgnoreSpec.from_lines(patterns)


def read_bytes(path: str) -> bytes:
    """What is in a file, or on standard input; of what is too large for the library no more than it takes to see that.

    Raises:
        OSError: if it cannot be read, or is a pipe or a device, which might never end.
    """
    if path == "-":
        return _standard_input()
    if not is_own(path) and _kind(path) not in {stat.S_IFREG, stat.S_IFDIR}:
        raise OSError(errno.EINVAL, "not an ordinary file")
    with open(path, "rb") as file:
        return file.read(_LIMIT)


def _standard_input() -> bytes:
    if sys.stdin is None:
        raise OSError(errno.EBADF, "standard input is closed")
    return sys.stdin.buffer.read(_LIMIT)


def is_own(path: str) -> bool:
    """Whether a path is one of the process's own open files: its standard input, or what a shell puts for ``<(...)``."""
    return path == "-" or path.startswith(_OWN)


def _kind(path: str) -> int:
    return stat.S_IFMT(os.stat(path).st_mode)


def _expanded(name: str) -> list[str]:
    if name == "-" or os.path.isfile(name):
        return [name]
    if os.path.isdir(name):
        try:
            return _or_complain(name, sorted(_yaml_files(name)), "no *.yaml or *.yml in this directory")
        except OSError as error:
            complain(error.strerror or str(error), str(error.filename))
            return []
    if any(char in name for char in "*?["):
        from glob import glob

        return _or_complain(
            name, sorted(path for path in glob(name, recursive=True) if os.path.isfile(path)), "matches no file"
        )
    return [name]


def _or_complain(name: str, paths: list[str], otherwise: str) -> list[str]:
    if not paths:
        complain(otherwise, name)
    return paths


def _yaml_files(directory: str) -> Iterator[str]:
    for parent, directories, files in os.walk(directory, onerror=_cannot_list):
        directories[:] = [name for name in directories if not name.startswith(".")]
        paths = (os.path.join(parent, name) for name in files if name.endswith(_YAML))
        yield from (path for path in paths if not _is_special(path))


def _is_special(path: str) -> bool:
    """Whether reading might wait for ever; a link to nothing is no such file, it cannot be read at all."""
    return os.path.exists(path) and not os.path.isfile(path)


def _cannot_list(error: OSError) -> None:
    raise error


def read_file(path: str) -> bytes | None:
    """What is in one file, named as it is; None when it cannot be read, which is reported."""
    try:
        return read_bytes(path)
    except OSError as error:
        complain(error.strerror or str(error), path)
        return None
