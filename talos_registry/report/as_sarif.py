"""Findings as SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import json
import os
from collections import Counter
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from talos_registry.about import __version__
from talos_registry.diagnostic import Severity, dotted
from talos_registry.linting import explain
from talos_registry.linting.pages import PROJECT, help_uri
from talos_registry.masking import mask_path, mask_url
from talos_registry.report.names import from_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic, Fix, Span
    from talos_registry.report.checked import Checked

__all__ = ["render"]

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(checked: Sequence[Checked]) -> Iterator[str]:
    """A log with one run."""
    diagnostics = [diagnostic for file in checked for diagnostic in file.diagnostics]
    codes = sorted({diagnostic.code for diagnostic in diagnostics})
    indices = {code: index for index, code in enumerate(codes)}
    driver = {
        "name": "talos-registry",
        "version": __version__,
        "informationUri": PROJECT,
        "rules": [_rule(code) for code in codes],
    }
    seen: Counter[str] = Counter()
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(diagnostic, indices[diagnostic.code], seen) for diagnostic in diagnostics],
    }
    yield json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(code: str) -> dict[str, Any]:
    about = explain(code)
    return {
        "id": code,
        "shortDescription": _message(about.title),
        "fullDescription": _message(about.because),
        "help": _message(about.fix),
        "helpUri": help_uri(code),
    }


def _message(text: str) -> dict[str, str]:
    """A sentence of a page, as text and as Markdown."""
    sentence = text[:1].upper() + text[1:]
    return {"text": sentence.replace("``", ""), "markdown": sentence.replace("``", "`")}


def _result(diagnostic: Diagnostic, rule: int, seen: Counter[str]) -> dict[str, Any]:
    result = {
        "ruleId": diagnostic.code,
        "ruleIndex": rule,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": diagnostic.message},
        "locations": [_location(diagnostic)],
        "partialFingerprints": {"talosRegistry/v1": _fingerprint(diagnostic, seen)},
    }
    fix = diagnostic.shown_fix
    return result if fix is None else {**result, "fixes": [_fix(fix, diagnostic)]}


def _location(diagnostic: Diagnostic) -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(diagnostic)}
    if diagnostic.line is not None:
        ends = {"endLine": diagnostic.end_line, "endColumn": diagnostic.end_column}
        physical["region"] = {"startLine": diagnostic.line, "startColumn": diagnostic.column, **ends}
    path = _shown_path(diagnostic)
    return {"physicalLocation": physical} | ({"logicalLocations": [{"fullyQualifiedName": path}]} if path else {})


def _artifact(diagnostic: Diagnostic) -> dict[str, str]:
    name = from_here(diagnostic.file)
    uri = quote(os.fsencode(name))
    return {"uri": f"file://{uri}" if name.startswith("/") else uri}


def _shown_path(diagnostic: Diagnostic) -> str:
    return dotted(mask_path(diagnostic.path[1:]))


def _fingerprint(diagnostic: Diagnostic, seen: Counter[str]) -> str:
    """What stays the same when lines move: the code, and the document and path it is about."""
    about = "\0".join(
        [
            diagnostic.code,
            _artifact(diagnostic)["uri"],
            diagnostic.kind,
            mask_url(diagnostic.name),
            _shown_path(diagnostic),
        ]
    )
    seen[about] += 1
    return sha256(f"{about}\0{seen[about]}".encode("utf-8", "surrogateescape")).hexdigest()[:32]


def _fix(fix: Fix, diagnostic: Diagnostic) -> dict[str, Any]:
    replacements = [{"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}} for edit in fix.edits]
    change = {"artifactLocation": _artifact(diagnostic), "replacements": replacements}
    return {"description": {"text": fix.title}, "artifactChanges": [change]}


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.line,
        "startColumn": span.column,
        "endLine": span.end_line,
        "endColumn": span.end_column,
    }
