"""Durations as Go reads and writes them."""

from __future__ import annotations

import re

__all__ = ["read_duration", "written_duration"]

_UNITS = {"ns": 1, "us": 10**3, "µs": 10**3, "μs": 10**3, "ms": 10**6, "s": 10**9, "m": 60 * 10**9, "h": 3600 * 10**9}
_PART = re.compile(r"(?P<whole>[0-9]*)(?:\.(?P<fraction>[0-9]*))?(?P<unit>[^0-9.]+)", re.ASCII)
_MAX = (1 << 63) - 1


def read_duration(text: str) -> int:
    """The nanoseconds of a duration such as ``1h30m`` or ``-1.5s``.

    Raises:
        ValueError: for anything else.

    Source: ``ParseDuration`` of ``time/format.go`` (Go standard library).
    """
    sign, rest = (text[0], text[1:]) if text[:1] in {"-", "+"} else ("", text)
    if rest == "0":
        return 0
    total, at = 0, 0
    while at < len(rest) or not rest:
        part = _PART.match(rest, at)
        if part is None or part["unit"] not in _UNITS or not (part["whole"] or part["fraction"]):
            raise ValueError(f"no duration: {text!r}")
        unit, fraction = _UNITS[part["unit"]], part["fraction"] or ""
        total += int(part["whole"] or "0") * unit + int(int(fraction or "0") * (unit / 10 ** len(fraction)))
        at = part.end()
    if total > _MAX + (sign == "-"):
        raise ValueError(f"too long a duration: {text!r}")
    return -total if sign == "-" else total


def written_duration(nanoseconds: int) -> str:
    """A duration as Go prints it: ``1h0m0s``, ``1.5ms``, ``0s``.

    Source: ``Duration.String`` of ``time/time.go`` (Go standard library).
    """
    sign, left = ("-" if nanoseconds < 0 else ""), abs(nanoseconds)
    for unit in ("ns", "µs", "ms"):
        if 0 < left < 1000 * _UNITS[unit]:
            return f"{sign}{_decimal(left, _UNITS[unit])}{unit}"
    minutes, left = divmod(left, _UNITS["m"])
    hours, minutes = divmod(minutes, 60)
    seconds = f"{_decimal(left, _UNITS['s'])}s"
    if hours:
        return f"{sign}{hours}h{minutes}m{seconds}"
    return f"{sign}{minutes}m{seconds}" if minutes else f"{sign}{seconds}"


def _decimal(number: int, unit: int) -> str:
    whole, rest = divmod(number, unit)
    fraction = f"{rest:0{len(str(unit)) - 1}d}".rstrip("0") if rest else ""
    return f"{whole}.{fraction}" if fraction else str(whole)
