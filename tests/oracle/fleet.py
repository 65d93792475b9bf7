"""Writes what a fleet has: ``python -m tests.oracle.fleet FOLDER``, a thousand machine configs that Talos generates.

They have about 300 lines, those of Talos' own comments among them; half of them are of the time before registry documents.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from tests.oracle.oracle import TALOS_VERSIONS, ask, build

CONFIGS = 1_000
CONTRACTS = (TALOS_VERSIONS[-1], TALOS_VERSIONS[0])
MACHINES = ("controlplane", "worker")


def recipe(number: int) -> dict[str, Any]:
    """The request for one config, no two of which are alike."""
    mirrors = {f"registry-{number}-{other}.example:5000": ["http://10.5.0.1:5000"] for other in range(8)}
    return {
        "op": "generate",
        "contract": CONTRACTS[number // 2 % 2],
        "machine": MACHINES[number % 2],
        "mirrors": {"docker.io": ["https://mirror.example", "http://10.5.0.1:5000"], **mirrors},
        "insecure": [f"registry-{number}-0.example:5000"],
        "sans": [f"node-{number}.example", f"10.0.{number // 250}.{number % 250}"],
        "sysctls": {"net.core.somaxconn": "65535", "vm.nr_hugepages": str(number)},
        "disk": "/dev/sda",
        "comments": True,
    }


def main(folder: Path) -> None:
    """Write them."""
    folder.mkdir()
    for number, said in enumerate(ask(build(TALOS_VERSIONS[-1]), map(recipe, range(CONFIGS)))):
        (folder / f"{number:04}.yaml").write_text(said["text"], encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
