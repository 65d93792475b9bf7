"""The registry settings of one node: what every later step looks things up in."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from talos_registry.documents.models import (
    TYPED,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
)
from talos_registry.masking import mask_before_at

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from talos_registry.documents.models import RegistryDocument

__all__ = ["IMAGE_CACHE_ENDPOINT", "RegistrySet"]

IMAGE_CACHE_ENDPOINT = "http://127.0.0.1:3172"
"""Where a node with a ready image cache serves it."""


_DOCUMENTS = {*TYPED, OpaqueDocument.__name__}


class RegistrySet:
    """Mirrors, credentials and TLS settings by name; a later document of a name replaces an earlier one wholesale.

    Frozen, and compared by what it holds.

    Source: siderolabs/talos, pkg/machinery/config/container/container.go (RegistryMirrorConfigs and its siblings).
    """

    __slots__ = ("auths", "derived", "mirrors", "tls")

    derived: dict[Hashable, Any]
    """What later steps have already worked out from this set; safe to keep because a set never changes."""

    mirrors: Mapping[str, RegistryMirrorConfig]
    auths: Mapping[str, RegistryAuthConfig]
    tls: Mapping[str, RegistryTLSConfig]

    def __init__(
        self,
        mirrors: Mapping[str, RegistryMirrorConfig],
        auths: Mapping[str, RegistryAuthConfig],
        tls: Mapping[str, RegistryTLSConfig],
    ) -> None:
        object.__setattr__(self, "derived", {})
        object.__setattr__(self, "mirrors", MappingProxyType(dict(mirrors)))
        object.__setattr__(self, "auths", MappingProxyType(dict(auths)))
        object.__setattr__(self, "tls", MappingProxyType(dict(tls)))

    def __setattr__(self, name: str, value: object) -> None:
        raise AttributeError(f"RegistrySet is frozen: cannot set {name}")

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RegistrySet):
            return NotImplemented
        return (self.mirrors, self.auths, self.tls) == (other.mirrors, other.auths, other.tls)

    def __hash__(self) -> int:
        return hash(tuple(frozenset(entries.items()) for entries in (self.mirrors, self.auths, self.tls)))

    def __reduce__(self) -> tuple[object, ...]:
        return RegistrySet, (dict(self.mirrors), dict(self.auths), dict(self.tls))

    def __repr__(self) -> str:
        mirrors, auths, tls = (list(map(mask_before_at, entries)) for entries in (self.mirrors, self.auths, self.tls))
        return f"RegistrySet(mirrors={mirrors}, auths={auths}, tls={tls})"

    @classmethod
    def of(cls, *documents: RegistryDocument | OpaqueDocument) -> RegistrySet:
        """The set of these documents; those that say nothing about registries are skipped.

        An opaque document says nothing here: the legacy section of a config is in ``MachineConfig.registries``.

        Raises:
            TypeError: for what is no document.
        """
        strangers = {type(document).__name__ for document in documents} - _DOCUMENTS
        if strangers:
            raise TypeError(f"RegistrySet.of takes documents, not {', '.join(sorted(strangers))}")
        return cls(
            {document.name: document for document in documents if isinstance(document, RegistryMirrorConfig)},
            {document.name: document for document in documents if isinstance(document, RegistryAuthConfig)},
            {document.name: document for document in documents if isinstance(document, RegistryTLSConfig)},
        )

    def with_image_cache(self) -> RegistrySet:
        """The set a node with a ready image cache uses: the cache is the first endpoint of every mirror, ``*`` included.

        Source: siderolabs/talos, internal/app/machined/pkg/controllers/cri/registries_config.go.
        """
        mirrors = dict(self.mirrors)
        mirrors.setdefault("*", RegistryMirrorConfig(name="*"))
        cache = RegistryEndpoint(url=IMAGE_CACHE_ENDPOINT)
        cached = {
            name: mirror.model_copy(update={"endpoints": (cache, *mirror.endpoints)})
            for name, mirror in mirrors.items()
        }
        return RegistrySet(cached, self.auths, self.tls)
