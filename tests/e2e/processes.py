"""Programs that run while a test does, and end with it."""

from __future__ import annotations

import subprocess
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

STARTUP, SHUTDOWN = 20.0, 10.0


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str], is_ready: Callable[[], bool]
) -> Iterator[None]:
    """Runs a program, with all it prints in ``log``, from when it is ready until the block ends."""
    # setpriv ends the program also when this process is killed and cannot.
    guarded = ["setpriv", "--pdeathsig", "TERM", *command]
    with log.open("wb") as output:
        process = subprocess.Popen(guarded, stdin=subprocess.DEVNULL, stdout=output, stderr=output, env=environment)
    try:
        wait_until(lambda: process.poll() is not None or is_ready(), f"{command[0]} to start, see {log}")
        assert process.poll() is None, log.read_text(encoding="utf-8", errors="replace")
        yield
    finally:
        end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    with suppress(subprocess.TimeoutExpired):
        process.wait(SHUTDOWN)
        return
    process.kill()
    process.wait(SHUTDOWN)


def wait_until(condition: Callable[[], bool], what: str, seconds: float = STARTUP) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds:.0f} s for {what}"
        time.sleep(0.02)
