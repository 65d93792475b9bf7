"""Replays the pages of the documentation: what their commands print, and the files they show.

A page is Markdown. In a block fenced as ``console``, a line that begins with ``$ `` is a command (continued after a
``\\`` at the end), what follows is all it prints, and ``[exit N]`` closes it when the exit code is not 0. A block
whose fence names a file after the language shows that file.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["PAGES", "ROOT", "commands", "replayed", "shown_files"]

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
PAGES = sorted(path for pattern in ("README.md", "docs/**/*.md", "examples/**/*.md") for path in ROOT.glob(pattern))

_BLOCK = re.compile(r"^```(?P<language>\w+)(?: (?P<file>[\w./-]+))?\n(?P<body>.*?)^```$", re.MULTILINE | re.DOTALL)
_COMMAND = re.compile(r"^\$ (?:.*\\\n)*.*\n", re.MULTILINE)


def shown_files(page: str) -> dict[str, str]:
    """The files a page shows, by name."""
    return {block["file"]: block["body"] for block in _BLOCK.finditer(page) if block["file"]}


def commands(page: str) -> list[str]:
    """The commands a page runs, in order."""
    blocks = (block["body"] for block in _BLOCK.finditer(page) if block["language"] == "console")
    return [_text(command) for body in blocks for command in _COMMAND.findall(body)]


def replayed(page: Path, home: Path | None = None, below: str = "") -> str:
    """The page as it should be: with the files as they are and the output that its commands give now.

    Commands run in a copy of the page's folder; those of a page outside ``examples`` in a folder that holds
    ``examples`` and the files the page itself shows; if a ``home`` is given, in what is ``below`` in a copy of that.
    """
    text = page.read_text(encoding="utf-8")
    with TemporaryDirectory() as temporary:
        work = Path(temporary) / "work"
        folder = shutil.copytree(home, work) / below if home else _copied(page, text, work)
        environment = _environment(Path(temporary) / "bin")

        def block(found: re.Match[str]) -> str:
            if found["file"]:
                shown = (folder / found["file"]).read_text(encoding="utf-8")
                return f"```{found['language']} {found['file']}\n{shown}```"
            if found["language"] != "console":
                return found[0]
            return f"```console\n{''.join(_run(found['body'], folder, environment))}```"

        return _BLOCK.sub(block, text)


def _copied(page: Path, text: str, folder: Path) -> Path:
    if page.is_relative_to(EXAMPLES):
        return shutil.copytree(page.parent, folder)
    shutil.copytree(EXAMPLES, folder / "examples")
    for name, body in shown_files(text).items():
        if not (folder / name).exists():
            (folder / name).write_text(body, encoding="utf-8")
    return folder


def _environment(programs: Path) -> dict[str, str]:
    programs.mkdir()
    for name, arguments in (("talos-registry", "-m talos_registry"), ("python", "")):
        program = programs / name
        program.write_text(f'#!/bin/sh\nexec "{sys.executable}" {arguments} "$@"\n', encoding="utf-8")
        program.chmod(0o755)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"
    return {"PATH": path, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1", "LC_ALL": "C", "COLUMNS": "100"}


def _run(body: str, folder: Path, environment: dict[str, str]) -> Iterator[str]:
    for command in _COMMAND.findall(body):
        done = subprocess.run(
            ["sh", "-c", _text(command)],  # noqa: S607 - the shell of a console
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            encoding="utf-8",
            check=False,
        )
        yield command
        yield done.stdout
        if done.returncode:
            yield f"[exit {done.returncode}]\n"


def _text(command: str) -> str:
    return command.removeprefix("$ ").rstrip("\n")
