"""Caches: how they are set up, and the documents of the nodes that pull through them, or did so under another system.

The command line also enters ``htpasswd``, for the users of a cache.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.caches.cache import Cache
    from talos_registry.caches.docker_registry import RegistryCache
    from talos_registry.caches.harbor import HarborCache
    from talos_registry.caches.importing import Imported, import_settings
    from talos_registry.caches.products import Product, product_endpoint
    from talos_registry.caches.zot import ZotCache

__all__ = [
    "Cache",
    "HarborCache",
    "Imported",
    "Product",
    "RegistryCache",
    "ZotCache",
    "import_settings",
    "product_endpoint",
]

__getattr__ = face(
    __name__,
    {
        "cache": ("Cache",),
        "docker_registry": ("RegistryCache",),
        "harbor": ("HarborCache",),
        "importing": ("Imported", "import_settings"),
        "products": ("Product", "product_endpoint"),
        "zot": ("ZotCache",),
    },
)
