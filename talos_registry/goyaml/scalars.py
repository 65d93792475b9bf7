"""What go-yaml takes a plain scalar for: the tag it resolves to, from the text alone.

Source: yaml/go-yaml v4, internal/libyaml/resolver.go; Go, time.Parse and strconv.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["BOOL_WORDS", "FALSE_WORDS", "NULL_WORDS", "TRUE_WORDS", "base64_error", "resolve_plain", "written_moment"]

TRUE_WORDS = frozenset({"y", "Y", "yes", "Yes", "YES", "on", "On", "ON"})
FALSE_WORDS = frozenset({"n", "N", "no", "No", "NO", "off", "Off", "OFF"})
BOOL_WORDS = TRUE_WORDS | FALSE_WORDS
"""The booleans of YAML 1.1: text to go-yaml, unless a bool is asked for."""
NULL_WORDS = frozenset({"", "~", "null", "Null", "NULL"})

_WORDS = {
    **dict.fromkeys(("true", "True", "TRUE", "false", "False", "FALSE"), "!!bool"),
    **dict.fromkeys(NULL_WORDS, "!!null"),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), "!!float"),
    **dict.fromkeys((sign + word for sign in ("", "+", "-") for word in (".inf", ".Inf", ".INF")), "!!float"),
    **dict.fromkeys(("-0", "-0.0"), "!!float"),
    "<<": "!!merge",
}
_HINT = re.compile(r"[-+.0-9]", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_INT = re.compile(
    r"(?P<sign>[-+]?)(?:0[xX](?P<hex>[0-9a-fA-F]+)|0[bB](?P<bin>[01]+)|0[oO](?P<oct>[0-7]+)|(?P<old>0[0-7]+)|(?P<dec>0|[1-9][0-9]*))",
    re.ASCII,
)
_BASES = {"hex": 16, "bin": 2, "oct": 8, "old": 8, "dec": 10}
_MIN_INT, _MAX_UINT = -(1 << 63), (1 << 64) - 1
_MOST_DIGITS = 64

_TIMESTAMP = re.compile(
    r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
    r"(?:[Tt](?P<time>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,](?P<part>[0-9]+))?(?:Z|(?P<ahead>[-+])(?P<zone>[0-9]{2}:[0-9]{2}))"
    r"| (?P<spaced>[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2})(?:[.,](?P<rest>[0-9]+))?)?",
    re.ASCII,
)
_DAYS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@lru_cache(maxsize=4096)
def resolve_plain(text: str, *, dates: bool = True) -> str:
    """The short tag go-yaml gives a plain scalar: ``!!null``, ``!!bool``, ``!!int``, ``!!float``, ``!!timestamp``, ``!!merge`` or ``!!str``.

    Without ``dates`` timestamps are not looked for, as when another tag is explicit.
    """
    word = _WORDS.get(text)
    if word or not _HINT.match(text):
        return word or "!!str"
    if dates and _is_timestamp(text):
        return "!!timestamp"
    if text.startswith("."):
        return "!!float" if _is_float(text) else "!!str"
    digits = text.replace("_", "")
    if _is_int(digits):
        return "!!int"
    return "!!float" if _is_float(digits) else "!!str"


def _is_int(digits: str) -> bool:
    match = _INT.fullmatch(digits)
    if not match:
        return False
    form = match.lastgroup or "dec"
    significant = match[form].lstrip("0")
    if len(significant) > _MOST_DIGITS:
        return False
    value = int(significant or "0", _BASES[form])
    if match["sign"] == "-":
        return -value >= _MIN_INT
    return value <= (_MAX_UINT >> 1 if match["sign"] else _MAX_UINT)


def _is_float(digits: str) -> bool:
    return bool(_FLOAT.fullmatch(digits)) and float(digits) not in (float("inf"), float("-inf"))


def _is_timestamp(text: str) -> bool:
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        return False
    year, month, day = int(match["year"]), int(match["month"]), int(match["day"])
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if not 1 <= month <= len(_DAYS) or not 1 <= day <= _DAYS[month - 1] + (leap and month == 2):  # noqa: PLR2004 - February
        return False
    clock, zone = match["time"] or match["spaced"], match["zone"]
    return (clock is None or _within(clock, (23, 59, 59))) and (zone is None or _within(zone, (24, 60)))


def written_moment(text: str) -> str:
    """What go-yaml writes of a ``!!timestamp``, in RFC 3339 with nanoseconds.

    Source: Go, time.Parse and Time.Format.
    """
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        return text
    day = f"{match['year']}-{int(match['month']):02}-{int(match['day']):02}"
    clock = ":".join(f"{int(number):02}" for number in (match["time"] or match["spaced"] or "0:0:0").split(":"))
    part = (match["part"] or match["rest"] or "")[:_NANOSECONDS].rstrip("0")
    hours, minutes = map(int, (match["zone"] or "0:0").split(":"))
    offset = hours * 60 + minutes
    zone = f"{match['ahead']}{offset // 60:02}:{offset % 60:02}" if offset else "Z"
    return f"{day}T{clock}{'.' if part else ''}{part}{zone}"


_NANOSECONDS = 9


def _within(numbers: str, limits: tuple[int, ...]) -> bool:
    return all(int(number) <= limit for number, limit in zip(numbers.split(":"), limits, strict=True))


_BASE64 = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?", re.ASCII)
_FULL_GROUPS = re.compile(rb"(?:[A-Za-z0-9+/]{4})*")
_DIGITS = re.compile(rb"[A-Za-z0-9+/]{0,3}")
_QUAD, _LEAST_DIGITS = 4, 2


def base64_error(text: str) -> int | None:
    """The byte at which Go's ``base64.StdEncoding`` gives up, None when it does not; line breaks are skipped.

    Source: Go, encoding/base64 (decodeQuantum).
    """
    if _BASE64.fullmatch(text.replace("\n", "").replace("\r", "")):
        return None
    data = text.encode("utf-8", "surrogateescape")
    places = [at for at, byte in enumerate(data) if byte not in b"\r\n"]
    return _first_bad(bytes(data[at] for at in places), [*places, len(data)])


def _first_bad(packed: bytes, places: list[int]) -> int:
    start = _FULL_GROUPS.match(packed).end()  # type: ignore[union-attr]  # it matches the empty text
    digits = len(_DIGITS.match(packed, start)[0])  # type: ignore[index]  # likewise
    stop = start + digits
    if stop == len(packed):
        return places[-1] - digits
    if packed[stop] != ord("=") or digits < _LEAST_DIGITS:
        return places[stop]
    if digits == _LEAST_DIGITS and stop + 1 == len(packed):
        return places[-1]
    if digits == _LEAST_DIGITS and packed[stop + 1] != ord("="):
        return places[stop + 1] - 1
    return places[start + _QUAD]
