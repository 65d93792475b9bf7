"""Findings as JSON, format version 1."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.report.checked import Checked

__all__ = ["render"]


def render(checked: Sequence[Checked]) -> Iterator[str]:
    """The findings and a summary as one JSON object; the Talos version is null where files are for several."""
    diagnostics = [diagnostic for file in checked for diagnostic in file.diagnostics]
    counts = Counter(diagnostic.severity for diagnostic in diagnostics)
    summary = {
        "files": len(checked),
        "documents": sum(file.documents for file in checked),
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
    }
    versions = {file.talos_version for file in checked}
    report = {
        "version": 1,
        "talos_version": versions.pop() if len(versions) == 1 else None,
        "diagnostics": [diagnostic.to_dict() for diagnostic in diagnostics],
        "summary": summary,
    }
    yield json.dumps(report, indent=2)
