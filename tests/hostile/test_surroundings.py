"""Streams, terminals and files that do not do their part: one clear line and an exit code, never a traceback or a wait."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Write

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the shell and the devices of POSIX")

ROOT = Path(__file__).parents[2]
SECONDS = 60  # far above what any of these takes: it ends a hang, it measures nothing

MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
ENDPOINT = f"{MIRROR}endpoints:\n  - url: http://10.5.0.1:5000\n"
BAD = f"{MIRROR}endpoints:\n  - url: 10.5.0.1:5000\n"
FULL = "No space left on device"


def shell(command: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Runs a command line in which ``$T`` is the tool."""
    return subprocess.run(
        ["bash", "-c", command.replace("$T", f"'{sys.executable}' -m talos_registry")],  # noqa: S607 - that of a console
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=SECONDS,
    )


@pytest.mark.parametrize(
    ("command", "code", "error"),
    [
        ("$T validate bad.yaml >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T lint --format json bad.yaml >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T resolve nginx -f good.yaml >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T hosts -f good.yaml >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T new mirror docker.io http://10.5.0.1 >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T redact good.yaml >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T explain --list >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T --help >/dev/full", 2, f"the output cannot be written: {FULL}"),
        ("$T validate good.yaml >&-", 2, "standard output is closed"),
        ("$T validate - <&-", 2, "-: standard input is closed"),
        ("$T new auth a.example --password-stdin <&-", 2, "-: standard input is closed"),
        ("$T validate --schema d good.yaml", 2, "d: Is a directory"),
        ("$T validate --schema 'd/*.json' good.yaml", 2, "d/*.json: No such file or directory"),
        ("$T validate pipe.yaml", 2, "pipe.yaml: not an ordinary file"),
        ("$T new tls a.example --ca-file pipe.yaml", 2, "pipe.yaml: not an ordinary file"),
        ("$T lint --jobs 2 pipe.yaml /dev/zero", 2, "pipe.yaml: not an ordinary file"),
        ("$T resolve nginx -f /dev/zero", 2, "/dev/zero: not an ordinary file"),
    ],
)
def test_one_line_says_what_is_wrong(write: Write, command: str, code: int, error: str) -> None:
    write("good.yaml", ENDPOINT)
    write("bad.yaml", BAD)
    write("d/a.json", "{}")
    write("d/b.json", "{}")
    os.mkfifo("pipe.yaml")
    done = shell(command)
    assert (done.returncode, done.stderr.decode().splitlines()[0]) == (code, f"talos-registry: {error}")
    assert b"Traceback" not in done.stderr
    assert b"Exception ignored" not in done.stderr


@pytest.mark.parametrize(
    "command",
    [
        "$T validate good.yaml 2>/dev/full",
        "$T validate missing.yaml 2>/dev/full",
        "$T validate missing.yaml 2>&-",
        "$T --nope 2>/dev/full",
        "$T validate bad.yaml >/dev/full 2>/dev/full",
    ],
)
def test_where_nobody_can_be_told_the_exit_code_tells(write: Write, command: str) -> None:
    write("good.yaml", ENDPOINT)
    write("bad.yaml", BAD)
    done = shell(command)
    assert (done.returncode, done.stderr) == (2, b"")


def test_a_reader_that_stops_reading_ends_the_process_quietly(write: Write) -> None:
    for number in range(300):
        write(f"d/{number}.yaml", BAD * 3)
    done = shell('set -o pipefail; $T validate d | head -n 1; echo "${PIPESTATUS[0]}"')
    assert done.stdout.decode().splitlines()[1:] == ["141"]
    assert done.stderr == b""


@pytest.mark.parametrize("encoding", ["cp1252:strict", "utf-8:strict", "ascii:strict"])
@pytest.mark.parametrize("command", ["validate", "lint", "resolve nginx -f", "hosts -f", "fmt --diff"])
def test_what_the_terminal_has_no_characters_for_is_replaced(write: Write, encoding: str, command: str) -> None:
    url = r'"http://h/\x80/ж?x=%ff"'
    write("ж.yaml", f"{MIRROR}endpoints:\n  - url: {url}\n  - url: {url}\n    overridePath: true\n")
    done = shell(f"$T {command} ж.yaml", PYTHONIOENCODING=encoding)
    assert done.returncode in {0, 1}
    assert b"Traceback" not in done.stderr
    assert done.stdout + done.stderr != b""


def test_a_config_is_utf_8_whatever_the_terminal(write: Write) -> None:
    write("a.yaml", f"{ENDPOINT}# \u0436\n")
    for command in ("redact a.yaml", "fmt - <a.yaml", "migrate a.yaml", "patch apply a.yaml a.yaml"):
        done = shell(f"$T {command}", PYTHONIOENCODING="cp1252")
        assert "# \u0436\n" in done.stdout.decode(), done.stderr


def test_bytes_that_are_no_text_are_written_as_they_are() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "talos_registry", "new", "auth", "a.example", "--username", b"u\xff"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        check=False,
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (0, False)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_the_process_with_its_code(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "talos_registry", "validate", "-"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdin is not None
    while not is_waiting(process.pid):
        assert process.poll() is None
    process.send_signal(number)
    out, error = process.communicate(timeout=SECONDS)
    assert (process.returncode, out, error.strip()) == (128 + number, b"", b"")


def is_waiting(pid: int) -> bool:
    """Whether a process waits for its standard input."""
    return Path(f"/proc/{pid}/wchan").read_text() in {"pipe_read", "anon_pipe_read"}


def test_what_could_wait_for_ever_is_skipped_in_a_folder(write: Write) -> None:
    write("d/a.yaml", ENDPOINT)
    os.mkfifo("d/b.yaml")
    Path("d/c.yaml").symlink_to("/dev/zero")
    done = shell("$T validate d")
    assert (done.returncode, done.stderr) == (0, b"1 document in 1 file: nothing found\n")


def test_what_a_shell_puts_for_the_output_of_a_command_is_read(write: Write) -> None:
    write("a.yaml", ENDPOINT)
    done = shell("$T validate <(cat a.yaml) /dev/stdin <a.yaml")
    assert (done.returncode, done.stderr) == (0, b"2 documents in 2 files: nothing found\n")
