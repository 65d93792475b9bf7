"""What tests of every room begin with: the command line, and files in an empty folder."""

from __future__ import annotations

import gc
import json
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest
from click.testing import CliRunner
from hypothesis import settings

from talos_registry.cli import _cli

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

settings.register_profile("untimed", deadline=None)  # how fast the machine is decides about no test
settings.load_profile("untimed")


class Outcome(NamedTuple):
    """How a command ended, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """The codes of a run with ``--format json``."""
        return [diagnostic["code"] for diagnostic in self.json["diagnostics"]]


class Cli(Protocol):
    def __call__(self, *args: str, stdin: str | bytes = "", color: bool = False) -> Outcome: ...


class Write(Protocol):
    def __call__(self, name: str, content: str | bytes) -> str: ...


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def cli(folder: Path) -> Iterator[Cli]:  # noqa: ARG001 - where it runs
    """Runs the command line in the empty folder; ``validate`` stops collecting garbage, tests go on."""

    def run(*args: str, stdin: str | bytes = "", color: bool = False) -> Outcome:
        result = CliRunner().invoke(_cli, args, input=stdin, color=color, prog_name="talos-registry")
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return Outcome(result.exit_code, result.stdout_bytes.decode(), result.stderr_bytes.decode())

    yield run
    gc.enable()


@pytest.fixture
def write(folder: Path) -> Write:
    """Writes a file into the empty folder and gives its name back."""

    def write(name: str, content: str | bytes) -> str:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return name

    return write
