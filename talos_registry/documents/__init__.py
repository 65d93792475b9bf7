"""The document kinds this library types: one module each, and the union of them here."""

from __future__ import annotations

from talos_registry.documents.auth import AUTH
from talos_registry.documents.image_cache import IMAGE_CACHE
from talos_registry.documents.mirror import MIRROR
from talos_registry.documents.shape import Kind
from talos_registry.documents.tls import TLS

__all__ = ["KINDS", "Kind"]

KINDS: dict[str, Kind] = {kind.name: kind for kind in (MIRROR, AUTH, TLS, IMAGE_CACHE)}
