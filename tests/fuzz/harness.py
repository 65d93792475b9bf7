"""Runs inputs on all cores, and keeps what each kind of failure looks like, made small."""

from __future__ import annotations

import gc
import os
import resource
import signal
import traceback
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from tests.fuzz.calls import CALLS, COMMANDS, BrokenError, Case, checked, run_command
from tests.fuzz.inputs import any_input

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from tests.fuzz.inputs import Input

__all__ = ["NOTHING", "Failure", "Result", "fuzzed", "fuzzed_on_all_cores", "told"]

EACH_COMMAND = 40
"""One in so many inputs goes through a command, which costs as much as twenty functions: 250 of 10,000."""

SECONDS = 120
"""Ends a call that hangs; it measures nothing."""

CHUNK = 50

ROUND = 4000
"""So many inputs go through the same processes: click never lets go of the streams of a run, so that processes that
lasted would tell nothing of the library's memory. An executor that replaces its processes itself can wait for ever."""


class Failure(NamedTuple):
    """What did not hold, and the input; ``kind`` is the same for what one fault does to many inputs."""

    kind: str
    call: str
    message: str
    given: Input


class Result(NamedTuple):
    """What came of some inputs; of each kind of failure there is one, with how many there were.

    ``seconds``: in all processes together. ``slowest``: the seconds of one call, its name and the number of the input.
    ``peak``: the most memory that a process had, in bytes.
    """

    inputs: int
    calls: int
    seconds: float
    slowest: tuple[float, str, int]
    peak: int
    failures: dict[str, Failure]
    counts: Counter[str]

    def __add__(self, other: Result) -> Result:  # type: ignore[override]
        return Result(
            self.inputs + other.inputs,
            self.calls + other.calls,
            self.seconds + other.seconds,
            max(self.slowest, other.slowest),
            max(self.peak, other.peak),
            other.failures | self.failures,
            self.counts + other.counts,
        )


NOTHING = Result(0, 0, 0.0, (0.0, "", 0), 0, {}, Counter())
"""What came of no inputs."""


def fuzzed_on_all_cores(seed: int, inputs: int) -> Iterator[Result]:
    """What came of the first so many inputs of a seed, a chunk at a time."""
    done = 0
    try:
        for begin in range(0, inputs, ROUND):
            for part in _round(seed, range(begin, min(begin + ROUND, inputs))):
                yield part
                done += part.inputs
    except BrokenProcessPool as error:
        error.add_note(f"a process died with one of the inputs from {done} on")
        raise


def _round(seed: int, numbers: range) -> Iterator[Result]:
    chunks = [numbers[at : at + CHUNK] for at in range(0, len(numbers), CHUNK)]
    processes = min(os.cpu_count() or 1, len(chunks))
    with ProcessPoolExecutor(processes, get_context("spawn"), _collect_rarely) as pool:
        yield from pool.map(partial(fuzzed, seed), chunks)


def _collect_rarely() -> None:
    """Spares the collector from going through all that is imported; it took a fifth of the time."""
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def fuzzed(seed: int, numbers: Iterable[int]) -> Result:
    """What came of the inputs of a seed with these numbers."""
    result = NOTHING
    with TemporaryDirectory() as folder:
        for number in numbers:
            result += _of_input(any_input(seed, number), Path(folder))
    return result


def _of_input(given: Input, folder: Path) -> Result:
    started = perf_counter()
    case = Case(given, folder)
    slowest = (0.0, "", given.number)
    failures: dict[str, Failure] = {}
    for name, texts in _calls(case).items():
        if not _is_due(name, given.number):
            continue
        begun = perf_counter()
        failure = _failure(given, name, texts)
        slowest = max(slowest, (perf_counter() - begun, name, given.number))
        if failure is not None:
            failures.setdefault(failure.kind, failure)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    return Result(1, case.calls, perf_counter() - started, slowest, peak, failures, Counter(failures.keys()))


def _calls(case: Case) -> Mapping[str, Callable[[], Iterator[str]]]:
    """Everything that can be done with an input."""
    functions = {name: partial(function, case) for name, function in CALLS.items()}
    return functions | {command.arguments: partial(run_command, case, command) for command in COMMANDS}


def _is_due(name: str, number: int) -> bool:
    """Whether an input goes through a call: every one through the functions, each command gets some."""
    return name in CALLS or (number + _COMMAND_NUMBERS[name]) % EACH_COMMAND == 0


_COMMAND_NUMBERS = {command.arguments: number for number, command in enumerate(COMMANDS)}


def _failure(given: Input, name: str, texts: Callable[[], Iterator[str]]) -> Failure | None:
    try:
        with _time_limit():
            checked(texts)
    except BrokenError as error:
        return Failure(f"{name}: {error.args[0]}", name, str(error), given)
    except Exception as error:  # noqa: BLE001 - that none gets here is what is shown
        return Failure(
            f"{type(error).__name__} at {_place(error)}", name, "".join(traceback.format_exception(error)[-4:]), given
        )
    return None


def _place(error: Exception) -> str:
    """The last line of the library that an exception went through."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "talos_registry" in frame.filename]
    last = frames[-1] if frames else traceback.extract_tb(error.__traceback__)[-1]
    return f"{Path(last.filename).name}:{last.lineno}"


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


# A failure as a person reads it


def told(failure: Failure, count: int) -> str:
    """What a person needs of a failure: how often, what, how to make it again, and on which text."""
    small = _shrunk(failure)
    patches = "".join(f"\n--- patch\n{patch}" for patch in small.patches)
    return (
        f"{failure.kind} ({count} inputs), first in {failure.call}; seed {small.seed}, number {small.number},"
        f" talos_version {small.talos_version}\n{failure.message}\n--- config\n{small.config!r}\n{small.text}\n--- other\n"
        f"{small.other}{patches}\n"
    )


def _shrunk(failure: Failure) -> Input:
    """The input with as many lines taken away as it can spare."""
    given = failure.given
    with TemporaryDirectory() as folder:
        is_smaller = True
        while is_smaller:
            is_smaller = False
            for smaller in _smaller(given):
                if _fails_again(smaller, failure, Path(folder)):
                    given, is_smaller = smaller, True
                    break
    return given


def _smaller(given: Input) -> Iterator[Input]:
    for at in range(len(given.patches)):
        yield given._replace(patches=given.patches[:at] + given.patches[at + 1 :])
    yield from (given._replace(other=text) for text in _with_less(given.other))
    for at, patch in enumerate(given.patches):
        for text in _with_less(patch):
            yield given._replace(patches=(*given.patches[:at], text, *given.patches[at + 1 :]))
    lines = given.config.splitlines(keepends=True)
    for size in (16, 4, 1):
        yield from (
            given._replace(config=b"".join(lines[:at] + lines[at + size :])) for at in range(0, len(lines), size)
        )


def _with_less(text: str) -> Iterator[str]:
    lines = text.splitlines(keepends=True)
    for size in (len(lines), 4, 1):
        yield from ("".join(lines[:at] + lines[at + size :]) for at in range(0, len(lines), size or 1))


def _fails_again(given: Input, failure: Failure, folder: Path) -> bool:
    if given == failure.given or not given.patches:
        return False
    again = _failure(given, failure.call, _calls(Case(given, folder))[failure.call])
    return again is not None and again.kind == failure.kind
