"""Files of 15 MB that hold next to nothing: no command takes 300 MB of them, and all take that little of comments."""

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
FILES: dict[str, Callable[[], str]] = {
    "comments": lambda: "# abcdefgh\n" * (SIZE // 11) + HEAD,
    "comments inside": lambda: HEAD + "# abcdefgh\n" * (SIZE // 11) + "skipFallback: true\n",
    "one long line": lambda: f"{HEAD}# {'x' * SIZE}\n",
    "one long scalar": lambda: f"{HEAD}endpoints: [{{url: 'http://a/{'x' * SIZE}'}}]\n",
    "blank lines": lambda: "\n" * SIZE + HEAD,
    "a document of another kind": lambda: (
        "apiVersion: v1alpha1\nkind: SysctlConfig\nparams:\n  a: |\n" + "    abcdefg\n" * (SIZE // 12)
    ),
}
COMMANDS = (
    ("validate",),
    ("validate", "--schema", str(SCHEMA)),
    ("lint",),
    ("resolve", "nginx", "-f"),
    ("hosts", "-f"),
)

LAUNCHER = """
import resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "talos_registry", *sys.argv[1:]], stdout=subprocess.DEVNULL)
print(done.returncode, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""
"""Runs the tool from a small process: a process counts the memory of the one it was forked from as its own."""


WITH_COMMENTS = (
    *("lint FILE --fix --unsafe", "lint FILE --diff --unsafe", "lint --merge FILE PATCH"),
    *("fmt FILE --check", "fmt FILE --diff", "fmt FILE", "redact FILE", "redact FILE --check"),
    *("patch make FILE PATCH", "patch make PATCH FILE", "patch apply FILE PATCH", "patch check FILE PATCH"),
    *("migrate FILE", "migrate FILE --patch", "new mirror new.example http://new.example -a FILE"),
)


@pytest.mark.parametrize("command", WITH_COMMENTS)
@pytest.mark.parametrize("name", ["comments", "comments inside"])
def test_comments_take_little_memory(command: str, name: str, tmp_path: Path) -> None:
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


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_a_large_file_that_holds_little_takes_little_memory(command: tuple[str, ...], tmp_path: Path) -> None:
    for name, make in FILES.items():
        file = tmp_path / "config.yaml"
        file.write_text(make())
        assert peak([*command, str(file)]) < MOST, name
