"""Which Talos a config is for, as far as it says so itself: by the installer that it names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.documents import legacy
from talos_registry.goyaml.nodes import Scalar
from talos_registry.goyaml.paths import members
from talos_registry.loading.config import parse
from talos_registry.versions import KINDS_SINCE, LATEST, SUPPORTED, named_version, release_of

if TYPE_CHECKING:
    from talos_registry.loading.config import MachineConfig
    from talos_registry.loading.decoder import Identity

__all__ = ["parse_for_its_target"]

_OLDEST = release_of(SUPPORTED[0]).number


def parse_for_its_target(source: str | bytes, *, filename: str) -> MachineConfig:
    """The machine config in ``source``, judged for the Talos that its ``machine.install.image`` names, or else the latest.

    The first installation of a node may be older than its Talos is now: a tag before 1.12 says nothing, and neither does
    one of a Talos that does not know every document of the file.
    """
    config = parse(source, filename=filename, talos_version=_guess(source) or LATEST)
    version = _installed_version(config) or LATEST
    return config if version == config.talos_version else parse(source, filename=filename, talos_version=version)


_INSTALLER = re.compile(r"installer[^\s\"'@]*:(v?\d[^\s\"'@]*)")


def _guess(source: str | bytes) -> str:
    """What the text looks like it is for; reading it tells, and may tell otherwise."""
    text = source if isinstance(source, str) else source.decode("latin-1")
    found = _INSTALLER.search(text)
    return named_version(found[1]) if found else ""


def _installed_version(config: MachineConfig) -> str:
    version = next(filter(None, map(named_version, _installer_tags(config))), "")
    if not version or release_of(version).number < _OLDEST:
        return ""
    number = release_of(version).number
    return version if all(_exists(entry.identity, number) for entry in config.entries) else ""


def _installer_tags(config: MachineConfig) -> list[str]:
    if "install" not in config.text:
        return []
    images = [
        _installer(config, index) for index, entry in enumerate(config.entries) if entry.identity.kind == legacy.KIND
    ]
    return [image.partition("@")[0].rpartition(":")[2] for image in images]


def _installer(config: MachineConfig, index: int) -> str:
    values = config.entries[index].values
    if values is not None:
        return ((values.get("machine") or {}).get("install") or {}).get("image") or ""
    root = config.roots.get(index)  # of what cannot be decoded this much can perhaps be read
    image = members(members(members(root).get("machine")).get("install")).get("image")
    return image.value if isinstance(image, Scalar) else ""


def _exists(identity: Identity, number: tuple[int, int]) -> bool:
    since = KINDS_SINCE.get(identity.kind)
    return identity.kind == legacy.KIND or (since is not None and since <= number)
