from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.unit.cli.samples import BAD, GOOD

if TYPE_CHECKING:
    from tests.conftest import Cli, Write

ROOT = Path(__file__).parents[3]


def process(*args: str, environment: dict[str, str] | None = None, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "talos_registry", *args],
        env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
        input=stdin,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_process_ends_with_the_exit_code() -> None:
    done = process("validate", "-", stdin=BAD)
    assert (done.returncode, done.stderr) == (1, "1 document in 1 file: 1 error\n")


def test_no_colour_where_there_is_no_terminal() -> None:
    assert "\x1b" not in process("validate", "-", stdin=BAD).stdout


@pytest.mark.parametrize(("environment", "coloured"), [({}, True), ({"NO_COLOR": "1"}, False)])
def test_colour_on_a_terminal(
    cli: Cli, environment: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in cli("resolve", "nginx", "-f", "-", stdin=GOOD, color=True).out) is coloured


@pytest.mark.skipif(sys.platform == "win32", reason="pipes of a POSIX shell")
def test_a_reader_that_stops_reading_is_no_traceback(write: Write) -> None:
    for number in range(300):
        write(f"d/{number}.yaml", BAD * 3)
    command = f"'{sys.executable}' -m talos_registry validate d | head -n 1"
    done = subprocess.run(
        ["sh", "-c", command],  # noqa: S607 - the shell of a console
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr
    assert "BrokenPipeError" not in done.stderr
