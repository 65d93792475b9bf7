"""Findings as JSON, format version 1."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import Severity, dotted
from talos_registry.masking import mask_path, mask_url
from talos_registry.report.checked import shown_fix

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic, Fix
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
        "diagnostics": [*map(_row, diagnostics)],
        "summary": summary,
    }
    yield json.dumps(report, indent=2)


def _row(diagnostic: Diagnostic) -> dict[str, Any]:
    return {
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "end_line": diagnostic.end_line,
        "end_column": diagnostic.end_column,
        "kind": mask_url(diagnostic.kind),
        "name": mask_url(diagnostic.name),
        "path": dotted(mask_path(diagnostic.path[1:])),
        "fix": _fix(shown_fix(diagnostic)),
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{**edit.span._asdict(), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
