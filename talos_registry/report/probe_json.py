"""Probes as JSON, format version 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.probing import Probe

__all__ = ["render"]


def render(probes: Iterable[Probe], talos_version: str) -> str:
    """All probes as one JSON object."""
    rows = [probe.to_dict() for probe in probes]
    return json.dumps({"version": 1, "talos_version": talos_version, "probes": rows}, indent=2)
