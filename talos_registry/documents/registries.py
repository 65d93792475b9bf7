"""The registry settings of one node: what every later step looks things up in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from talos_registry.arguments import wrong_type
from talos_registry.documents.models import (
    TYPED,
    OpaqueDocument,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
)
from talos_registry.masking import mask_before_at
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    from talos_registry.documents.models import RegistryDocument

__all__ = ["IMAGE_CACHE_ENDPOINT", "RegistrySet"]

IMAGE_CACHE_ENDPOINT = "http://127.0.0.1:3172"
"""Where a node with a ready image cache serves it."""


class RegistrySet:
    """Mirrors, credentials and TLS settings by name; a later document of a name replaces an earlier one wholesale.

    Frozen, and compared by what it holds. ``MachineConfig.registries`` is one, ``RegistrySet.of`` makes others.

    Attributes:
        derived: what later steps have already worked out from this set; safe to keep because a set never changes.
        mirrors: by registry host; ``*`` is for every host without one of its own.
        auths: the credentials by endpoint host.
        tls: the TLS settings by endpoint host.

    Source: siderolabs/talos, pkg/machinery/config/container/container.go (RegistryMirrorConfigs and its siblings).
    """

    __slots__ = ("auths", "derived", "mirrors", "tls")

    derived: dict[Hashable, Any]
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
    def of(cls, *documents: RegistryDocument | OpaqueDocument, replace: bool = False) -> RegistrySet:
        """The set of these documents; those that say nothing about registries are skipped.

        An opaque document says nothing here: the legacy section of a config is in ``MachineConfig.registries``.

        Args:
            documents: each kind and name once.
            replace: a later document of the same kind and name replaces the one before it instead, as for Talos
                documents replace entries of the legacy section.

        Raises:
            TypeError: for what is no document.
            ValueError: for two documents of one kind and name.
        """
        for document in documents:
            if not isinstance(document, (*TYPED.values(), OpaqueDocument)):
                raise _no_document(document)
        if not replace:
            _refuse_twins(documents)
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
        cached = {name: mirror.with_members(endpoints=(cache, *mirror.endpoints)) for name, mirror in mirrors.items()}
        return RegistrySet(cached, self.auths, self.tls)


def _no_document(value: object) -> TypeError:
    advice = ""
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        advice = "put a star before what holds them: RegistrySet.of(*documents)"
    elif hasattr(value, "registries"):
        advice = "its registries are such a set"
    return wrong_type("RegistrySet.of", "documents", value, advice=advice)


def _refuse_twins(documents: Iterable[RegistryDocument | OpaqueDocument]) -> None:
    counts = Counter((document.kind, document.name) for document in documents if document.kind in TYPED)
    for (kind, name), count in counts.items():
        if count > 1:
            which = f"{kind} {quoted(name)}" if name else kind
            raise ValueError(f"{which} is there {count} times; with replace=True the last one counts")
