"""Work shared among processes that do not outlive the one that started them."""

from __future__ import annotations

import os
import signal
import sys
from collections import deque
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, parent_process
from threading import Thread
from typing import TYPE_CHECKING, Generic, TypeVar

from talos_registry.cli.exits import Failure

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

__all__ = ["LostError", "process_count", "run_in_processes"]

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_MOST_ON_WINDOWS = 61
"""For how many processes one can wait there."""
_LARGEST_CHUNK = 16


class LostError(Exception, Generic[_Item]):
    """A process was killed; ``items`` are those that have no result for it."""

    def __init__(self, items: Sequence[_Item]) -> None:
        super().__init__(items)
        self.items = items


def process_count(jobs: int, items: int, *, platform: str = sys.platform) -> int:
    """How many processes to start for so many items; ``jobs`` of 0 is one for each core."""
    wanted = min(jobs or os.cpu_count() or 1, items)
    return min(wanted, _MOST_ON_WINDOWS) if platform == "win32" else wanted


def run_in_processes(run: Callable[[_Item], _Result], items: Sequence[_Item], processes: int) -> Iterator[_Result]:
    """The results of all items, in order; function, items and results are pickled.

    Raises:
        LostError: after all results that are known, if a process was killed.
        Failure: if the processes cannot be started.
    """
    size = max(1, min(_LARGEST_CHUNK, len(items) // (4 * processes)))
    chunks = [items[start : start + size] for start in range(0, len(items), size)]
    with ProcessPoolExecutor(processes, initializer=_end_with_parent) as pool:
        try:
            yield from _results(_started(pool, run, chunks), chunks)
        except BaseException:
            for process in active_children():
                process.terminate()
            raise


def _started(
    pool: ProcessPoolExecutor, run: Callable[[_Item], _Result], chunks: Sequence[Sequence[_Item]]
) -> deque[Future[list[_Result]]]:
    try:
        return deque(pool.submit(_run_all, run, chunk) for chunk in chunks)
    except OSError as error:
        raise Failure(f"no processes can be started: {error.strerror}; give a smaller number to --jobs") from None


def _run_all(run: Callable[[_Item], _Result], chunk: Sequence[_Item]) -> list[_Result]:
    return [run(item) for item in chunk]


def _results(tasks: deque[Future[list[_Result]]], chunks: Sequence[Sequence[_Item]]) -> Iterator[_Result]:
    """The results of tasks, each of which is forgotten as soon as it has been asked."""
    lost: list[_Item] = []
    for chunk in chunks:
        try:
            results = tasks.popleft().result()
        except BrokenProcessPool:
            lost.extend(chunk)
        else:
            yield from results
    if lost:
        raise LostError(lost)


def _end_with_parent() -> None:
    """Leave it to the parent, which gets the same signals of a terminal, when to end; end when it is gone, too."""
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    Thread(target=_wait_for_parent, daemon=True).start()


def _wait_for_parent() -> None:
    parent = parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
