"""The Go types of Talos that read themselves from one text: what they take, what they say of the rest, what they write.

Source: siderolabs/talos, pkg/machinery: config/types/{block,meta,v1alpha1}, nethelpers, cel; dustin/go-humanize, bytes.go;
Go, net/netip, encoding/hex.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.go.hex import HexError, read_hex
from talos_registry.go.netip import AddressError, read_address, read_address_port, read_prefix
from talos_registry.go.numbers import NumberError, read_float, written_float

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["LEFT_TRIMMED", "TEXTS", "Octal", "TextError", "TextType", "words_type", "written_size"]


class TextError(ValueError):
    """A text that a type does not take; ``str()`` is what Go says."""


class TextType(NamedTuple):
    """A type that reads itself: ``read`` makes the value of a text, None if it stays unset, or raises TextError.

    ``zero``: the value that counts as unset. ``wants``: what it is, for people. ``is_string``: Talos reads a string first.
    ``is_struct``: Go holds it as a struct, not as a number or bytes. ``unset``: what Go prints of one that is unset.
    """

    read: Callable[[str], Any]
    wants: str
    zero: Any = ""
    is_string: bool = False
    is_struct: bool = True
    unset: str = ""


class Octal(int):
    """A number that Talos writes in octal digits."""

    def __str__(self) -> str:
        return f"0o{int(self):o}"


# Words for numbers


def words_type(words: list[str], error: str, zero: str, also: dict[str, str] | None = None) -> TextType:
    """A type of a number that is written as a word, in any case unless it takes others ``also``.

    ``error`` is what Go says of the text ``%text%``.
    """
    known = {word: word for word in words} | (also or {})
    in_any_case = {} if also else {word.lower(): word for word in words}

    def read(text: str) -> str:
        word = known.get(text) or in_any_case.get(text.lower())
        if word is None:
            raise TextError(error.replace("%text%", text))
        return word

    shown = words if len(words) <= _MOST_WORDS else [*words[:_MOST_WORDS], "..."]
    return TextType(read, f"one of {', '.join(shown)}", zero, is_struct=False)


_MOST_WORDS = 12


# Sizes


_SIZES = {
    unit: factor
    for power, letter in enumerate(("", "k", "m", "g", "t", "p", "e"))
    for unit, factor in (
        (letter, 1000**power), (f"{letter}b", 1000**power), (f"{letter}i" if letter else "b", 1024**power),
        (f"{letter}ib" if letter else "", 1024**power),
    )
}  # fmt: skip
_MAX_UINT = 1 << 64
_BEGINS_WITH_NUMBER = re.compile(r"[\d.,]*")


def _bytes(text: str) -> int:
    """The number of bytes a human means.

    Source: ParseBytes of dustin/go-humanize, bytes.go.
    """
    digits = _BEGINS_WITH_NUMBER.match(text)[0]  # type: ignore[index]  # it matches the empty text
    try:
        number = read_float(digits.replace(",", ""))
    except NumberError as error:
        raise TextError(str(error)) from None
    unit = text[len(digits) :].strip().lower()
    if unit not in _SIZES:
        raise TextError(f"unhandled size name: {unit}")
    number *= _SIZES[unit]
    if number >= _MAX_UINT:
        raise TextError(f"too large: {text}")
    return int(number)


def _byte_size(text: str) -> str | None:
    if text:
        _bytes(text.removeprefix("-"))
    return text or None


def _percentage(text: str) -> str:
    digits = text.removeprefix("-").removesuffix("%")
    if not text.endswith("%"):
        raise TextError("percentage must end with '%'")
    try:
        number = read_float(digits)
    except NumberError as error:
        raise TextError(f"invalid percentage value: {error}") from None
    if not 0 <= number <= 100 and not math.isnan(number):  # noqa: PLR2004 - per cent
        raise TextError(f"percentage must be between 0 and 100, got {written_float(number)}")
    return text


def _size(text: str) -> str | None:
    return _percentage(text) if "%" in text else _byte_size(text)


_DIGITS_FROM = 10
_SUFFIXES = ("B", "kB", "MB", "GB", "TB", "PB", "EB")


def written_size(size: int) -> int | str:
    """A number of bytes as Talos writes the size of a disk: for humans, if that loses nothing.

    Source: DiskSize.MarshalYAML of v1alpha1_types.go; Bytes of dustin/go-humanize, bytes.go.
    """
    if size % 1000:
        return size
    text = _humane(size)
    return text if _bytes(text) == size else size


def _humane(size: int) -> str:
    if size < _DIGITS_FROM:
        return f"{size} B"
    power = math.floor(math.log(size) / math.log(1000))
    number = math.floor(size / 1000**power * 10 + 0.5) / 10
    return f"{number:.{int(number < _DIGITS_FROM)}f} {_SUFFIXES[power]}"


_CONDITION = re.compile(r"(?:>=|<=|>|<|==)?(.*)", re.DOTALL)


def _disk_size_condition(text: str) -> str:
    condition = text.strip()
    size = _CONDITION.match(condition.rpartition("\n")[2])[1]  # type: ignore[index]  # it matches the empty text
    try:
        _bytes(size.strip())
    except TextError as error:
        raise TextError(f"failed to parse disk size {size}: {error}") from None
    return condition


# The rest


def _hardware_address(text: str) -> str:
    return ":".join(f"{byte:02x}" for byte in read_hex(text.replace(":", "")))


def _expression(text: str) -> str | None:
    return text or None


def _reading(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same with the errors of Go's own packages as TextError."""

    def reading(text: str) -> Any:
        try:
            return read(text)
        except (AddressError, HexError) as error:
            raise TextError(str(error)) from None

    return reading


LEFT_TRIMMED = TextType(lambda text: text.lstrip("\t\n\v\f\r"), "text", is_string=True)
"""A text without the tabs and line breaks that it begins with."""

_ADDRESS = TextType(_reading(read_address), "an IP address", unset="invalid IP")
_ADDRESS_PORT = TextType(_reading(read_address_port), "an IP address and a port", unset="invalid AddrPort")
_PREFIX = TextType(_reading(read_prefix), "an IP prefix such as 10.0.0.0/8", unset="invalid Prefix")

TEXTS: dict[str, TextType] = {
    "block.ByteSize": TextType(_byte_size, "a size such as 10GiB", None),
    "block.Size": TextType(_size, "a size such as 10GiB or 50%", None),
    "cel.Expression": TextType(_expression, "a CEL expression", None),
    "meta.Addr": _ADDRESS,
    "meta.AddrPort": _ADDRESS_PORT,
    "meta.Prefix": _PREFIX,
    "netip.Addr": _ADDRESS,
    "netip.AddrPort": _ADDRESS_PORT,
    "netip.Prefix": _PREFIX,
    "nethelpers.HardwareAddr": TextType(_reading(_hardware_address), "a hardware address", is_struct=False),
    "network.Addr": _ADDRESS,
    "network.AddrPort": _ADDRESS_PORT,
    "network.Prefix": _PREFIX,
    "v1alpha1.DiskSize": TextType(_bytes, "a size such as 10GB", 0, is_string=True),
    "v1alpha1.InstallDiskSizeMatcher": TextType(
        _disk_size_condition, "a condition such as >= 10GB", None, is_string=True
    ),
}
"""The types by their Go names."""
