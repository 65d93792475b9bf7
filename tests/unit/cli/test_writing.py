from __future__ import annotations

import os
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
    done = subprocess.run(
        [sys.executable, "-c", program, file],
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
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
