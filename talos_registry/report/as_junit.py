"""Findings as JUnit XML, which CI systems show as test results: a suite for each file."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from talos_registry.messages import printable
from talos_registry.report.names import from_here

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.report.checked import Checked

__all__ = ["render"]


def render(checked: Sequence[Checked]) -> Iterator[str]:
    """A failed test for each finding, and for each file without one a test that has passed."""
    root = Element("testsuites", {"name": "talos-registry", **_counts(checked)})
    for file in checked:
        _add_suite(root, file)
    indent(root)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")


def _counts(checked: Sequence[Checked]) -> dict[str, str]:
    failures = sum(len(file.diagnostics) for file in checked)
    tests = sum(max(1, len(file.diagnostics)) for file in checked)
    return {"tests": str(tests), "failures": str(failures), "errors": "0"}


def _add_suite(root: Element, file: Checked) -> None:
    name = printable(from_here(file.name))
    suite = SubElement(root, "testsuite", {"name": name, **_counts([file])})
    for diagnostic in file.diagnostics:
        _add_failure(suite, diagnostic, name)
    if not file.diagnostics:
        SubElement(suite, "testcase", classname=name, name="nothing found")


def _add_failure(suite: Element, diagnostic: Diagnostic, name: str) -> None:
    place = name if diagnostic.line is None else f"{name}:{diagnostic.line}:{diagnostic.column}"
    title = (
        diagnostic.code if diagnostic.line is None else f"{diagnostic.code} at {diagnostic.line}:{diagnostic.column}"
    )
    case = SubElement(suite, "testcase", classname=name, name=title)
    failure = SubElement(case, "failure", type=diagnostic.severity, message=diagnostic.message)
    failure.text = f"{place}: {diagnostic.severity}[{diagnostic.code}]: {diagnostic.message}"
