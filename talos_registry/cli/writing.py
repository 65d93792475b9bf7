"""Files written back: as a whole or not at all, and only over what was read."""

from __future__ import annotations

import os
import stat
import tempfile
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from talos_registry.cli.exits import Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["WriteError", "beside", "create", "encoded_like", "write_back"]


class WriteError(Failure):
    """A file that cannot be written; what was there still is."""

    def __init__(self, name: str, what: str) -> None:
        super().__init__(f"{name}: {what}")


def encoded_like(text: str, before: bytes) -> bytes:
    """The bytes of a text, in the encoding of the bytes that were there before."""
    for mark, encoding in ((BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"), (BOM_UTF8, "utf-8")):
        if before.startswith(mark):
            return mark + text.encode(encoding, "surrogateescape")
    return text.encode("utf-8", "surrogateescape")


def write_back(name: str, before: bytes, after: bytes) -> None:
    """Put ``after`` in the place of ``before`` in the file ``name``; its mode stays, a link to a file stays a link.

    Raises:
        WriteError: if that cannot be done, or the file no longer holds ``before``. The file is then as it was.
    """
    try:
        _replace(name, os.path.realpath(name), before, after)
    except OSError as error:
        raise WriteError(name, f"not written: {error.strerror or error}") from None


def _replace(name: str, path: str, before: bytes, after: bytes) -> None:
    state = os.stat(path)
    if not stat.S_ISREG(state.st_mode):
        raise WriteError(name, "not written: it is no ordinary file")
    with beside(path, after) as unfinished:
        _own(unfinished, state)
        with open(path, "r+b") as file:  # opened for writing, so that a write-protected file stays as it is
            if file.read() != before:
                raise WriteError(name, "not written: the file has changed since it was read; try again")
        os.replace(unfinished, path)


def create(name: str, content: bytes) -> None:
    """Make a file that is not there yet, readable by its owner alone: secrets may be in it.

    Raises:
        WriteError: if that cannot be done; there is no file then.
    """
    try:
        with beside(os.path.abspath(name), content) as unfinished:
            os.link(unfinished, name) if hasattr(os, "link") else os.rename(unfinished, name)
    except OSError as error:
        raise WriteError(name, f"not written: {error.strerror or error}") from None


@contextmanager
def beside(path: str, content: bytes) -> Iterator[str]:
    """A new file with ``content``, complete on disk, in the directory of ``path``; it goes unless it is renamed."""
    directory, base = os.path.split(path)
    descriptor, unfinished = tempfile.mkstemp(dir=directory, prefix=f".{base[:100]}.")
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        yield unfinished
    finally:
        with suppress(FileNotFoundError):
            os.unlink(unfinished)


def _own(path: str, state: os.stat_result) -> None:
    if hasattr(os, "chown"):
        with suppress(PermissionError):  # only root may give files away
            os.chown(path, state.st_uid, state.st_gid)
    os.chmod(path, stat.S_IMODE(state.st_mode))
