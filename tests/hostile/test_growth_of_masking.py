"""An error text of Talos holds names and values of any length: ten times as long, masked in ten times the time."""

from __future__ import annotations

from time import process_time

import pytest

from talos_registry.masking import mask_secrets

LIMIT = 30  # what grows as the square takes a hundred times as long; the rest is for the noise of small inputs


@pytest.mark.parametrize(
    "part", ["x", "://", "a@ ", "'a ", " 'a'b", '"\\', "\"'", "`a", "`cannot construct", "parsing \"a'"]
)
def test_masking_grows_as_the_text(part: str) -> None:
    small, large = (min(seconds(part * (length // len(part))) for _ in range(3)) for length in (10_000, 100_000))
    assert large < LIMIT * small


def seconds(text: str) -> float:
    started = process_time()
    mask_secrets(text)
    return process_time() - started
