"""The table of growth: what its inputs hold more of, and that it finds what is quadratic."""

from __future__ import annotations

import subprocess
import sys

import pytest

from benchmarks.growth import DIMENSIONS, Growth
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


def test_the_table_has_a_row_for_each_command_and_dimension() -> None:
    command = [sys.executable, "benchmarks/growth.py", "--small", "--command", "hosts", "--dimension", "documents of"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    heading, row, *_, summary = done.stdout.splitlines()
    assert heading.split() == ["command", "dimension", "n", "time(n)", "time(10n)", "ratio", "exponent"]
    assert row.startswith("hosts -f FILE ")
    assert summary == "0 of 1 beyond the gate of 20"
    assert done.returncode == 0
