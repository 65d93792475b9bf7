from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from talos_registry.cli.writing import WriteError, write_back

ROOT = Path(__file__).parents[3]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.yaml"
    path.write_bytes(b"before")
    return path


def names(directory: Path) -> list[str]:
    return sorted(path.name for path in directory.iterdir())


@pytest.mark.parametrize("mode", [0o600, 0o640, 0o644, 0o755])
def test_content_changes_and_mode_stays(file: Path, mode: int) -> None:
    file.chmod(mode)
    write_back(str(file), b"before", b"after")
    assert (file.read_bytes(), file.stat().st_mode & 0o7777) == (b"after", mode)
    assert names(file.parent) == ["a.yaml"]


def test_file_that_changed_on_disk_is_left_alone(file: Path) -> None:
    file.write_bytes(b"somebody else's")
    with pytest.raises(WriteError) as refused:
        write_back(str(file), b"before", b"after")
    assert refused.value.message == f"{file}: not written: the file has changed since it was read; try again"
    assert refused.value.exit_code == 2
    assert file.read_bytes() == b"somebody else's"
    assert names(file.parent) == ["a.yaml"]


@pytest.mark.parametrize("target", ["a.yaml", "inner/../a.yaml", "link.yaml"])
def test_link_stays_a_link_and_its_target_changes(file: Path, target: str) -> None:
    (file.parent / "inner").mkdir()
    (file.parent / "link.yaml").symlink_to("a.yaml")
    link = file.parent / "inner" / "outer.yaml"
    link.symlink_to(Path("..") / target)
    write_back(str(link), b"before", b"after")
    assert link.is_symlink()
    assert file.read_bytes() == b"after"
    assert names(link.parent) == ["outer.yaml"]


def test_name_in_the_current_directory(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(file.parent)
    write_back("a.yaml", b"before", b"after")
    assert file.read_bytes() == b"after"


def run_on(file: Path, program: str) -> subprocess.CompletedProcess[str]:
    """``program`` in a process of its own, with ``file`` as its argument."""
    return subprocess.run(
        [sys.executable, "-c", program, file],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_write_that_fails_halfway_leaves_the_old_file(file: Path) -> None:
    """The process may not write files of more than ten bytes, as if the disk were full."""
    program = (
        "import resource, sys\n"
        "from talos_registry.cli.writing import WriteError, write_back\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "try:\n"
        "    write_back(sys.argv[1], b'before', b'after' * 10_000)\n"
        "except WriteError as error:\n"
        "    error.show()\n"
        "    sys.exit(error.exit_code)\n"
    )
    done = run_on(file, program)
    assert (done.returncode, done.stderr) == (2, f"talos-registry: {file}: not written: File too large\n")
    assert file.read_bytes() == b"before"
    assert names(file.parent) == ["a.yaml"]


def test_missing_file_is_not_made(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"missing\.yaml: not written: No such file or directory"):
        write_back(str(tmp_path / "missing.yaml"), b"", b"after")
    assert names(tmp_path) == []


def test_only_ordinary_files_are_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(WriteError, match="it is no ordinary file"):
        write_back(str(tmp_path / "pipe"), b"", b"after")
    assert (tmp_path / "pipe").is_fifo()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_process_that_is_told_to_end_leaves_no_unfinished_file(file: Path, number: signal.Signals) -> None:
    """The file system seems slow: the process waits where it has a new file beside the old one."""
    program = (
        "import sys\n"
        "from talos_registry.cli.process import end_with, prepare\n"
        "from talos_registry.cli.writing import beside\n"
        "def write():\n"
        "    with beside(sys.argv[1], b'after'):\n"
        "        print('written', flush=True)\n"
        "        sys.stdin.read()\n"
        "prepare()\n"
        "end_with(write)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, file],
        env={"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    assert len(names(file.parent)) == 2
    process.send_signal(number)
    _, error = process.communicate()
    assert (process.returncode, error) == (128 + number, "")
    assert names(file.parent) == ["a.yaml"]
    assert file.read_bytes() == b"before"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="open files are looked at in /proc")
def test_a_file_is_closed_when_it_is_replaced(file: Path) -> None:
    """Windows replaces no file that is open."""
    program = (
        "import os, sys\n"
        "from talos_registry.cli.writing import write_back\n"
        "def look(event, arguments):\n"
        "    if event == 'os.rename':\n"
        "        descriptors = [f'/proc/self/fd/{fd}' for fd in os.listdir('/proc/self/fd')]\n"
        "        print([os.readlink(fd) for fd in descriptors if os.path.exists(fd)].count(sys.argv[1]))\n"
        "sys.addaudithook(look)\n"
        "write_back(sys.argv[1], b'before', b'after')\n"
    )
    done = run_on(file, program)
    assert (done.stdout, done.stderr) == ("0\n", "")
    assert file.read_bytes() == b"after"
