"""Builds the oracles, once per change of their sources, and asks them."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["CONTAINERD", "INTERNALS", "RELEASES", "TALOS_VERSIONS", "ask", "build", "default_images", "schema"]

Row = dict[str, Any]
HERE = Path(__file__).parent
CACHE = HERE.parent.parent / ".cache" / "oracle"
TALOS_VERSIONS = tuple(sorted(path.stem.removeprefix("talos-") for path in HERE.glob("talos-*.mod")))
DEFAULTS = {path.stem.removeprefix("talos-"): path for path in sorted(HERE.glob("defaults/*/talos-*.mod"))}
RELEASES = tuple(DEFAULTS)
"""The exact releases whose default images can be listed."""
INTERNALS = {
    path.stem.removeprefix("talos-"): f"internals-{path.stem}" for path in sorted(HERE.glob("internals/talos-*.mod"))
}
"""The oracles of Talos' internals by exact release."""
CONTAINERD = "containerd"
CONTAINERD_MODULE = "github.com/containerd/containerd/v2"
TALOS = "github.com/siderolabs/talos"
MACHINERY = f"{TALOS}/pkg/machinery"
CONTROLLER = "controller/registries_config.go"
"""Of the internals, the file that is Talos' own, and where it is there."""
CONTROLLER_SOURCE = "internal/app/machined/pkg/controllers/cri/registries_config.go"
BUILD_SECONDS, ANSWER_SECONDS = 1_800, 1_800
NOT_ASKED = {"id", "cat", "expect"}


def build(name: str) -> Path:
    """The program of an oracle: a Talos version, an exact release, one of ``INTERNALS`` or ``CONTAINERD``.

    It is built unless its sources are as they were.

    Raises:
        RuntimeError: if Go is missing or the build fails.
    """
    modfile = _modfile(name)
    sources = [*sorted(modfile.parent.glob("*.go")), modfile, modfile.with_suffix(".sum")]
    program = CACHE / f"{name}-{_digest(sources)}"
    if not program.exists():
        _compile(modfile, program)
    return program


def schema(talos_version: str) -> Path:
    """The JSON Schema that Talos publishes, a file of the module that its oracle is built from.

    Raises:
        RuntimeError: if Go is missing or the module cannot be downloaded.
    """
    return _module(_modfile(talos_version), MACHINERY) / "config" / "schemas" / "config.schema.json"


def default_images(release: str) -> list[Row]:
    """The images that nodes of an exact release pull by default, as its oracle lists them.

    Raises:
        RuntimeError: if Go is missing, the build fails or the module cannot be downloaded.
    """
    arguments = [_sandbox_image(DEFAULTS[release])] if DEFAULTS[release].parent.name == "unlisted" else []
    done = subprocess.run([build(release), *arguments], capture_output=True, timeout=ANSWER_SECONDS, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def _sandbox_image(modfile: Path) -> str:
    """The image that containerd gives each pod, a constant that only its own packages can import."""
    source = _module(modfile, CONTAINERD_MODULE) / "internal" / "cri" / "config" / "config.go"
    (image,) = re.findall(r'\bDefaultSandboxImage\s*=\s*"(.+)"', source.read_text(encoding="utf-8"))
    return str(image)


def _modfile(name: str) -> Path:
    if name == CONTAINERD:
        return HERE / CONTAINERD / "go.mod"
    if name in INTERNALS.values():
        return HERE / f"{name.replace('-', '/', 1)}.mod"
    return DEFAULTS.get(name, HERE / f"talos-{name}.mod")


def _module(modfile: Path, module: str) -> Path:
    """The folder of a module, of the version that a module file names."""
    downloaded = _go("mod", "download", "-json", f"-modfile={modfile.name}", module, folder=modfile.parent)
    return Path(json.loads(downloaded)["Dir"])


def _digest(sources: list[Path]) -> str:
    return hashlib.sha256(b"\0".join(source.read_bytes() for source in sources)).hexdigest()[:16]


def _compile(modfile: Path, program: Path) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    unfinished = program.with_suffix(f".{os.getpid()}")
    flags = ["-p", "1", "-trimpath", "-buildvcs=false", f"-modfile={modfile.name}", f"-tags={_minor(modfile)}"]
    if (modfile.parent / CONTROLLER).parent.is_dir():
        overlay = CACHE / f"{program.name}.json"
        source = _module(modfile, TALOS) / CONTROLLER_SOURCE
        overlay.write_text(json.dumps({"Replace": {str(modfile.parent / CONTROLLER): str(source)}}), encoding="utf-8")
        flags.append(f"-overlay={overlay}")
    _go("build", *flags, "-o", str(unfinished), ".", folder=modfile.parent)
    unfinished.rename(program)


def _minor(modfile: Path) -> str:
    """The build tag of the module file of an exact release, for what releases do otherwise: ``talos1.14``."""
    release = modfile.stem.removeprefix("talos-")
    return f"talos{release.rpartition('.')[0]}" if release.count(".") == 2 else ""


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
