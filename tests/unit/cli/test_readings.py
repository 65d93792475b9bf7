"""How often commands read a text: the characters that the YAML parser is given, as a multiple of those in the files."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from talos_registry.cli import _cli
from talos_registry.goyaml import composer
from talos_registry.goyaml.parser import open_parser

if TYPE_CHECKING:
    from collections.abc import Callable

CA = b64encode(f"-----BEGIN CERTIFICATE-----\n{'A' * 64}\n-----END CERTIFICATE-----\n".encode()).decode()
HEAD = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\n"


def mirrors(endpoints: str) -> str:
    return "---\n".join(f"{HEAD}name: r{number}.example\nendpoints:\n{endpoints}" for number in range(40))


FILES = {
    "clean.yaml": "---\n".join(
        f"{HEAD}name: r{at}.example\nendpoints:\n    - url: https://m{at}.example\n" for at in range(40)
    ),
    "loose.yaml": mirrors("  -   url:   https://m.example   # why\n"),
    "repeated.yaml": mirrors("  - url: https://m.example\n  - url: https://m.example\n"),
    "refused.yaml": mirrors("  - url: m.example\n"),
    "patch.yaml": mirrors("  - url: https://n.example\n"),
    "second.yaml": mirrors("  - url: https://o.example\n"),
    "legacy.yaml": "machine:\n  registries:\n    mirrors:\n"
    + "".join(
        f"      r{number}.example:\n        endpoints:\n" + "          - https://m.example # why\n" * 4
        for number in range(40)
    ),
    "certificates.yaml": "machine:\n  registries:\n    config:\n"
    + "".join(
        f"      r{number}.example:\n        auth: {{username: u, password: p}}\n        tls:\n          ca: {CA}\n"
        for number in range(40)
    ),
    "into_legacy.yaml": "machine:\n  registries:\n    mirrors:\n"
    + "".join(
        f"      r{number}.example:\n        endpoints:\n          - https://n{number}.example\n" for number in range(40)
    ),
}


@pytest.fixture
def readings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., float]:
    monkeypatch.chdir(tmp_path)
    given: list[int] = []

    def counted(data: bytes) -> object:
        given.append(len(data))
        return open_parser(data)

    monkeypatch.setattr(composer, "open_parser", counted)

    def run(*args: str) -> float:
        given.clear()
        for name, text in FILES.items():
            Path(name).write_text(text, encoding="utf-8")
        result = CliRunner().invoke(_cli, args, prog_name="talos-registry")
        assert isinstance(result.exception, SystemExit | None)
        assert given
        return sum(given) / sum(len(FILES[arg]) for arg in args if arg in FILES)

    return run


@pytest.mark.parametrize(
    ("command", "times"),
    [
        (["validate", "clean.yaml"], 1),
        (["validate", "refused.yaml"], 2),
        (["validate", "--format", "json", "refused.yaml"], 1),
        (["lint", "clean.yaml"], 1),
        (["lint", "repeated.yaml"], 2),
        (["fmt", "clean.yaml"], 3),
        (["fmt", "--check", "loose.yaml"], 3),
        (["fmt", "loose.yaml"], 3),
        (["redact", "clean.yaml"], 2),
        (["redact", "--check", "clean.yaml"], 2),
        (["resolve", "nginx", "-f", "clean.yaml"], 1),
        (["hosts", "-f", "clean.yaml"], 1),
        (["migrate", "legacy.yaml", "--to", "legacy"], 2),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_text_is_read_no_more_often_than_it_has_to(
    readings: Callable[..., float], command: list[str], times: int
) -> None:
    assert times - 0.5 < readings(*command) <= times


def test_merging_reads_no_file_again_for_each_finding(readings: Callable[..., float]) -> None:
    assert readings("lint", "--merge", "repeated.yaml", "patch.yaml", "second.yaml") < 8


@pytest.mark.parametrize(
    ("command", "of_new"),
    [(["migrate", "legacy.yaml"], 1), (["migrate", "clean.yaml", "--to", "legacy"], 1)],
    ids=["to documents", "to the legacy section"],
)
def test_migrating_reads_the_old_text_twice_and_then_the_new_one(
    readings: Callable[..., float], command: list[str], of_new: int
) -> None:
    name = command[1]
    old = len(FILES[name])
    given = readings(*command, "--in-place") * old
    new = len(Path(name).read_text(encoding="utf-8"))
    assert new != old
    assert 2 * old + (of_new - 0.5) * new < given <= 2 * old + of_new * new


@pytest.mark.parametrize("name", ["legacy.yaml", "certificates.yaml"])
def test_migrating_reads_at_most_four_times_what_is_there(readings: Callable[..., float], name: str) -> None:
    assert readings("migrate", name) <= 4


@pytest.mark.parametrize(
    "files",
    [
        ["clean.yaml", "patch.yaml"],
        ["clean.yaml", "patch.yaml", "second.yaml"],
        ["legacy.yaml", "into_legacy.yaml"],
        ["legacy.yaml", "into_legacy.yaml", "patch.yaml", "second.yaml"],
        ["certificates.yaml", "clean.yaml"],
    ],
    ids=" ".join,
)
def test_patching_reads_at_most_three_times_what_is_there(readings: Callable[..., float], files: list[str]) -> None:
    assert readings("patch", "apply", *files) <= 3
