"""The images that nodes pull by default: which list a release gets, and what stands in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import DefaultImage, Reference, default_images
from talos_registry.diagnostic import InstallationError
from talos_registry.documents import images
from talos_registry.documents.images import RELEASES, path_of

if TYPE_CHECKING:
    from pathlib import Path

KUBERNETES = ["flannel", "coredns", "etcd", "pause", "kube-apiserver", "kube-controller-manager", "kube-scheduler"]
KUBERNETES += ["kube-proxy", "kubelet", "kube-network-policies"]


def hosts(talos_version: str) -> dict[str, str]:
    return {image.name: Reference.parse(image.reference).registry_host for image in default_images(talos_version)}


@pytest.mark.parametrize(
    ("version", "release"),
    [
        *((release, release) for release in RELEASES),
        ("1.5", "1.12.7"),
        ("0.14.3", "1.12.7"),
        ("1.12", "1.12.7"),
        ("1.13.0", "1.13.9"),
        ("1.13.200", "1.13.9"),
        ("1.14", "1.14.1"),
        ("1.14.0-beta.1", "1.14.1"),
        ("1.15.2", "1.14.1"),
        ("2.0", "1.14.1"),
    ],
)
def test_a_release_gets_the_nearest_list_and_hears_which(version: str, release: str) -> None:
    assert {image.talos_version for image in default_images(version)} == {release}


def test_of_several_of_a_line_the_nearest_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "RELEASES", ("1.13.10", "1.13.2", "1.15.1"))
    wanted = ("1.13", "1.13.5", "1.13.9", "1.14.9", "1.15.0", "1.1")
    assert [images._nearest(version) for version in wanted] == [
        "1.13.2",
        "1.13.2",
        "1.13.10",
        "1.13.10",
        "1.15.1",
        "1.13.2",
    ]


@pytest.mark.parametrize("release", RELEASES)
def test_each_image_is_a_reference_with_a_tag_and_its_puller(release: str) -> None:
    listed = default_images(release)
    assert all(":" in image.reference and Reference.parse(image.reference).tag for image in listed)
    assert {image.name for image in listed if image.puller == "talos"} == {"etcd", "kubelet", "installer"}
    assert {image.puller for image in listed} == {"talos", "cri"}
    assert listed[-1].reference.endswith(f":v{release}")


def test_the_order_is_that_of_talosctl() -> None:
    assert [image.name for image in default_images("1.14")] == [*KUBERNETES, "installer"]
    assert [image.name for image in default_images("1.13")] == [*KUBERNETES, "installer"]
    older = [name for name in KUBERNETES if name not in {"pause", "kube-network-policies"}]
    assert [image.name for image in default_images("1.12")] == [*older, "pause", "installer"]


def test_the_installer_comes_from_the_image_factory_since_1_14() -> None:
    assert [hosts(version)["installer"] for version in ("1.12", "1.13", "1.14")] == [
        "ghcr.io",
        "ghcr.io",
        "factory.talos.dev",
    ]
    assert set(hosts("1.14").values()) == {"ghcr.io", "registry.k8s.io", "factory.talos.dev"}


def test_the_platform_is_in_the_name_of_the_installer_since_1_14() -> None:
    metal, aws = default_images("1.14"), default_images("1.14", platform="aws")
    assert metal[:-1] == aws[:-1]
    assert metal[-1].reference.startswith("factory.talos.dev/metal-installer/")
    assert aws[-1].reference == metal[-1].reference.replace("/metal-installer/", "/aws-installer/")
    assert default_images("1.13") == default_images("1.13", platform="aws")


def test_an_image_is_frozen() -> None:
    image = default_images("1.14")[0]
    assert isinstance(image, DefaultImage)
    with pytest.raises(AttributeError):
        image.name = "other"  # type: ignore[misc]


@pytest.mark.parametrize("version", ["", "v1.14.1", "1", "latest", "1.14.1.2"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(ValueError, match="not a Talos version"):
        default_images(version)


@pytest.mark.parametrize("platform", ["", "Metal", "a/b", "metal-", "{platform}", "metal\n"])
def test_what_is_no_platform_is_refused(platform: str) -> None:
    with pytest.raises(ValueError, match="not a platform"):
        default_images("1.14", platform=platform)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"talos_version": 1.14}, "default_images takes the Talos version as text, such as '1.14', not float"),
        (
            {"talos_version": "1.14", "platform": None},
            "default_images takes the platform as text, such as 'metal', not NoneType",
        ),
    ],
)
def test_what_is_no_text_is_refused(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError) as caught:
        default_images(**arguments)
    assert str(caught.value) == said


@pytest.mark.parametrize("text", [None, "", "{}}", '[{"name": "etcd"}]', "[1]", "\0\xff"])
def test_a_file_that_is_missing_or_damaged(text: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / path_of("1.14.1").name
    if text is not None:
        path.write_text(text, encoding="latin-1")
    monkeypatch.setattr(images, "path_of", lambda _: path)
    images._recorded.cache_clear()
    with pytest.raises(InstallationError) as caught:
        default_images("1.14")
    monkeypatch.undo()
    assert str(caught.value) == "talos-registry is not installed whole: images-1.14.1.json is missing or damaged"
    assert default_images("1.14")


def test_no_file_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "RELEASES", ())
    with pytest.raises(InstallationError, match="the lists of images are missing"):
        default_images("1.14")
