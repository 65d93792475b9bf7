"""Caches set up: the files of a Docker Registry, and the documents of the nodes that pull through it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.caches.cache import Cache
    from talos_registry.caches.docker_registry import RegistryCache

__all__ = ["Cache", "RegistryCache"]

__getattr__ = face(__name__, {"cache": ("Cache",), "docker_registry": ("RegistryCache",)})
