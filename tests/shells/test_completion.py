"""Completion in real shells, typed into a terminal of tmux."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.e2e
ROOT = Path(__file__).parents[2]
STARTS = {
    "bash": ("bash --norc --noprofile", "source <(talos-registry completion bash)"),
    "zsh": ("zsh -f", "autoload -U compinit && compinit -u -D && source <(talos-registry completion zsh)"),
    "fish": ("fish --no-config", "talos-registry completion fish | source"),
}
_PATIENCE = 30.0


class Terminal:
    """A shell in tmux."""

    def __init__(self, socket: str, folder: Path, shell: str) -> None:
        self._socket = socket
        self._tmux("new-session", "-d", "-x", "160", "-y", "50", "-c", str(folder), f"env PS1='$ ' {shell}")

    def type(self, text: str) -> None:
        self._tmux("send-keys", "-l", text)

    def press(self, key: str) -> None:
        self._tmux("send-keys", key)

    def shows(self, text: str) -> bool:
        """Whether a text comes to be seen."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            if text in self._tmux("capture-pane", "-p"):
                return True
            time.sleep(0.05)
        return False

    def screen(self) -> str:
        return self._tmux("capture-pane", "-p")

    def end(self) -> None:
        self._tmux("kill-server")

    def _tmux(self, *arguments: str) -> str:
        done = subprocess.run(
            ["tmux", "-L", self._socket, *arguments],  # noqa: S607 - the one of the system
            stdout=subprocess.PIPE,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Terminal]]:
    """Starts a shell that knows the completions, in a folder with a file."""
    for name in ("tmux", *STARTS):
        if shutil.which(name) is None:
            pytest.fail(f"{name} is not installed: apt-get install {name}", pytrace=False)
    programs = tmp_path / "bin"
    programs.mkdir()
    program = programs / "talos-registry"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m talos_registry "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "worker-node.yaml").touch()
    monkeypatch.setenv("PATH", str(programs), prepend=":")
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("TMUX", raising=False)
    started: list[Terminal] = []

    def start(shell: str) -> Terminal:
        command, source = STARTS[shell]
        terminal = Terminal(f"completion-{uuid4()}", folder, command)
        started.append(terminal)
        terminal.type(f"{source}; echo re''ady")
        terminal.press("Enter")
        assert terminal.shows("ready\n"), terminal.screen()
        terminal.press("C-l")
        return terminal

    yield start
    for running in started:
        running.end()


@pytest.mark.parametrize("shell", STARTS)
@pytest.mark.parametrize(
    ("typed", "completed"),
    [
        ("talos-registry vali", "talos-registry validate"),
        ("talos-registry lint --fail", "talos-registry lint --fail-on"),
        ("talos-registry lint work", "talos-registry lint worker-node.yaml"),
        ("talos-registry explain doubled", "talos-registry explain doubled-v2"),
        ("talos-registry lint --select doub", "talos-registry lint --select doubled-v2"),
        ("talos-registry schema RegistryM", "talos-registry schema RegistryMirrorConfig"),
        ("talos-registry fmt --talos-version 1.12", "talos-registry fmt --talos-version 1.12 "),
        ("talos-registry resolve --format cu", "talos-registry resolve --format curl"),
    ],
)
def test_a_tab_completes(terminal: Callable[[str], Terminal], shell: str, typed: str, completed: str) -> None:
    shown = terminal(shell)
    shown.type(typed)
    assert shown.shows(typed)
    shown.press("Tab")
    shown.type("|")
    assert shown.shows(completed.rstrip()), shown.screen()
