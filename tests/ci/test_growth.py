"""The table of growth: what its inputs hold more of, and that it finds what is quadratic."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.growth import COMMANDS, DIMENSIONS, Dimension, Growth
from talos_registry import apply_patches, parse
from tests.ci.offline import ROOT

FILES = {dimension.name: dimension.files for dimension in DIMENSIONS}


@pytest.mark.parametrize("name", FILES)
def test_inputs_are_as_large_as_they_say(name: str) -> None:
    small, large = (FILES[name](number) for number in (400, 4000))
    assert 8 < sum(map(len, (large.config, *large.patches))) / sum(map(len, (small.config, *small.patches))) < 14


@pytest.mark.parametrize("name", [name for name in FILES if not name.startswith("findings")])
def test_inputs_are_good(name: str) -> None:
    files = FILES[name](40)
    config, other = parse(files.config), parse(files.other)
    assert (config.talos_error, other.talos_error) == (None, None)
    assert apply_patches(config, files.patches).talos_error is None


@pytest.mark.parametrize("name", ["findings in a list", "findings on a line"])
def test_findings_are_as_many_as_there_should_be(name: str) -> None:
    assert len(parse(FILES[name](40).config).diagnostics) == 40


def test_the_exponent_is_that_of_the_time() -> None:
    assert Growth("c", "d", 10, 0.01, 1.0).exponent == pytest.approx(2)
    assert Growth("c", "d", 10, 0.01, 0.1).exponent == pytest.approx(1)


@pytest.mark.parametrize("dimension", DIMENSIONS, ids=lambda dimension: dimension.name)
def test_what_concerns_a_dimension_is_a_command(dimension: Dimension) -> None:
    assert all(any(command.startswith(begin) for command in COMMANDS) for begin in dimension.concerns)


def test_each_command_is_measured_in_ci_in_some_form() -> None:
    begins = tuple(begin for dimension in DIMENSIONS for begin in dimension.concerns)
    in_ci = {command.partition("FILE")[0] for command in COMMANDS if command.startswith(begins)}
    assert in_ci == {command.partition("FILE")[0] for command in COMMANDS}


def test_what_is_measured_is_the_package_beside_the_file(tmp_path: Path) -> None:
    code = f"import runpy; runpy.run_path({str(ROOT / 'benchmarks/growth.py')!r}); import talos_registry as it; print(it.__file__)"
    done = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()) == ROOT / "talos_registry/__init__.py"


def test_the_table_has_a_row_for_each_command_and_dimension() -> None:
    command = [sys.executable, "benchmarks/growth.py", "--small", "--command", "hosts", "--dimension", "mirrors"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    heading, row, *_, summary = done.stdout.splitlines()
    assert heading.split() == ["command", "dimension", "n", "time(n)", "time(10n)", "ratio", "exponent"]
    assert row.startswith("hosts -f FILE ")
    assert summary == "0 of 1 beyond the gate of 20"
    assert done.returncode == 0
