"""The registry settings of k3s, RKE2, containerd and Docker, as documents."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from talos_registry.arguments import wrong_type
from talos_registry.caches.certs_d import read_hosts_toml
from talos_registry.caches.docker import CONFIG_KEYS, DAEMON_KEYS, read_config, read_daemon
from talos_registry.caches.foreign import ForeignFile, url_of
from talos_registry.caches.k3s import SECTIONS, read_registries
from talos_registry.diagnostic import Diagnostic, Severity
from talos_registry.documents import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig, emit
from talos_registry.loading import parse
from talos_registry.messages import quoted
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from talos_registry.caches.foreign import Entry, Given
    from talos_registry.documents import RegistryDocument

__all__ = ["Imported", "import_settings"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What comes of the settings of other tools.

    Attributes:
        documents: mirrors, then credentials, then TLS settings; Talos takes each.
        diagnostics: what is wrong with the files, and what has no counterpart, in the order of the files.
    """

    documents: tuple[RegistryDocument, ...]
    diagnostics: tuple[Diagnostic, ...]


def import_settings(
    files: Mapping[str, bytes],
    *,
    read: Callable[[str], bytes | None] | None = None,
    talos_version: str = LATEST,
) -> Imported:
    """The documents by which a node pulls as other tools did by their files.

    Several files are one set of settings. What a file is shows in what is in it: a ``registries.yaml`` of k3s or RKE2, a
    ``hosts.toml`` of containerd, whose directory is the registry host, a ``daemon.json`` or a ``config.json`` of Docker.

    Args:
        files: the bytes of the files by name.
        read: gives the bytes of a file by its path on the node, as files name certificates; None where it is not at hand.
            What a ``hosts.toml`` names relative to itself begins with the name of its directory.
        talos_version: the Talos of the nodes, ``MAJOR.MINOR[.PATCH]``.

    Raises:
        ValueError: for what is no Talos version.
        TypeError: for files that are not bytes by name.
    """
    foreign = [_read(name, data, read) for name, data in files.items()]
    raise NotImplementedError
