"""Many files take the memory of one: nothing of a file is kept but what the report says of it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the memory of a process as POSIX counts it")

ROOT = Path(__file__).parents[2]
LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "talos_registry", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
"""Runs the tool from a small process: a process counts the memory of the one it was forked from as its own."""

COMMENTS = "# a comment of some length, again and again\n" * 20_000
BAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nendpoints:\n  - url: 10.5.0.1:5000\n"
TEXTS = {
    "a finding": COMMENTS + BAD,
    "no YAML": f"{COMMENTS}machine: [\n",
}


def peak(command: list[str], folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-S", "-c", LAUNCHER, *command, str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    code, resident = map(int, done.stdout.split())
    assert code == 1
    return resident


@pytest.mark.parametrize("command", [["validate"], ["lint"]], ids=" ".join)
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_many_files_take_the_memory_of_one(tmp_path: Path, command: list[str], text: str) -> None:
    first, many = tmp_path / "one" / "a.yaml", tmp_path / "many"
    first.parent.mkdir()
    many.mkdir()
    first.write_text(text)
    for number in range(10):
        (many / f"{number}.yaml").hardlink_to(first)
    assert peak(command, many) <= 1.25 * peak(command, first.parent)
