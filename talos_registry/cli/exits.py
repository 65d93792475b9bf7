"""The exit codes, which are the same for every command, and the error that ends one with a line."""

from __future__ import annotations

from enum import IntEnum
from typing import IO, Any

import click

from talos_registry.messages import printable

__all__ = ["Exit", "Failure"]


class Exit(IntEnum):
    """Clean; something found; wrong usage or a file that cannot be read, which outweighs the others.

    The last two are those of the shell for a process that is interrupted, and for one that nobody reads any more.
    """

    CLEAN = 0
    FINDINGS = 1
    USAGE = 2
    INTERRUPTED = 130
    BROKEN_PIPE = 141


class Failure(click.ClickException):
    """What ends a command that was used as it should be: a file or a process that does not do its part."""

    exit_code = Exit.USAGE

    def show(self, file: IO[Any] | None = None) -> None:
        """Say so in the way files that cannot be read are named."""
        click.echo(f"talos-registry: {printable(self.message)}", file=file, err=file is None)
