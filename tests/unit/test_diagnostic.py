from __future__ import annotations

import pickle
from dataclasses import replace

import pytest

from talos_registry.diagnostic import (
    Diagnostic,
    Edit,
    Fix,
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
    assert {Severity.ERROR: 1} == {"error": 1}
    assert Severity("info") is Severity.INFO


def test_severities_are_ordered_by_how_bad_they_are() -> None:
    in_order = [Severity.INFO, Severity.WARNING, Severity.ERROR]
    assert sorted(Severity) == in_order
    for at, one in enumerate(in_order):
        for other_at, other in enumerate(in_order):
            for word in (other, str(other)):
                compared = (one < word, one <= word, one > word, one >= word)
                assert compared == (at < other_at, at <= other_at, at > other_at, at >= other_at)
            assert (str(other) <= one) == (other_at <= at)


def test_a_severity_is_compared_with_nothing_else() -> None:
    with pytest.raises(ValueError, match="'worse' is not a valid Severity"):
        assert Severity.INFO < "worse"
    with pytest.raises(TypeError, match=r"^comparing a Severity takes another, or its word, not int$"):
        assert Severity.INFO < 1  # type: ignore[operator]  # what is tested


def test_diagnostics_are_sorted_by_file_and_place() -> None:
    places = [
        ("b", Span(1, 1, 1, 2)),
        ("a", Span(2, 1, 2, 2)),
        ("a", None),
        ("a", Span(1, 9, 1, 10)),
        ("a", Span(1, 3, 1, 4)),
    ]
    diagnostics = [
        Diagnostic(code="x", severity=Severity.ERROR, message="", file=file, span=span) for file, span in places
    ]
    assert [(one.file, one.line, one.column) for one in sorted(diagnostics)] == [
        ("a", None, None),
        ("a", 1, 3),
        ("a", 1, 9),
        ("a", 2, 1),
        ("b", 1, 1),
    ]
    assert max(diagnostics).file == "b"
    with pytest.raises(TypeError):
        assert diagnostics[0] < 1


def test_a_diagnostic_as_a_dictionary() -> None:
    fix = Fix("Set it", safe=True, edits=(Edit(Span(1, 2, 1, 3), "x"),))
    diagnostic = Diagnostic(
        code="x",
        severity=Severity.WARNING,
        message="m",
        path=(0, "mirrors", "http://u:hunter2@a", 0),
        kind="RegistryMirrorConfig",
        name="http://u:hunter2@a",
        file="a.yaml",
        span=Span(1, 2, 3, 4),
        fix=fix,
    )
    assert diagnostic.to_dict() == {
        "code": "x",
        "severity": "warning",
        "message": "m",
        "file": "a.yaml",
        "line": 1,
        "column": 2,
        "end_line": 3,
        "end_column": 4,
        "kind": "RegistryMirrorConfig",
        "name": "http://***@a",
        "path": 'mirrors["http://***@a"][0]',
        "fix": {
            "title": "Set it",
            "safe": True,
            "edits": [{"line": 1, "column": 2, "end_line": 1, "end_column": 3, "text": "x"}],
        },
    }
    assert type(diagnostic.to_dict()["severity"]) is str
    shown = replace(diagnostic, fix=replace(fix, edits=(Edit(Span(1, 2, 1, 3), "http://u:hunter2@a"),)))
    assert shown.to_dict()["fix"] is None
    assert Diagnostic(code="x", severity=Severity.ERROR, message="").to_dict()["line"] is None


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


@pytest.mark.parametrize(
    "error",
    [
        InvalidConfigError([Diagnostic(code="a", severity=Severity.ERROR, message="x")]),
        PatchError("x", patch_index=1, line=2, column=3),
        MigrateError("x", entries=[Diagnostic(code="a", severity=Severity.ERROR, message="x")], text="y"),
    ],
)
def test_errors_are_pickled_with_what_they_carry(error: TalosRegistryError) -> None:
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - its own
    assert (type(again), str(again), vars(again)) == (type(error), str(error), vars(error))
