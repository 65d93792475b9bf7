"""Records what Talos decodes documents into, for the library to decode them likewise: ``python -m tests.oracle.shapes``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talos_registry.documents import recorded
from talos_registry.versions import KINDS_SINCE
from tests.oracle.oracle import TALOS_VERSIONS, ask, build

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["shapes"]


def shapes(talos_version: str) -> str:
    """The file that the library has of a release: JSON, a kind or type on each line."""
    number = tuple(map(int, talos_version.split(".")))
    kinds = sorted(kind for kind, since in KINDS_SINCE.items() if since <= number)
    (answer,) = ask(build(talos_version), [{"op": "shapes", "kinds": kinds}])
    parts = (f'"{part}": {{\n{_lines(answer[part])}\n}}' for part in ("kinds", "types"))
    return "{" + ",\n".join(parts) + "}\n"


def _lines(rows: Mapping[str, Any]) -> str:
    return ",\n".join(f"{json.dumps(name)}: {json.dumps(rows[name], separators=(',', ':'))}" for name in sorted(rows))


if __name__ == "__main__":
    for version in TALOS_VERSIONS:
        recorded.path_of(version).write_text(shapes(version), encoding="utf-8")
