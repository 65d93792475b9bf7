from __future__ import annotations

import pytest

from talos_registry.go.netip import AddressError, check_address, read_address, read_address_port, read_prefix


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


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("1.2.3.4", "1.2.3.4"),
        ("::1", "::1"),
        ("0000::0001", "::1"),
        ("0:0:0:0:0:0:0:0", "::"),
        ("1:0:0:2::", "1:0:0:2::"),
        ("1::0:0:2", "1::2"),
        ("1:0:2:0:0:3:0:0", "1:0:2::3:0:0"),
        ("1:2:3:4:5:6:0:8", "1:2:3:4:5:6:0:8"),
        ("2001:DB8::", "2001:db8::"),
        ("::1.2.3.4", "::102:304"),
        ("64:ff9b::1.2.3.4", "64:ff9b::102:304"),
        ("::FFFF:1.2.3.4", "::ffff:1.2.3.4"),
        ("::ffff:0:0%a", "::ffff:0.0.0.0%a"),
        ("FE80::1%Eth0", "fe80::1%Eth0"),
    ],
)
def test_an_address_is_written_as_go_writes_it(text: str, written: str) -> None:
    """What Talos 1.14 made of the nsIp6Targets of a BondConfig."""
    assert read_address(text) == written


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("1.2.3.4:80", "1.2.3.4:80"),
        ("1.2.3.4:00080", "1.2.3.4:80"),
        ("[::1]:80", "[::1]:80"),
        ("[fe80::1%eth0]:1", "[fe80::1%eth0]:1"),
        ("[::FFFF:1.2.3.4]:1", "[::ffff:1.2.3.4]:1"),
    ],
)
def test_an_address_with_a_port(text: str, written: str) -> None:
    """What Talos 1.14 made of the extraAnnouncedEndpoints of a KubeSpanEndpointsConfig."""
    assert read_address_port(text) == written


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("1.2.3.4", "not an ip:port"),
        (":80", "no IP"),
        ("[::1]", "missing ]"),
        ("[::1]80", "missing ]"),
        ("[::1:1", "missing ]"),
        ("1.2.3.4:a", 'invalid port "a" parsing "1.2.3.4:a"'),
        ("1.2.3.4:-1", 'invalid port "-1" parsing "1.2.3.4:-1"'),
        ("1.2.3.4:65536", 'invalid port "65536" parsing "1.2.3.4:65536"'),
        ("1.2.3.4:123456", 'invalid port "123456" parsing "1.2.3.4:123456"'),
        ("::1:80", 'invalid ip:port "::1:80", IPv6 addresses must be surrounded by square brackets'),
        ("[1.2.3.4]:80", 'invalid ip:port "[1.2.3.4]:80", square brackets can only be used with IPv6 addresses'),
        ("1.2.3:80", 'ParseAddr("1.2.3"): IPv4 address too short'),
    ],
)
def test_what_is_no_address_with_a_port(text: str, error: str) -> None:
    with pytest.raises(AddressError) as caught:
        read_address_port(text)
    assert str(caught.value) == error


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("", ""),
        ("10.0.0.0/8", "10.0.0.0/8"),
        ("10.1.2.3/8", "10.1.2.3/8"),
        ("10.0.0.0/0", "10.0.0.0/0"),
        ("::1/128", "::1/128"),
        ("::FFFF:1.2.3.4/120", "::ffff:1.2.3.4/120"),
    ],
)
def test_a_prefix(text: str, written: str) -> None:
    """What Talos 1.14 made of the addresses of a BondConfig."""
    assert read_prefix(text) == written


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("10.0.0.0", "no '/'"),
        ("10.0.0.0/33", "prefix length out of range"),
        ("10.0.0.0/1000", "prefix length out of range"),
        ("::/129", "prefix length out of range"),
        ("10.0.0.0/", 'bad bits after slash: ""'),
        ("10.0.0.0/a", 'bad bits after slash: "a"'),
        ("10.0.0.0/08", 'bad bits after slash: "08"'),
        ("10.0.0.0/-1", 'bad bits after slash: "-1"'),
        ("10.0.0.0/+8", 'bad bits after slash: "+8"'),
        ("fe80::1%eth0/64", "IPv6 zones cannot be present in a prefix"),
        ("/8", 'ParseAddr(""): unable to parse IP'),
        ("10.0.0.0/8/9", 'ParseAddr("10.0.0.0/8"): unexpected character (at "/8")'),
    ],
)
def test_what_is_no_prefix(text: str, fault: str) -> None:
    with pytest.raises(AddressError) as caught:
        read_prefix(text)
    assert str(caught.value) == f'netip.ParsePrefix("{text}"): {fault}'
