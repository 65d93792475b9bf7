"""The document kinds: shapes and models, their set, how Talos writes them; and the images it pulls.

Rooms above also enter ``shapes`` (what each kind may hold), ``legacy`` (the section of the kind-less document),
``kinds``, ``mirror`` and ``registries`` (what Talos refuses, and where the image cache stands), ``texts`` (the types that
read themselves), ``recorded`` (the shapes of every kind) and ``encoder`` (parts of documents): these know no pydantic, which
the models need, or speak of parts that no user of the models sees.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.documents.encoder import emit
    from talos_registry.documents.images import DefaultImage, default_images
    from talos_registry.documents.kinds import KINDS
    from talos_registry.documents.models import (
        TYPED,
        ClientIdentity,
        ImageCacheConfig,
        LocalImageCache,
        OpaqueDocument,
        RegistryAuthConfig,
        RegistryDocument,
        RegistryEndpoint,
        RegistryMirrorConfig,
        RegistryTLSConfig,
    )
    from talos_registry.documents.registries import RegistrySet

__all__ = [
    "KINDS", "TYPED", "ClientIdentity", "DefaultImage", "ImageCacheConfig", "LocalImageCache", "OpaqueDocument",
    "RegistryAuthConfig", "RegistryDocument", "RegistryEndpoint", "RegistryMirrorConfig", "RegistrySet", "RegistryTLSConfig",
    "default_images", "emit",
]  # fmt: skip

__getattr__ = face(
    __name__,
    {
        "encoder": ("emit",),
        "images": ("DefaultImage", "default_images"),
        "kinds": ("KINDS",),
        "models": (
            "TYPED", "ClientIdentity", "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistryAuthConfig",
            "RegistryDocument", "RegistryEndpoint", "RegistryMirrorConfig", "RegistryTLSConfig",
        ),
        "registries": ("RegistrySet",),
    },
)  # fmt: skip
