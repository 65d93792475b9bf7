"""The images that nodes pull by default, as they were recorded from Talos' own packages: one file for each exact release.

``tests/oracle/images.py`` records them.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from talos_registry.diagnostic import InstallationError
from talos_registry.versions import LATEST, release_of

__all__ = ["RELEASES", "DefaultImage", "default_images", "path_of"]

_HERE = Path(__file__).parent
RELEASES = tuple(sorted(path.stem.removeprefix("images-") for path in _HERE.glob("images-*.json")))
"""The exact releases that were recorded."""

_PLATFORM = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


class DefaultImage(NamedTuple):
    """An image that nodes pull unless their config names another.

    Attributes:
        name: what it is, such as ``etcd``.
        reference: the image reference, with its tag.
        puller: who pulls it, ``"talos"`` itself or ``"cri"`` (containerd).
        talos_version: the exact release that it was recorded from.
    """

    name: str
    reference: str
    puller: Literal["talos", "cri"]
    talos_version: str


def default_images(talos_version: str, *, platform: str = "metal") -> tuple[DefaultImage, ...]:
    """The images of a default cluster, in the order of ``talosctl image k8s-bundle``, then the installer.

    A release that was not recorded has the images of the nearest one that was, of its own line where there is one; each
    image says which release that is.

    Args:
        talos_version: the Talos of the nodes, ``MAJOR.MINOR[.PATCH][-pre]``.
        platform: what the nodes run on, such as ``aws``; part of the name of the installer since Talos 1.14.

    Raises:
        ValueError: if the version is not ``MAJOR.MINOR[.PATCH][-pre]``, or the platform is no name.
        TypeError: if one of them is no text.
        InstallationError: if the file of this library with the images is missing or damaged.

    Source: siderolabs/talos, pkg/images/{images,list}.go.
    """
    if not isinstance(talos_version, str):
        raise TypeError(
            f"default_images takes the Talos version as text, such as {LATEST!r}, not {type(talos_version).__name__}"
        )
    if not isinstance(platform, str):
        raise TypeError(f"default_images takes the platform as text, such as 'metal', not {type(platform).__name__}")
    if not _PLATFORM.fullmatch(platform):
        raise ValueError(
            f"not a platform: {platform!r} (write it as Talos does, for example metal, aws or digital-ocean)"
        )
    images = _recorded(_nearest(talos_version))
    return tuple(image._replace(reference=image.reference.replace("{platform}", platform)) for image in images)


def path_of(release: str) -> Path:
    """The file of an exact release such as ``1.14.1``."""
    return _HERE / f"images-{release}.json"


def _nearest(talos_version: str) -> str:
    """The recorded release next to a version: in its line, else in the newest line before it, else in the oldest."""
    wanted = release_of(talos_version)
    recorded = [release_of(text) for text in RELEASES]
    if not recorded:
        raise InstallationError("talos-registry is not installed whole: the lists of images are missing")
    lines = {release.number for release in recorded}
    line = max((number for number in lines if number <= wanted.number), default=min(lines))
    return min((abs(release.patch - wanted.patch), release.text) for release in recorded if release.number == line)[1]


@cache
def _recorded(release: str) -> tuple[DefaultImage, ...]:
    path = path_of(release)
    try:
        return tuple(DefaultImage(**row, talos_version=release) for row in json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError):
        raise InstallationError(f"talos-registry is not installed whole: {path.name} is missing or damaged") from None
