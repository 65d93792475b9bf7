"""Builds the oracles, once per change of their sources, and asks them."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONTAINERD", "TALOS_VERSIONS", "ask", "build", "schema"]

Row = dict[str, Any]
HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "oracle"
TALOS_VERSIONS = tuple(sorted(path.stem.removeprefix("talos-") for path in HERE.glob("talos-*.mod")))
CONTAINERD = "containerd"
MACHINERY = "github.com/siderolabs/talos/pkg/machinery"
BUILD_SECONDS, ANSWER_SECONDS = 1_800, 1_800
NOT_ASKED = {"id", "cat", "expect"}


def build(name: str) -> Path:
    """The program of an oracle, a Talos version or ``CONTAINERD``; built unless its sources are as they were.

    Raises:
        RuntimeError: if Go is missing or the build fails.
    """
    folder, modfile = (HERE / CONTAINERD, "go.mod") if name == CONTAINERD else (HERE, f"talos-{name}.mod")
    sources = [*sorted(folder.glob("*.go")), folder / modfile, folder / modfile.replace(".mod", ".sum")]
    program = CACHE / f"{name}-{_digest(sources)}"
    if not program.exists():
        _compile(folder, modfile, program)
    return program


def schema(talos_version: str) -> Path:
    """The JSON Schema that Talos publishes, a file of the module that its oracle is built from.

    Raises:
        RuntimeError: if Go is missing or the module cannot be downloaded.
    """
    module = json.loads(_go("mod", "download", "-json", f"-modfile=talos-{talos_version}.mod", MACHINERY, folder=HERE))
    return Path(module["Dir"]) / "config" / "schemas" / "config.schema.json"


def _digest(sources: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _compile(folder: Path, modfile: str, program: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = program.with_suffix(f".{os.getpid()}")
    flags = ("-p", "1", "-trimpath", "-buildvcs=false", f"-modfile={modfile}", "-o", str(unfinished))
    _go("build", *flags, ".", folder=folder)
    unfinished.rename(program)


def _go(*arguments: str, folder: Path) -> str:
    go = shutil.which("go")
    if go is None:
        raise RuntimeError("the oracle tests need Go on the PATH")
    command = (go, *arguments)
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=BUILD_SECONDS, check=False)
    if done.returncode:
        raise RuntimeError(f"go {arguments[0]} fails in {folder.name}:\n{done.stderr or done.stdout}")
    return done.stdout


def ask(program: Path, requests: Iterable[Row]) -> list[Row]:
    """What an oracle answers, in the order of the requests; what only a vector has is left out of them."""
    lines = [json.dumps({key: value for key, value in row.items() if key not in NOT_ASKED}) for row in requests]
    said = subprocess.run(
        [program], input="\n".join(lines).encode(), capture_output=True, timeout=ANSWER_SECONDS, check=False
    )
    if said.returncode:
        raise RuntimeError(f"the oracle stopped:\n{said.stderr.decode()}")
    answers = [json.loads(line) for line in said.stdout.splitlines()]
    if len(answers) != len(lines):
        raise RuntimeError(f"the oracle gave {len(answers)} answers to {len(lines)} requests")
    return answers
