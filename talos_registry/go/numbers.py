"""Numbers as Go's ``strconv`` reads them, with its words for what is none."""

from __future__ import annotations

import math
import re

from talos_registry.go.strings import go_quote

__all__ = ["NumberError", "read_float", "written_float"]

_FLOAT = re.compile(
    r"[+-]?(?:(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]+)?|inf(?:inity)?|nan)", re.ASCII | re.IGNORECASE
)


class NumberError(ValueError):
    """A text that is no number; ``str()`` is Go's text."""


def read_float(text: str) -> float:
    """The number that a text stands for.

    Raises:
        NumberError: for anything else. Hexadecimal numbers, which Go takes, are not read.

    Source: ``ParseFloat`` of ``strconv/atof.go`` (Go standard library).
    """
    if not _FLOAT.fullmatch(text):
        raise NumberError(f"strconv.ParseFloat: parsing {go_quote(text)}: invalid syntax")
    number = float(text)
    if math.isinf(number) and "i" not in text.lower():
        raise NumberError(f"strconv.ParseFloat: parsing {go_quote(text)}: value out of range")
    return number


_LEAST_EXPONENT, _EXPONENT = -4, 6


def written_float(number: float) -> str:
    """A number as Go prints the shortest text for it: ``1000``, ``1.5``, ``1e+06``, ``+Inf``.

    Source: ``FormatFloat`` of ``strconv/ftoa.go`` (Go standard library), format g.
    """
    from decimal import Decimal

    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "+Inf" if number > 0 else "-Inf"
    if number == 0:
        return "-0" if math.copysign(1, number) < 0 else "0"
    sign, digits, shift = Decimal(repr(number)).normalize().as_tuple()
    text, minus = "".join(map(str, digits)), "-" * sign
    exponent = len(text) + int(shift) - 1
    if _LEAST_EXPONENT <= exponent < _EXPONENT:
        return f"{Decimal(repr(number)).normalize():f}"
    fraction = f".{text[1:]}" if len(text) > 1 else ""
    return f"{minus}{text[0]}{fraction}e{exponent:+03d}"
