"""Findings as JSON, format version 1."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import Severity, dotted
from talos_registry.masking import mask_path, mask_url
from talos_registry.report.checked import shown_fix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.diagnostic import Diagnostic, Fix

__all__ = ["render"]


def render(found: Sequence[Diagnostic], *, files: int, documents: int) -> str:
    """The findings and a summary as one JSON object."""
    counts = {severity: sum(one.severity is severity for one in found) for severity in Severity}
    summary = {
        "files": files,
        "documents": documents,
        "errors": counts[Severity.ERROR],
        "warnings": counts[Severity.WARNING],
        "infos": counts[Severity.INFO],
    }
    return json.dumps({"version": 1, "diagnostics": [_finding(one) for one in found], "summary": summary}, indent=2)


def _finding(one: Diagnostic) -> dict[str, Any]:
    return {
        "code": one.code,
        "severity": one.severity,
        "message": one.message,
        "file": one.file,
        "line": one.line,
        "column": one.column,
        "end_line": one.end_line,
        "end_column": one.end_column,
        "kind": one.kind,
        "name": mask_url(one.name),
        "path": dotted(mask_path(one.path[1:])),
        "fix": _fix(shown_fix(one)),
    }


def _fix(fix: Fix | None) -> dict[str, Any] | None:
    if fix is None:
        return None
    edits = [{**edit.span._asdict(), "text": edit.text} for edit in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}
