"""The real programs: containerd, its clients and distribution built from our modules, the others of the system."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

from tests.oracle.oracle import INTERNALS, build

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTAINERD, DISTRIBUTION = (Path(__file__).parent / name for name in ("containerd", "distribution"))
CACHE = Path(__file__).parents[2] / ".cache" / "e2e"
BUILT = ("./pull", "github.com/containerd/containerd/v2/cmd/containerd", "github.com/containerd/containerd/v2/cmd/ctr")
REGISTRY = "github.com/distribution/distribution/v3/cmd/registry"
# What needs C libraries or the kernel's help is left out.
TAGS = "no_btrfs,no_devmapper,no_zfs,no_tracing"


class Components(NamedTuple):
    containerd: Path
    ctr: Path
    pull: Path
    begin_as_talos: Path
    docker_registry: Path
    distribution: Path
    docker_compose: Path
    skopeo: Path


def find_components() -> Components:
    """All programs, built anew where their sources changed; what is missing fails the run, since it was asked for."""
    if os.geteuid() != 0:
        pytest.fail("containerd unpacks images as root only", pytrace=False)
    installed("setpriv", "apt-get install util-linux")
    go = installed("go", "Go 1.26.3 or later")
    build_module(go, CONTAINERD, BUILT)
    build_module(go, DISTRIBUTION, [REGISTRY])
    return Components(
        containerd=CACHE / "containerd",
        ctr=CACHE / "ctr",
        pull=CACHE / "pull",
        begin_as_talos=build(INTERNALS["1.14.1"]),
        docker_registry=installed("docker-registry", "apt-get install docker-registry"),
        distribution=CACHE / "registry",
        docker_compose=installed("docker-compose", "apt-get install docker-compose"),
        skopeo=installed("skopeo", "apt-get install skopeo"),
    )


def installed(name: str, remedy: str) -> Path:
    found = shutil.which(name)
    if found is None:
        pytest.fail(f"{name} is not installed: {remedy}", pytrace=False)
    return Path(found)


def build_module(go: Path, module: Path, packages: Sequence[str]) -> None:
    CACHE.mkdir(parents=True, exist_ok=True)
    options = ["-p", "1", "-trimpath", "-tags", TAGS, "-ldflags", "-s -w", "-o", f"{CACHE}/"]
    command = [str(go), "build", *options, *packages]
    built = subprocess.run(command, cwd=module, capture_output=True, text=True, timeout=1800, check=False)
    if built.returncode:
        pytest.fail(f"go build failed:\n{built.stderr}", pytrace=False)
