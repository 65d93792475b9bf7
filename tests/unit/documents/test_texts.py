"""Types that read themselves: what Talos 1.14 took, wrote and said of the members named in each table."""

from __future__ import annotations

import pytest

from talos_registry.documents.recorded import recording_of
from talos_registry.documents.shapes import Leaf
from talos_registry.documents.texts import TEXTS, Octal, TextError, TextType, written_size
from talos_registry.versions import release_of


def words(go: str) -> TextType:
    shape = recording_of(release_of("1.14")).shape(go)
    assert isinstance(shape, Leaf)
    assert shape.text is not None
    return shape.text


def refusal(read: TextType, text: str) -> str:
    with pytest.raises(TextError) as caught:
        read.read(text)
    return str(caught.value)


SIZES = [
    "10GiB",
    "10 GB",
    "10gb",
    "10",
    "10.5",
    "1.5GB",
    "10G",
    "10Gi",
    "1K",
    "1KiB",
    "1b",
    "15EiB",
    "-10GB",
    "0",
    "-0",
]


@pytest.mark.parametrize("text", SIZES)
@pytest.mark.parametrize("go", ["block.ByteSize", "block.Size"])
def test_a_size_keeps_its_text(go: str, text: str) -> None:
    """The minSize and maxSize of a UserVolumeConfig."""
    assert TEXTS[go].read(text) == text


@pytest.mark.parametrize("text", ["50%", "-5%", "99.5%", "1e2%", "0%", "1.%", ".5%", "+3%", "nan%", "NaN%"])
def test_a_percentage_keeps_its_text(text: str) -> None:
    assert TEXTS["block.Size"].read(text) == text


@pytest.mark.parametrize("go", ["block.ByteSize", "block.Size", "cel.Expression"])
def test_what_is_empty_is_not_set(go: str) -> None:
    assert TEXTS[go].read("") is None


@pytest.mark.parametrize(
    ("go", "text", "error"),
    [
        ("block.ByteSize", "1e3", "unhandled size name: e3"),
        ("block.ByteSize", "10 XB", "unhandled size name: xb"),
        ("block.ByteSize", "10GiBs", "unhandled size name: gibs"),
        ("block.ByteSize", "0x10", "unhandled size name: x10"),
        ("block.ByteSize", "10%", "unhandled size name: %"),
        ("block.ByteSize", "GB", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("block.ByteSize", " 10GB", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("block.ByteSize", "-", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("block.ByteSize", "1.2.3GB", 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'),
        ("block.ByteSize", "16EiB", "too large: 16EiB"),
        ("block.ByteSize", "18446744073709551615", "too large: 18446744073709551615"),
        ("block.Size", "101%", "percentage must be between 0 and 100, got 101"),
        ("block.Size", "100.5%", "percentage must be between 0 and 100, got 100.5"),
        ("block.Size", "Inf%", "percentage must be between 0 and 100, got +Inf"),
        ("block.Size", "%", 'invalid percentage value: strconv.ParseFloat: parsing "": invalid syntax'),
        ("block.Size", "5 %", 'invalid percentage value: strconv.ParseFloat: parsing "5 ": invalid syntax'),
        ("block.Size", "10%%", 'invalid percentage value: strconv.ParseFloat: parsing "10%": invalid syntax'),
        ("block.Size", "1e400%", 'invalid percentage value: strconv.ParseFloat: parsing "1e400": value out of range'),
        ("v1alpha1.DiskSize", "a", 'strconv.ParseFloat: parsing "": invalid syntax'),
        ("v1alpha1.DiskSize", "1000000000000000000000", "too large: 1000000000000000000000"),
        ("nethelpers.HardwareAddr", "a", "encoding/hex: odd length hex string"),
        ("netip.Addr", "a", 'ParseAddr("a"): unable to parse IP'),
        ("netip.Prefix", "10.0.0.0", "netip.ParsePrefix(\"10.0.0.0\"): no '/'"),
        ("netip.AddrPort", "1.2.3.4", "not an ip:port"),
    ],
)
def test_what_is_not_taken(go: str, text: str, error: str) -> None:
    assert refusal(TEXTS[go], text) == error


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("10GB", "10 GB"),
        ("10 gb", "10 GB"),
        ("1.5GB", "1.5 GB"),
        ("150MB", "150 MB"),
        ("1500000", "1.5 MB"),
        ("1TB", "1.0 TB"),
        ("1000", "1.0 kB"),
        ("2000", "2.0 kB"),
        ("10GiB", 10737418240),
        ("999", 999),
        ("5", 5),
        ("1234567", 1234567),
        ("123456000", 123456000),
        ("9950000", 9950000),
        ("12345GB", 12345000000000),
    ],
)
def test_the_size_of_a_disk_is_written_for_humans_if_that_loses_nothing(text: str, written: int | str) -> None:
    """Talos' JSON Patches find it so as the size of a partition."""
    assert written_size(TEXTS["v1alpha1.DiskSize"].read(text)) == written


@pytest.mark.parametrize(("text", "condition"), [("10GB", "10GB"), ("== 10GB", "== 10GB"), ("5", "5")])
def test_a_condition_for_disks(text: str, condition: str) -> None:
    """The size of a diskSelector."""
    assert TEXTS["v1alpha1.InstallDiskSizeMatcher"].read(text) == condition


@pytest.mark.parametrize(("text", "size"), [("=> 5", "=> 5"), ("!= 5", "!= 5"), ("", ""), (">", ""), (">= ", "")])
def test_what_is_no_condition(text: str, size: str) -> None:
    error = f'failed to parse disk size {size}: strconv.ParseFloat: parsing "": invalid syntax'
    assert refusal(TEXTS["v1alpha1.InstallDiskSizeMatcher"], text) == error


@pytest.mark.parametrize(
    ("text", "written"), [("aa:bb", "aa:bb"), ("AA:BB:CC:00:11:22", "aa:bb:cc:00:11:22"), ("aabb", "aa:bb"), ("::", "")]
)
def test_hardware_addresses(text: str, written: str) -> None:
    assert TEXTS["nethelpers.HardwareAddr"].read(text) == written


@pytest.mark.parametrize(
    ("go", "text", "word"),
    [
        ("block.FilesystemType", "xfs", "xfs"),
        ("block.FilesystemType", "XFS", "xfs"),
        ("block.FilesystemType", "Ext4", "ext4"),
        ("nethelpers.RoutingTable", "MAIN", "main"),
        ("nethelpers.RoutingTable", "1", "1"),
        ("nethelpers.FailOverMAC", "follow", "follow"),
        ("nethelpers.FailOverMAC", "", "none"),
        ("nethelpers.FailOverMAC", "0", "none"),
        ("nethelpers.FailOverMAC", "2", "follow"),
        ("nethelpers.ClientIdentifier", "MAC", "mac"),
        ("nethelpers.WOLMode", "PHY", "phy"),
    ],
)
def test_words(go: str, text: str, word: str) -> None:
    assert words(go).read(text) == word


@pytest.mark.parametrize(
    ("go", "text", "error"),
    [
        ("block.FilesystemType", "ext5", "ext5 does not belong to FilesystemType values"),
        ("block.FilesystemType", "", " does not belong to FilesystemType values"),
        ("block.FilesystemType", "0", "0 does not belong to FilesystemType values"),
        ("block.FilesystemType", "ſwapi", "ſwapi does not belong to FilesystemType values"),
        ("nethelpers.RoutingTable", "254", "254 does not belong to RoutingTable values"),
        ("nethelpers.RoutingTable", "300", "300 does not belong to RoutingTable values"),
        ("nethelpers.FailOverMAC", "Active", "invalid fail_over_mac value Active"),
        ("nethelpers.FailOverMAC", "3", "invalid fail_over_mac value 3"),
    ],
)
def test_other_words(go: str, text: str, error: str) -> None:
    assert refusal(words(go), text) == error


def test_octal_numbers_are_written_in_octal_digits() -> None:
    """The mode of an EtcFileConfig."""
    assert [str(Octal(mode)) for mode in (0, 0o644, 0xFFFFFFFF)] == ["0o0", "0o644", "0o37777777777"]
