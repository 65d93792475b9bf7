from __future__ import annotations

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
    TalosRegistryError,
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
