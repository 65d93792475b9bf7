from __future__ import annotations

import pytest

from talos_registry.documents import KINDS
from talos_registry.versions import KINDS_SINCE, LATEST, release_of


@pytest.mark.parametrize(
    ("version", "number", "patch", "pre"),
    [
        ("1.14", (1, 14), 0, ""),
        ("1.12.3", (1, 12), 3, ""),
        ("1.14.0-beta.1", (1, 14), 0, "beta.1"),
        ("1.9-rc", (1, 9), 0, "rc"),
        ("10.20.30", (10, 20), 30, ""),
    ],
)
def test_versions(version: str, number: tuple[int, int], patch: int, pre: str) -> None:
    release = release_of(version)
    assert (release.text, release.number, release.patch, release.pre) == (version, number, patch, pre)


@pytest.mark.parametrize(
    "version",
    ["", "1", "v1.14", "1.14.", "1.14.0.0", "latest", "1.14-", " 1.14", "1.14\n", "1.١٤", "-1.14", "1.14.0-a b"],
)
def test_anything_else_is_no_version(version: str) -> None:
    with pytest.raises(ValueError, match="not a Talos version"):
        release_of(version)


def test_the_latest_version_is_one() -> None:
    assert release_of(LATEST).number == (1, 14)


@pytest.mark.parametrize(
    ("kind", "since"),
    [
        ("RegistryMirrorConfig", (1, 12)),
        ("RegistryAuthConfig", (1, 12)),
        ("RegistryTLSConfig", (1, 12)),
        ("ImageCacheConfig", (1, 14)),
        ("ImageVerificationConfig", (1, 13)),
        ("ContainerConfig", (1, 14)),
    ],
)
def test_kinds_since(kind: str, since: tuple[int, int]) -> None:
    assert KINDS_SINCE[kind] == since


def test_every_typed_kind_has_a_release() -> None:
    assert KINDS.keys() <= KINDS_SINCE.keys()
