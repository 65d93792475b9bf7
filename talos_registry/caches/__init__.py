"""Caches set up: the files of a Docker Registry or a Zot, and the documents of the nodes that pull through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.caches.cache import Cache
    from talos_registry.caches.docker_registry import RegistryCache
    from talos_registry.caches.zot import ZotCache

__all__ = ["Cache", "RegistryCache", "ZotCache"]

__getattr__ = face(__name__, {"cache": ("Cache",), "docker_registry": ("RegistryCache",), "zot": ("ZotCache",)})
