from __future__ import annotations

import pytest

from talos_registry.loading import parse_for_its_target

MIRROR = "---\napiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\n"
CACHE = "---\napiVersion: v1alpha1\nkind: ImageCacheConfig\nlocal: {enabled: true}\n"


def target(image: str, more: str = "", machine: str = "") -> str:
    text = f"machine:\n  type: worker\n{machine}  install:\n    image: {image}\n{more}"
    return parse_for_its_target(text, filename="a.yaml").talos_version


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("ghcr.io/siderolabs/installer:v1.13.2", "1.13.2"),
        ("factory.talos.dev/metal-installer/3765:v1.14.1", "1.14.1"),
        ("'factory.talos.dev/installer/3765:v1.12.7@sha256:0123'", "1.12.7"),
        ("mirror.example:5000/siderolabs/anything:v1.13.2", "1.13.2"),
        ("ghcr.io/siderolabs/installer:v1.11.0", "1.14"),
        ("ghcr.io/siderolabs/installer:v1.15.0", "1.15.0"),
        ("ghcr.io/siderolabs/installer:latest", "1.14"),
        ("ghcr.io/siderolabs/installer:${VERSION}", "1.14"),
        ("registry.example:5000/installer", "1.14"),
        ("''", "1.14"),
    ],
)
def test_the_tag_of_the_installer(image: str, version: str) -> None:
    assert target(image) == version


def test_a_tag_of_a_talos_that_does_not_know_every_document_is_that_of_the_first_installation() -> None:
    image = "ghcr.io/siderolabs/installer:v1.13.2"
    assert target(image, MIRROR) == "1.13.2"
    assert target(image, MIRROR + CACHE) == "1.14"


def test_a_config_that_cannot_be_decoded_still_says_what_it_is_for() -> None:
    assert target("ghcr.io/siderolabs/installer:v1.13.2", machine="  typo: 1\n") == "1.13.2"


def test_a_tag_elsewhere_says_nothing() -> None:
    text = "machine:\n  type: worker\n  kubelet:\n    image: ghcr.io/siderolabs/installer:v1.13.2\n"
    assert parse_for_its_target(text, filename="a.yaml").talos_version == "1.14"
