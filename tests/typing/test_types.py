"""The package as type checkers see it, and the code of a user: README, examples, pages, and ``usage.py``.

Both checkers run without plugins: mypy strictly; basedpyright strictly over what users write, and as it does by itself
over the package, whose readers of YAML hold what has no type.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.examples.transcript import EXAMPLES, ROOT

VERSIONS = ("3.11", "3.12", "3.13", "3.14")
OWN = f"{sys.version_info.major}.{sys.version_info.minor}"
ASKED = VERSIONS if os.environ.get("ALL_VERSIONS") else (OWN if OWN in VERSIONS else VERSIONS[-1],)
"""The versions of Python that code is read for; all of them in CI, as each takes half a minute."""

USAGE = Path(__file__).with_name("usage.py")
PACKAGE = ROOT / "talos_registry"


class Error(NamedTuple):
    """What a checker says of a line, and the name that it has for that."""

    file: str
    line: int
    code: str


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all that users write, one file each."""
    folder = tmp_path_factory.mktemp("typed")
    for script in EXAMPLES.glob("*/*.py"):
        (folder / f"{script.parent.name.replace('-', '_')}_{script.name}").write_bytes(script.read_bytes())
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        name = "_".join(page.relative_to(ROOT).with_suffix("").parts).replace("-", "_").lower()
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)):
            (folder / f"{name}_{number}.py").write_text(block, encoding="utf-8")
    (folder / "usage.py").write_bytes(USAGE.read_bytes())
    return folder


def mypy(version: str, *paths: Path) -> list[Error]:
    """What mypy says of files and of all that they import from the package."""
    output = run(
        "mypy",
        *("--strict", "--config-file=", "--no-error-summary", "--show-error-codes", f"--python-version={version}"),
        *("--no-incremental", "--cache-dir=/dev/null", "--warn-unreachable", "--disable-error-code=import-not-found"),
        *map(str, paths),
    )
    pattern = re.compile(r"^(.+?):(\d+): error: .*\[([a-z-]+)\]$", re.MULTILINE)
    errors = [Error(Path(file).name, int(line), code) for file, line, code in pattern.findall(output)]
    assert len(errors) == output.count(": error: "), output
    return errors


def basedpyright(version: str, mode: str, folder: Path, *paths: Path) -> list[Error]:
    """What basedpyright says of files; ``folder`` takes its settings."""
    settings = {
        "include": [str(path) for path in paths],
        "extraPaths": [str(ROOT)],
        "typeCheckingMode": mode,
        "pythonVersion": version,
    }
    project = folder / f"pyright-{mode}.json"
    project.write_text(json.dumps(settings), encoding="utf-8")
    output = run("basedpyright", f"--pythonpath={sys.executable}", f"--project={project}", "--outputjson")
    found = json.loads(output)["generalDiagnostics"]
    return [
        Error(Path(one["file"]).name, one["range"]["start"]["line"] + 1, one.get("rule", one["message"]))
        for one in found
        if not _OF_RUAMEL.search(one["message"])
    ]


def run(checker: str, *arguments: str) -> str:
    """What a checker prints."""
    if find_spec(checker) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{checker} is not installed: requirements/types.txt")
    environment = {"MYPYPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    done = subprocess.run(
        [sys.executable, "-m", checker, *arguments],
        cwd=ROOT / "tests" / "typing",
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return done.stdout


_OF_RUAMEL = re.compile(r'Type of "(?:load|dump)_all" is partially unknown')
"""What ruamel.yaml does not say of its own functions."""


def refused(column: int) -> set[Error]:
    """What ``usage.py`` says must be refused; ``column`` is that of the checker."""
    lines = enumerate(USAGE.read_text(encoding="utf-8").splitlines(), 1)
    matches = ((number, re.search(r"  # refused: (.+), (.+)$", line)) for number, line in lines)
    return {Error("usage.py", number, code) for number, match in matches if match for code in match[column].split()}


@pytest.mark.parametrize("version", ASKED)
def test_mypy_refuses_what_it_must_and_nothing_else(code: Path, version: str) -> None:
    assert set(mypy(version, PACKAGE, *sorted(code.glob("*.py")))) == refused(1)


@pytest.mark.parametrize("version", ASKED)
def test_basedpyright_refuses_what_it_must_and_nothing_else(code: Path, version: str) -> None:
    assert set(basedpyright(version, "strict", code, *code.glob("*.py"))) == refused(2)


@pytest.mark.parametrize("version", ASKED)
def test_basedpyright_has_nothing_to_say_of_the_package(tmp_path: Path, version: str) -> None:
    assert basedpyright(version, "standard", tmp_path, PACKAGE) == []
