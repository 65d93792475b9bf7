"""Examples, README and pages as type checkers see the code of a user: strictly, without plugins, against the package."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.examples.transcript import EXAMPLES, ROOT

TAKEN = '''"""What constructors and functions take, beside what examples need."""

from pydantic import SecretStr

from talos_registry import (
    ClientIdentity,
    Reference,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    emit,
    lint,
    parse,
    render_hosts,
    resolve,
)

mirror = RegistryMirrorConfig(endpoints=(url for url in ["http://a"]), skip_fallback=True)
other = RegistryMirrorConfig(name="a", endpoints=[RegistryEndpoint(url="http://b"), "http://c"])
auth = RegistryAuthConfig(password="a", auth=SecretStr("b"))
tls = RegistryTLSConfig(client_identity=ClientIdentity(cert="c", key="k"))
registries = RegistrySet.of(mirror, other, auth, tls, replace=True)
secret: str = auth.password.get_secret_value()
copied: RegistryMirrorConfig = mirror.model_copy(update={"skip_fallback": None})
config = parse(b"")
texts: list[str] = [emit(mirror), emit([mirror, auth]), emit(config), emit(config.documents)]
plan = resolve(Reference.parse("nginx"), config, puller="cri").to_dict()
files = {**render_hosts(config), **render_hosts(registries)}
bad: bool = any(one.severity >= "warning" for one in sorted(lint(config, select=["doubled-v2"])))
'''
WRONG = {
    "skip_falback": "RegistryMirrorConfig(skip_falback=True)",
    "endpoints": "RegistryMirrorConfig(endpoints=[1])",
    "password": "RegistryAuthConfig(password=1)",
    "puller": 'resolve("nginx", parse(""), puller="docker")',
    "parse": "parse(1)",
}


@pytest.fixture(scope="module")
def code(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all of it, one file each."""
    folder = tmp_path_factory.mktemp("typed")
    for script in EXAMPLES.glob("*/*.py"):
        (folder / f"{script.parent.name.replace('-', '_')}_{script.name}").write_bytes(script.read_bytes())
    for page in (ROOT / "README.md", *(ROOT / "docs").rglob("*.md")):
        name = "_".join(page.relative_to(ROOT).with_suffix("").parts)
        for number, block in enumerate(re.findall(r"```python\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)):
            (folder / f"{name}_{number}.py").write_text(block, encoding="utf-8")
    (folder / "taken.py").write_text(TAKEN, encoding="utf-8")
    lines = "".join(f"{call}  # {name}\n" for name, call in WRONG.items())
    head = "from talos_registry import RegistryAuthConfig, RegistryMirrorConfig, parse, resolve\n\n"
    (folder / "wrong.py").write_text(head + lines, encoding="utf-8")
    settings = {"typeCheckingMode": "strict", "extraPaths": [str(ROOT)]}
    (folder / "pyrightconfig.json").write_text(json.dumps(settings), encoding="utf-8")
    return folder


def reported(folder: Path, *command: str) -> list[str]:
    """The errors that a type checker reports, a line each."""
    files = sorted(path.name for path in folder.glob("*.py"))
    environment = {"MYPYPATH": str(ROOT), "PATH": str(Path(sys.executable).parent)}
    done = subprocess.run(
        [sys.executable, "-m", *command, *files],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    return [line.strip() for line in done.stdout.splitlines() if re.search(r":\d+:(?:\d+ -)? error", line)]


_OF_RUAMEL = re.compile(r'Type of "(?:load|dump)_all" is partially unknown')
"""What ruamel.yaml does not say of its own functions."""


@pytest.mark.parametrize(
    "command",
    [["mypy", "--strict", "--config-file=", "--no-incremental"], ["basedpyright", f"--pythonpath={sys.executable}"]],
    ids=["mypy", "basedpyright"],
)
def test_types_are_those_that_run(code: Path, command: list[str]) -> None:
    if find_spec(command[0]) is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{command[0]} is not installed: requirements/types.txt")
    errors = [line for line in reported(code, *command) if not _OF_RUAMEL.search(line)]
    assert [line for line in errors if "wrong.py" not in line] == []
    found = {int(match[1]) for line in errors if (match := re.search(r"wrong\.py:(\d+):", line))}
    assert found == {number for number, _ in enumerate(WRONG, 3)}
