"""IP addresses as Go's ``net/netip`` reads them, with its words for what is none."""

from __future__ import annotations

import re

from talos_registry.go.strings import go_quote, text_of

__all__ = ["AddressError", "check_address"]

_FIRST_MARK = re.compile(r"[.:%]").search
_HEX_DIGITS = re.compile(r"[0-9A-Fa-f]*").match
_ADDRESS_BYTES, _EMBEDDED_IPV4_AT, _LONGEST_GROUP = 16, 12, 4
_LARGEST_OCTET, _DOTS = 255, 3


class AddressError(ValueError):
    """A byte string that is no IP address; ``str()`` is Go's text, ``ParseAddr("a"): unable to parse IP``."""


class _FaultError(Exception):
    """Why an address is none, and the rest of it that was not understood."""

    def __init__(self, reason: str, at: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.at = at


def check_address(address: str) -> int:
    """The IP version, 4 or 6, of an address given as a byte string; an IPv6 address may carry a zone, ``fe80::1%eth0``.

    Raises:
        AddressError: for anything else.

    Source: ``ParseAddr`` of ``net/netip/netip.go`` (Go standard library).
    """
    try:
        return _version(address)
    except _FaultError as fault:
        at = f" (at {go_quote(text_of(fault.at))})" if fault.at else ""
        raise AddressError(f"ParseAddr({go_quote(text_of(address))}): {fault.reason}{at}") from None


def _version(address: str) -> int:
    mark = _FIRST_MARK(address)
    if mark is None:
        raise _FaultError("unable to parse IP")
    if mark[0] == "%":
        raise _FaultError("missing IPv6 address")
    if mark[0] == ".":
        _check_ipv4(address)
        return 4
    _check_ipv6(address)
    return 6


def _require(condition: bool, reason: str, at: str = "") -> None:
    if not condition:
        raise _FaultError(reason, at)


def _check_ipv4(address: str) -> None:
    octet, dots = "", 0
    for index, character in enumerate(address):
        if "0" <= character <= "9":
            _require(octet != "0", "IPv4 field has octet with leading zero")
            octet += character
            _require(int(octet) <= _LARGEST_OCTET, "IPv4 field has value >255")
        else:
            rest = address[index:]
            _require(character == ".", "unexpected character", rest)
            _require(octet != "" and rest != ".", "IPv4 field must have at least one digit", rest)
            _require(dots < _DOTS, "IPv4 address too long")
            octet, dots = "", dots + 1
    _require(dots == _DOTS, "IPv4 address too short")


def _check_ipv6(address: str) -> None:
    rest, percent, zone = address.partition("%")
    _require(not percent or zone != "", "zone must be a non-empty string")
    elided = rest.startswith("::")
    if rest == "::":
        return
    rest, size = rest[2:] if elided else rest, 0
    while size < _ADDRESS_BYTES:
        digits = _group_length(rest)
        if rest[digits : digits + 1] == ".":
            in_place = elided or size == _EMBEDDED_IPV4_AT
            _require(in_place, "embedded IPv4 address must replace the final 2 fields of the address", rest)
            fits = size <= _EMBEDDED_IPV4_AT
            _require(fits, "too many hex fields to fit an embedded IPv4 at the end of the address", rest)
            _check_ipv4(rest)
            rest, size = "", size + 4
            break
        rest, size = rest[digits:], size + 2
        if not rest:
            break
        _require(rest[0] == ":", "unexpected character, want colon", rest)
        _require(rest != ":", "colon must be followed by more characters", rest)
        rest = rest[1:]
        if rest[0] == ":":
            _require(not elided, "multiple :: in address", rest)
            elided, rest = True, rest[1:]
            if not rest:
                break
    _require(not rest, "trailing garbage after address", rest)
    _require(elided or size == _ADDRESS_BYTES, "address string too short")
    _require(not elided or size < _ADDRESS_BYTES, "the :: must expand to at least one field of zeros")


def _group_length(rest: str) -> int:
    match = _HEX_DIGITS(rest)
    length = match.end() if match else 0
    _require(length <= _LONGEST_GROUP, "each group must have 4 or less digits", rest)
    _require(length > 0, "each colon-separated field must have at least one digit", rest)
    return length
