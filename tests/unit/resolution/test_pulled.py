from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry import RegistryMirrorConfig, RegistrySet, parse, resolve

if TYPE_CHECKING:
    from talos_registry.resolution import Puller

HEX = "a" * 64
REGISTRIES = RegistrySet.of(RegistryMirrorConfig(name="docker.io"), RegistryMirrorConfig(name="ghcr.io"))


def pulled(reference: str, talos_version: str) -> str:
    """What Talos' own puller asks for, or why it does not."""
    plan = resolve(reference, REGISTRIES, puller="talos", talos_version=talos_version)
    assert bool(plan.attempts) == (plan.error is None)
    return plan.error or str(plan.reference)


@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("registry-1.docker.io/library/nginx", "docker.io/library/nginx:latest"),
        ("Registry-1.Docker.io/nginx:1", "docker.io/library/nginx:1"),
        (f"INDEX.docker.io/a/b@sha256:{HEX}", f"docker.io/a/b@sha256:{HEX}"),
        ("GHCR.io/a", "ghcr.io/a:latest"),
        ("LOCALHOST/a", "localhost/a:latest"),
        ("Reg:5000/a", "reg:5000/a:latest"),
        ("[FD00::1]/a", "[fd00::1]/a:latest"),
        ("a_b.c/d", "a_b.c/d:latest"),
        ("ghcr.io/a:V1", "ghcr.io/a:V1"),
    ],
)
def test_talos_folds_registry_hosts_since_1_14(reference: str, expected: str) -> None:
    assert pulled(reference, "1.14") == expected


def test_a_folded_host_finds_its_mirror() -> None:
    for reference, mirror in (("registry-1.docker.io/library/nginx", "docker.io"), ("GHCR.io/a", "ghcr.io")):
        assert resolve(reference, REGISTRIES, puller="talos").mirror == mirror
        assert resolve(reference, REGISTRIES, puller="talos", talos_version="1.12").mirror is None
        assert resolve(reference, REGISTRIES, puller="cri").mirror is None


@pytest.mark.parametrize(
    ("reference", "error"),
    [
        ("Foo/x", 'invalid reference format: registry domain "Foo" must be lowercase'),
        (f"Registry-1.docker.io/{'x' * 255}", "repository name must not be more than 255 characters"),
    ],
)
def test_references_that_talos_refuses_since_1_14(reference: str, error: str) -> None:
    assert pulled(reference, "1.14") == f'failed to parse image reference "{reference}": {error}'
    assert resolve(reference, REGISTRIES, puller="cri").error is None
    assert pulled(reference, "1.12") == f"{reference}:latest"


@pytest.mark.parametrize(
    "reference",
    [
        "Foo/x:1",
        "LOCALHOST/x:1",
        "ghcr.io/a:1",
        f"ghcr.io/a/b@sha512:{'b' * 128}",
        f"localhost/{'x' * 255}:1",
    ],
)
def test_references_that_the_image_verification_of_1_13_cannot_read(reference: str) -> None:
    said = f"image reference is invalid: could not parse reference: {reference}"
    assert pulled(reference, "1.13.9") == f"rpc error: code = InvalidArgument desc = {said}"
    assert resolve(reference, REGISTRIES, puller="cri", talos_version="1.13.9").error is None


@pytest.mark.parametrize(
    "reference",
    ["docker.io/library/nginx:1", "localhost/x:1", "a_b.c/dd:1", f"GHCR.io/{'x' * 255}:1", f"ghcr.io/a/b@sha256:{HEX}", "[::1]:5000/aa:1"],
)  # fmt: skip
def test_references_that_the_image_verification_of_1_13_reads(reference: str) -> None:
    assert pulled(reference, "1.13") == reference


@pytest.mark.parametrize("puller", ["talos", "cri"])
def test_brackets_around_what_is_no_address(puller: Puller) -> None:
    plan = resolve("[:]/a/b:1", REGISTRIES, puller=puller)
    assert plan.error == (
        'parse "dummy://[:]/a/b:1": invalid host: ParseAddr(":"): each colon-separated field must have at least one digit (at ":")'
    )
    assert plan.attempts == ()
    assert resolve("[::1]:5000/a/b:1", REGISTRIES, puller=puller).error is None


def test_the_version_is_that_of_the_config() -> None:
    config = parse("apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: ghcr.io\n", talos_version="1.13")
    assert str(resolve("GHCR.io/aa", config, puller="talos").reference) == "GHCR.io/aa:latest"
