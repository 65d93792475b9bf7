"""Asks Talos again for the outcomes of the recorded inputs, version by version.

``python -m tests.conformance.record`` fills in and renews the outcomes (an input to add is a row without ``expect``);
``--check`` writes nothing and fails if an outcome is no longer what Talos says.
"""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path
from typing import Any

from tests.oracle.oracle import TALOS_VERSIONS, ask, build

__all__ = ["drift", "path", "recorded"]

Row = dict[str, Any]
KINDS = ("load", "patch")
VECTORS = Path(__file__).parent / "vectors"


def path(kind: str, talos_version: str) -> Path:
    """The file of one kind of vectors and one version."""
    return VECTORS / f"talos-{talos_version}-{kind}.jsonl.gz"


def recorded(kind: str, talos_version: str) -> list[Row]:
    """The recorded rows, in order."""
    with gzip.open(path(kind, talos_version), "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def drift(kind: str, talos_version: str) -> list[str]:
    """The ids of the rows whose outcome is no longer what Talos says."""
    rows = recorded(kind, talos_version)
    return [
        row["id"] for row, said in zip(rows, ask(build(talos_version), rows), strict=True) if row.get("expect") != said
    ]


def _record(kind: str, talos_version: str) -> int:
    rows = recorded(kind, talos_version)
    answers = ask(build(talos_version), rows)
    lines = [
        json.dumps({**row, "expect": said}, separators=(",", ":")) for row, said in zip(rows, answers, strict=True)
    ]
    data = "".join(f"{line}\n" for line in lines).encode()
    path(kind, talos_version).write_bytes(gzip.compress(data, mtime=0))
    return len(lines)


def main(arguments: list[str]) -> int:
    """Record or check every file; 1 if something has drifted."""
    drifted = 0
    for talos_version in TALOS_VERSIONS:
        for kind in KINDS:
            if arguments == ["--check"]:
                found = drift(kind, talos_version)
                drifted += len(found)
                said = f"{len(found)} drifted: {', '.join(found[:10])}" if found else "as recorded"
            else:
                said = f"{_record(kind, talos_version)} recorded"
            sys.stdout.write(f"Talos {talos_version} {kind}: {said}\n")
    return 1 if drifted else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
