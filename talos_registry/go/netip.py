"""IP addresses as Go's ``net/netip`` reads them, with its words for what is none."""

from __future__ import annotations

import re

from talos_registry.go.strings import byte_string, go_quote, text_of

__all__ = ["AddressError", "check_address", "read_address", "read_address_port", "read_prefix"]

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


# Addresses, prefixes and ports as a text, "" for none


def read_address(text: str) -> str:
    """An address as Go writes it.

    Raises:
        AddressError: for anything else.
    """
    return _canonical(text, check_address(byte_string(text))) if text else ""


def _canonical(address: str, version: int) -> str:
    """An address that is one in the form Go writes; IPv4 in IPv6 is shown as such."""
    if version == 4:  # noqa: PLR2004 - IPv4
        return address
    from ipaddress import IPv6Address

    plain, percent, zone = address.partition("%")
    parsed = IPv6Address(plain)
    shown = f"::ffff:{parsed.ipv4_mapped}" if parsed.ipv4_mapped else parsed.compressed
    return f"{shown}{percent}{zone}"


_MOST_BITS = {4: 32, 6: 128}


def read_prefix(text: str) -> str:
    """An IP prefix such as ``10.0.0.0/8`` as Go writes it.

    Raises:
        AddressError: for anything else.

    Source: ``ParsePrefix`` of ``net/netip/netip.go`` (Go standard library).
    """
    if not text:
        return ""
    address, slash, bits = text.rpartition("/")
    if not slash:
        raise _no_prefix(text, "no '/'")
    try:
        version = check_address(byte_string(address))
    except AddressError as error:
        raise _no_prefix(text, str(error)) from None
    if "%" in address:
        raise _no_prefix(text, "IPv6 zones cannot be present in a prefix")
    if not re.fullmatch(r"0|[1-9][0-9]{0,17}", bits, re.ASCII):
        raise _no_prefix(text, f"bad bits after slash: {go_quote(bits)}")
    if int(bits) > _MOST_BITS[version]:
        raise _no_prefix(text, "prefix length out of range")
    return f"{_canonical(address, version)}/{bits}"


def _no_prefix(text: str, reason: str) -> AddressError:
    return AddressError(f"netip.ParsePrefix({go_quote(text)}): {reason}")


_LARGEST_PORT = 65535


def read_address_port(text: str) -> str:
    """An address and a port such as ``[::1]:80`` as Go writes them.

    Raises:
        AddressError: for anything else.

    Source: ``ParseAddrPort`` of ``net/netip/netip.go`` (Go standard library).
    """
    if not text:
        return ""
    address, port = _split_port(text)
    inner = address[1:-1] if address[0] == "[" else address
    if not re.fullmatch(r"[0-9]{1,20}", port, re.ASCII) or int(port) > _LARGEST_PORT:
        raise AddressError(f"invalid port {go_quote(port)} parsing {go_quote(text)}")
    version = check_address(byte_string(inner))
    if address != inner and version == 4:  # noqa: PLR2004 - IPv4
        raise AddressError(f"invalid ip:port {go_quote(text)}, square brackets can only be used with IPv6 addresses")
    if address == inner and version != 4:  # noqa: PLR2004 - IPv4
        raise AddressError(f"invalid ip:port {go_quote(text)}, IPv6 addresses must be surrounded by square brackets")
    shown = _canonical(inner, version)
    return f"{shown}:{int(port)}" if version == 4 else f"[{shown}]:{int(port)}"  # noqa: PLR2004 - IPv4


def _split_port(text: str) -> tuple[str, str]:
    address, colon, port = text.rpartition(":")
    if not colon:
        raise AddressError("not an ip:port")
    if not address:
        raise AddressError("no IP")
    if not port:
        raise AddressError("no port")
    if address[0] == "[" and (len(address) == 1 or address[-1] != "]"):
        raise AddressError("missing ]")
    return address, port
