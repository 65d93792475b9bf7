"""Files of 15 MB that hold next to nothing: no command takes 300 MB for them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

MB = 1_000_000
SIZE, MOST = 15 * MB, 300 * MB
SCHEMA = Path(__file__).parents[1] / "data" / "talos.schema.json"
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
COMMENT = "# abcdefgh abcdefgh\n"
FILES: dict[str, Callable[[], str]] = {
    "comments": lambda: (
        COMMENT * (SIZE // len(COMMENT) // 2) + HEAD + COMMENT * (SIZE // len(COMMENT) // 2) + "skipFallback: true\n"
    ),
    "one long line": lambda: f"{HEAD}# {'x' * SIZE}\n",
    "one long scalar": lambda: f"{HEAD}endpoints: [{{url: 'http://a/{'x' * SIZE}'}}]\n",
    "blank lines": lambda: "\n" * SIZE + HEAD,
    "a document of another kind": lambda: (
        "apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  a: |\n" + "    abcdefg\n" * (SIZE // 12)
    ),
}
READING = (f"validate FILE --schema {SCHEMA}", "lint FILE", "hosts -f FILE")
WRITING = (
    *("lint FILE --diff --unsafe", "fmt FILE --diff", "redact FILE", "redact FILE --check"),
    *("patch make PATCH FILE", "patch apply FILE PATCH", "migrate FILE --patch"),
    *("migrate FILE --to legacy --diff", "new mirror new.example http://new.example -a FILE"),
)
"""One command for each thing that is done with a file: what shows a difference has made it."""
ROWS = (
    *((command, name) for name in FILES for command in READING),
    *((command, "comments") for command in WRITING),
    *((command, "one long scalar") for command in (*WRITING, "patch check FILE PATCH")),
    *(("lint --merge FILE PATCH", "comments"), ("resolve nginx -f FILE", "comments")),
    *(("fmt FILE --check", "blank lines"), ("migrate FILE --to legacy", "blank lines")),
)

LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "talos_registry", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
"""Runs the tool from a small process: a process counts the memory of the one it was forked from as its own."""


@pytest.mark.parametrize(("command", "name"), ROWS)
def test_a_large_file_that_holds_little_takes_little_memory(command: str, name: str, tmp_path: Path) -> None:
    files = {"FILE": tmp_path / "config.yaml", "PATCH": tmp_path / "patch.yaml"}
    files["FILE"].write_text(FILES[name]())
    files["PATCH"].write_text(f"{HEAD}endpoints:\n  - url: http://cache.example\n")
    assert peak([str(files.get(word, word)) for word in command.split()]) < MOST


def peak(arguments: list[str]) -> int:
    """The memory that the tool takes, in bytes."""
    run = [sys.executable, "-S", "-c", LAUNCHER, *arguments]
    code, resident = map(int, subprocess.run(run, capture_output=True, text=True, check=True).stdout.split())
    assert code in {0, 1}
    return resident
