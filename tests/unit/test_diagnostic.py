from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from talos_registry.diagnostic import (
    Diagnostic,
    HostsError,
    InvalidConfigError,
    InvalidReferenceError,
    MigrateError,
    PatchError,
    Path,
    Severity,
    Span,
    TalosRegistryError,
    by_place,
    dotted,
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("name",), "name"),
        (("endpoints", 0, "url"), "endpoints[0].url"),
        (("machine", "registries", "mirrors", "docker.io", "endpoints", 1), 'machine.registries.mirrors["docker.io"].endpoints[1]'),
        (("a-b", "c_d"), "a-b.c_d"),
        (("*",), '["*"]'),
        (("",), '[""]'),
        (('a"b\\c',), '["a\\"b\\\\c"]'),
        ((3,), "[3]"),
    ],
)  # fmt: skip
def test_a_path_as_people_write_it(path: Path, text: str) -> None:
    assert dotted(path) == text


def test_a_finding_on_one_line() -> None:
    placed = Diagnostic(code="missing-url", severity=Severity.ERROR, message="No url.", file="a.yaml", line=3, column=5)
    assert str(placed) == "a.yaml:3:5: error[missing-url]: No url."
    placeless = Diagnostic(code="empty-auth", severity=Severity.WARNING, message="Nothing.")
    assert str(placeless) == "<config>: warning[empty-auth]: Nothing."


def test_a_place_is_a_span_or_its_four_numbers() -> None:
    by_span = Diagnostic(code="x", severity=Severity.ERROR, message="", span=Span(3, 5, 4, 1))
    by_numbers = Diagnostic(code="x", severity=Severity.ERROR, message="", line=3, column=5, end_line=4, end_column=1)
    assert by_span == by_numbers
    assert hash(by_span) == hash(by_numbers)
    assert (by_span.line, by_span.column, by_span.end_line, by_span.end_column) == (3, 5, 4, 1)
    placeless = Diagnostic(code="x", severity=Severity.ERROR, message="")
    assert (placeless.line, placeless.column, placeless.end_line, placeless.end_column) == (None, None, None, None)


def test_a_place_without_an_end_is_where_it_begins() -> None:
    assert Diagnostic(code="x", severity=Severity.ERROR, message="", line=3, column=5).span == (3, 5, 3, 5)


def test_diagnostics_are_changed_by_copy_and_pickled() -> None:
    placed = Diagnostic(code="x", severity=Severity.ERROR, message="m", path=(0, "name"), span=Span(1, 2, 1, 4))
    assert pickle.loads(pickle.dumps(placed)) == placed  # noqa: S301 - its own
    moved = replace(placed, code="y", span=Span(7, 1, 7, 1))
    assert (moved.code, moved.span, moved.path) == ("y", (7, 1, 7, 1), (0, "name"))


def test_the_order_of_a_file_begins_with_what_has_no_place() -> None:
    places = [Span(2, 1, 2, 2), Span(1, 9, 1, 10), None, Span(1, 3, 1, 4)]
    in_order = sorted(
        (Diagnostic(code="x", severity=Severity.ERROR, message="", span=span) for span in places), key=by_place
    )
    assert [diagnostic.span for diagnostic in in_order] == [None, Span(1, 3, 1, 4), Span(1, 9, 1, 10), Span(2, 1, 2, 2)]


def test_severities_are_their_words() -> None:
    assert [str(severity) for severity in Severity] == ["error", "warning", "info"]


@pytest.mark.parametrize("error", [InvalidReferenceError, HostsError, PatchError, MigrateError])
def test_all_errors_have_one_base(error: type[Exception]) -> None:
    assert issubclass(error, TalosRegistryError)
    assert issubclass(error, ValueError)


def test_an_invalid_config_carries_its_findings() -> None:
    found = [Diagnostic(code=code, severity=Severity.ERROR, message="x") for code in ("a", "b")]
    error = InvalidConfigError(iter(found))
    assert error.diagnostics == tuple(found)
    assert str(error) == "<config>: error[a]: x\n<config>: error[b]: x"
    assert isinstance(error, TalosRegistryError)
