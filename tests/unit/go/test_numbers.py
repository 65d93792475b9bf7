"""Numbers as Go's strconv reads them: what Talos 1.14 said of sizes and percentages of volumes; ParseFloat."""

from __future__ import annotations

import math

import pytest

from talos_registry.go.numbers import NumberError, read_float


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("10", 10.0),
        ("10.5", 10.5),
        ("1.", 1.0),
        (".5", 0.5),
        ("1e2", 100.0),
        ("-3", -3.0),
        ("+3", 3.0),
        ("Inf", math.inf),
    ],
)
def test_numbers(text: str, number: float) -> None:
    assert read_float(text) == number


@pytest.mark.parametrize("text", ["nan", "NaN"])
def test_what_is_not_a_number_is_one_to_go(text: str) -> None:
    assert math.isnan(read_float(text))


@pytest.mark.parametrize("text", ["", "a", "1.2.3", "1..2", "5 ", "10%", "-"])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(NumberError) as caught:
        read_float(text)
    assert str(caught.value) == f'strconv.ParseFloat: parsing "{text}": invalid syntax'


def test_what_is_too_large() -> None:
    with pytest.raises(NumberError) as caught:
        read_float("1e400")
    assert str(caught.value) == 'strconv.ParseFloat: parsing "1e400": value out of range'
