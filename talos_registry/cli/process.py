"""What a process owes those around it: an exit code, one line when something fails, and an end when it is told to."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NoReturn

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.streams import complain, say
from talos_registry.diagnostic import InstallationError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import FrameType

__all__ = ["end_with", "prepare", "wants_colour"]


def prepare() -> None:
    """Make the process clean up when it is told to end, and write what its terminal has no characters for as escapes."""
    gc.disable()  # each file is dropped once it is dealt with, nothing goes round in circles, and looking costs a third
    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:  # nohup has it ignored
            signal.signal(number, _end)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    if sys.stdout is None:
        complain("standard output is closed")
        sys.exit(Exit.USAGE)


def wants_colour(environment: Mapping[str, str]) -> bool | None:
    """Whether output is coloured wherever it goes (True), never (False), or on terminals alone (None).

    NO_COLOR counts more than FORCE_COLOR, and both more than a terminal that calls itself dumb.
    """
    if environment.get("NO_COLOR"):
        return False
    if environment.get("FORCE_COLOR", "0") not in {"", "0"}:
        return True
    return False if environment.get("TERM") == "dumb" else None


def _end(number: int, frame: FrameType | None) -> NoReturn:  # noqa: ARG001 - the signature of a handler
    sys.exit(128 + number)


def end_with(run: Callable[[], Any]) -> NoReturn:
    """Run a command, and end the process with its exit code, which is 2 if what it prints cannot be written."""
    sys.exit(max(_exit_code(run), _flushed(sys.stdout), _flushed(sys.stderr)))


def _exit_code(run: Callable[[], Any]) -> int:
    try:
        return _code_of_command(run)
    except BrokenPipeError:
        return Exit.BROKEN_PIPE
    except OSError as error:
        reason = f"the output cannot be written: {error.strerror or error}"
    except InstallationError as error:
        reason = str(error)
    except MemoryError:
        reason = "there is not enough memory"
    with suppress(OSError):
        complain(reason)
    return Exit.USAGE


def _code_of_command(run: Callable[[], Any]) -> int:
    try:
        return run() or Exit.CLEAN
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else Exit.CLEAN
    except click.ClickException as error:
        _show(error)
        return error.exit_code
    except (click.Abort, KeyboardInterrupt):
        return Exit.INTERRUPTED


def _show(error: click.ClickException) -> None:
    """Print an error as click does, but for what no terminal should be sent."""
    lines = io.StringIO()
    error.show(lines)
    for line in lines.getvalue().removesuffix("\n").split("\n"):
        say(line)


def _flushed(stream: io.TextIOBase | Any) -> int:
    """Whether all has been written; what cannot be is dropped, as Python would complain of it at the very end."""
    if stream is None:
        return Exit.CLEAN
    try:
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        return Exit.BROKEN_PIPE if isinstance(error, BrokenPipeError) else Exit.USAGE
    return Exit.CLEAN
