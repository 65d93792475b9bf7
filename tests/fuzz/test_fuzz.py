"""Whatever the input: no exception but those that are documented, no secret in what is shown, the same when done again.

``python -m pytest -m fuzz -s`` takes ``FUZZ_INPUTS`` inputs (10,000) of ``FUZZ_SEED`` (a fresh one, which is printed).
An input makes some 90 calls of the library: 60,000 are more than 5,000,000. Failing inputs are made small, printed, and
written to the folder ``FUZZ_FAILURES``, if that is set.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import pytest

from tests.fuzz.harness import NOTHING, Result, fuzzed, fuzzed_on_all_cores, told
from tests.fuzz.inputs import CANARIES, any_input
from tests.fuzz.unknown import without_unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fuzz.calls import Case

INPUTS = int(os.environ.get("FUZZ_INPUTS", "10000"))
SEED = int(os.environ.get("FUZZ_SEED") or secrets.randbelow(1_000_000))
FAILURES = os.environ.get("FUZZ_FAILURES")


def failures(result: Result) -> list[str]:
    """The failures as texts, also put where ``FUZZ_FAILURES`` says."""
    texts = [told(failure, result.counts[kind]) for kind, failure in result.failures.items()]
    if FAILURES:
        Path(FAILURES).mkdir(parents=True, exist_ok=True)
        for number, text in enumerate(texts):
            (Path(FAILURES) / f"{number}.txt").write_text(text, encoding="utf-8", errors="backslashreplace")
    return texts


@pytest.mark.fuzz
def test_any_input(capsys: pytest.CaptureFixture[str]) -> None:
    result, started = NOTHING, perf_counter()
    with capsys.disabled():
        print(f"\n{INPUTS} inputs of seed {SEED}", flush=True)  # noqa: T201 - to make them again, also after a crash
        for part in fuzzed_on_all_cores(SEED, INPUTS):
            for kind in part.failures.keys() - result.failures.keys():
                print(f"after {result.inputs} inputs: {kind}", flush=True)  # noqa: T201 - the rest can take long
            result += part
            if result.inputs % 5000 == 0:
                print(f"{result.inputs} inputs, {result.calls} calls", flush=True)  # noqa: T201 - likewise
        seconds, call, number = result.slowest
        print(  # noqa: T201 - what is measured, for the record
            f"{result.calls} calls, {result.calls / (perf_counter() - started):.0f} a second; slowest: {call!r} on number "
            f"{number}, {seconds:.2f} s; most memory: {result.peak / 2**20:.0f} MiB"
        )
    assert result.inputs == INPUTS
    assert failures(result) == []


def test_a_few_inputs() -> None:
    assert failures(fuzzed(50, range(20))) == []


def test_a_seed_makes_the_same_inputs_again() -> None:
    assert [any_input(7, number) for number in range(50)] == [any_input(7, number) for number in range(50)]
    assert any_input(7, 1) != any_input(8, 1)


@pytest.mark.parametrize(
    ("text", "is_known"),
    [
        (f"machine: {{name: {{password: {CANARIES[0]}}}}}\n", False),
        (f"machine: {{registries: {{config: {{h: {{auth: {{password: [{CANARIES[0]}]}}}}}}}}}}\n", True),
        (f"kind: RegistryAuthConfig\npassword: {CANARIES[0]}\n", True),
        (f"machine: {{name: http://u:{CANARIES[0]}@h}} # {CANARIES[0]}\n", True),
        (f"[a]\n---\na # {CANARIES[0]}\n", True),
        (f"a: &a b\n---\nkind: *a\npassword: {CANARIES[0]}\n", False),
        (f"a: &a RegistryAuthConfig\n---\nkind: *a\npassword: {CANARIES[0]}\n", True),
        (f"kind: on\npassword: {CANARIES[0]}  # {CANARIES[0]}\n", False),
        (f"kind: on\npassword: {CANARIES[0]} #it is {CANARIES[0]} \r\n", False),
        (f"kind: on\npassword: #{CANARIES[0]}\nname: a\n", False),
        (f"kind: on\npassword: a  # {CANARIES[0]}\n", True),
        (f"kind: on\npassword: {CANARIES[0]}\n# {CANARIES[0]}\n", True),
        (f"kind: on\npassword:  # password: {CANARIES[0]}\n", True),
    ],
)
def test_no_more_is_expected_than_what_can_be_known(text: str, is_known: bool) -> None:
    assert (CANARIES[0] in without_unknown(text)) is is_known


# What the harness finds


def leaking(_: Case) -> Iterator[str]:
    yield f"password {CANARIES[0]!r} is too short"


def crashing(_: Case) -> Iterator[str]:
    yield str(dict[str, str]()["nothing"])


@pytest.mark.parametrize(
    ("call", "kind"),
    [
        (leaking, 'call: a secret is shown between "\'" and "\'"'),
        (crashing, "KeyError at test_fuzz.py:"),
    ],
)
def test_what_is_broken_is_found_and_its_input_made_small(
    call: Callable[[Case], Iterator[str]], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.fuzz.harness.CALLS", {"call": call})
    monkeypatch.setattr("tests.fuzz.harness.COMMANDS", ())
    result = fuzzed(3, range(4))
    (failure,) = result.failures.values()
    assert failure.kind.startswith(kind)
    assert result.counts[failure.kind] == 4
    assert failure.given.config != b""
    assert "seed 3, number 0" in told(failure, 4)
    assert "--- config\nb''\n" in told(failure, 4)
