"""Files named on the command line: what the names stand for, and the bytes behind them."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NamedTuple

import click

from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["File", "complain", "find_files", "read_bytes", "read_file", "read_files"]

_YAML = (".yaml", ".yml")
_LIMIT = 16 * 1024 * 1024 + 1
"""One byte more than the library reads, so that it sees that a file is too large."""


class File(NamedTuple):
    """A file by the name the user knows it by; ``data`` is None when it cannot be read, which has been reported."""

    name: str
    data: bytes | None


def read_files(names: Iterable[str]) -> Iterator[File]:
    """The files that ``names`` stand for, one at a time; what cannot be read is named on stderr."""
    for name, is_there in find_files(names):
        yield File(name, read_file(name) if is_there else None)


def find_files(names: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """The names of the files that ``names`` stand for, and whether there is such a file; if not, that has been reported."""
    for name in names:
        paths = _expanded(name)
        if not paths:
            yield name, False
        for path in paths:
            yield path, True


def read_bytes(path: str) -> bytes:
    """What is in a file, or on standard input; of what is too large for the library no more than it takes to see that."""
    if path == "-":
        return sys.stdin.buffer.read(_LIMIT)
    with open(path, "rb") as file:
        return file.read(_LIMIT)


def complain(name: str, what: str) -> None:
    """Say on stderr what is the matter with a file."""
    click.echo(f"talos-registry: {printable(name)}: {what}", err=True)


def _expanded(name: str) -> list[str]:
    if name == "-" or os.path.isfile(name):
        return [name]
    if os.path.isdir(name):
        try:
            return _or_complain(name, sorted(_yaml_files(name)), "no *.yaml or *.yml in this directory")
        except OSError as error:
            complain(str(error.filename), error.strerror or str(error))
            return []
    if any(char in name for char in "*?["):
        from glob import glob

        return _or_complain(
            name, sorted(path for path in glob(name, recursive=True) if os.path.isfile(path)), "matches no file"
        )
    return [name]


def _or_complain(name: str, paths: list[str], otherwise: str) -> list[str]:
    if not paths:
        complain(name, otherwise)
    return paths


def _yaml_files(directory: str) -> Iterator[str]:
    for parent, directories, files in os.walk(directory, onerror=_cannot_list):
        directories[:] = [name for name in directories if not name.startswith(".")]
        yield from (os.path.join(parent, name) for name in files if name.endswith(_YAML))


def _cannot_list(error: OSError) -> None:
    raise error


def read_file(path: str) -> bytes | None:
    """What is in one file, named as it is; None when it cannot be read, which is reported."""
    try:
        return read_bytes(path)
    except OSError as error:
        complain(path, error.strerror or str(error))
        return None
