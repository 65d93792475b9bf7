"""What becomes of ``--jobs`` when a process is killed, interrupted or told to end: one line, and nobody is left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING

import pytest

from talos_registry.cli.workers import process_count

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.conftest import Write

ROOT = Path(__file__).parents[2]
SECONDS = 60  # far above what any of these takes: it ends a hang, it measures nothing

BAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: 10.5.0.1:5000\n"


@pytest.fixture
def start(write: Write) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts two processes on a small file and many that take long, in a group of their own."""
    started: list[subprocess.Popen[str]] = []
    write("d/a.yaml", BAD)
    write("long", "".join(BAD.replace("docker", f"d{number}") + "---\n" for number in range(3_000)))
    for number in range(12):
        Path(f"d/b{number:02}.yaml").hardlink_to("long")

    def run() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-m", "talos_registry", "lint", "--jobs", "2", "--format", "github", "d"],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + SECONDS
    while not condition():
        assert monotonic() < deadline
        sleep(0.01)


def workers_of(process: subprocess.Popen[str]) -> list[int]:
    """The workers, once both are there and at work."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children")
    wait_for(lambda: len(children.read_text().split()) == 2)
    workers = [int(pid) for pid in children.read_text().split()]
    wait_for(lambda: min(map(seconds_of_cpu, workers)) > 0.2)
    return workers


def seconds_of_cpu(pid: int) -> float:
    user, system = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[11:13]
    return (int(user) + int(system)) / os.sysconf("SC_CLK_TCK")


def is_gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True


linux = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked at in /proc")


@linux
def test_when_a_worker_is_killed_what_is_known_is_reported(start: Callable[[], subprocess.Popen[str]]) -> None:
    process = start()
    workers = workers_of(process)
    os.kill(workers[0], signal.SIGKILL)
    out, error = process.communicate(timeout=SECONDS)
    assert process.returncode == 2
    first, summary = error.splitlines()
    assert first.startswith("talos-registry: d/b")
    assert first.endswith(" more not checked: a process of --jobs was killed")
    assert out.startswith("::error file=d/a.yaml,")
    assert " in " in summary


@linux
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT, signal.SIGKILL])
def test_no_worker_outlives_its_parent(start: Callable[[], subprocess.Popen[str]], number: signal.Signals) -> None:
    process = start()
    workers = workers_of(process)
    process.send_signal(number)
    process.wait(timeout=SECONDS)
    assert process.returncode == (-number if number is signal.SIGKILL else 128 + number)
    wait_for(lambda: all(map(is_gone, workers)))
    assert process.stderr is not None
    assert process.stderr.read().strip() == ""


@linux
def test_an_interrupt_at_the_terminal_is_quiet(start: Callable[[], subprocess.Popen[str]]) -> None:
    process = start()
    workers = workers_of(process)
    os.killpg(process.pid, signal.SIGINT)
    out, error = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, error.strip()) == (130, "", "")
    wait_for(lambda: all(map(is_gone, workers)))


@pytest.mark.parametrize(
    ("jobs", "items", "platform", "count"),
    [
        (4, 100, "linux", 4),
        (4, 3, "linux", 3),
        (200, 1000, "linux", 200),
        (200, 1000, "win32", 61),
        (0, 1000, "linux", os.cpu_count()),
    ],
)
def test_as_many_processes_as_there_is_use_for(jobs: int, items: int, platform: str, count: int) -> None:
    assert process_count(jobs, items, platform=platform) == count
