from __future__ import annotations

import pytest

from talos_registry.go.netip import AddressError, check_address


@pytest.mark.parametrize(
    ("address", "version"),
    [
        ("1.2.3.4", 4),
        ("0.0.0.0", 4),  # noqa: S104 - nothing listens
        ("::", 6),
        ("::1", 6),
        ("1::", 6),
        ("1:2:3:4:5:6:7:8", 6),
        ("1:2:3:4:5:6:7::", 6),
        ("::ffff:1.2.3.4", 6),
        ("1:2:3:4:5:6:1.2.3.4", 6),
        ("fe80::1%eth0", 6),
    ],
)
def test_an_address_has_a_version(address: str, version: int) -> None:
    assert check_address(address) == version


@pytest.mark.parametrize(
    ("address", "fault"),
    [
        ("a", "unable to parse IP"),
        ("%eth0", "missing IPv6 address"),
        ("1.2.3", "IPv4 address too short"),
        ("1.2.3.4.5", "IPv4 address too long"),
        ("1.2.3.256", "IPv4 field has value >255"),
        ("1.2.3.04", "IPv4 field has octet with leading zero"),
        ("1..3.4", 'IPv4 field must have at least one digit (at ".3.4")'),
        ("1.2.3.", 'IPv4 field must have at least one digit (at ".")'),
        ("1.2.3.x", 'unexpected character (at "x")'),
        ("1:2:3:4:5:6:7", "address string too short"),
        ("1:2:3:4:5:6:7:8:9", 'trailing garbage after address (at "9")'),
        ("1:2:3:4:5:6:7::8", "the :: must expand to at least one field of zeros"),
        ("1::2::3", 'multiple :: in address (at ":3")'),
        ("12345::", 'each group must have 4 or less digits (at "12345::")'),
        (":1", 'each colon-separated field must have at least one digit (at ":1")'),
        ("1:", 'colon must be followed by more characters (at ":")'),
        ("1:g", 'each colon-separated field must have at least one digit (at "g")'),
        ("1:2g", 'unexpected character, want colon (at "g")'),
        ("fe80::1%", "zone must be a non-empty string"),
        ("1:1.2.3.4", 'embedded IPv4 address must replace the final 2 fields of the address (at "1.2.3.4")'),
        (
            "::2:3:4:5:6:7:8:1.2.3.4",
            'too many hex fields to fit an embedded IPv4 at the end of the address (at "1.2.3.4")',
        ),
        ("::1.2.3.999", "IPv4 field has value >255"),
    ],
)
def test_what_is_no_address_is_refused_in_gos_words(address: str, fault: str) -> None:
    with pytest.raises(AddressError) as caught:
        check_address(address)
    assert str(caught.value) == f'ParseAddr("{address}"): {fault}'
