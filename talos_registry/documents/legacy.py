"""The legacy ``machine.registries`` and ``machine.features.imageCache`` sections: shape, problems, and the documents they mean.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/{v1alpha1_types,v1alpha1_validation,v1alpha1_provider}.go;
siderolabs/crypto, x509/certificate_key.go.
"""

from __future__ import annotations

import base64
from types import MappingProxyType
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.recorded import recording_of
from talos_registry.documents.shapes import REDACTED_KEY, MapOf, Shape, Struct, Values
from talos_registry.go.url import go_quote
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from talos_registry.versions import Release

__all__ = [
    "GO",
    "KIND",
    "MARKS",
    "MISPLACED",
    "SECTIONS",
    "config",
    "documents",
    "entry",
    "has_image_cache",
    "image_cache",
    "null_entry",
    "problems",
    "registries",
]

KIND, GO = "v1alpha1", "v1alpha1.Config"
"""The registered name of the kind-less document, and its Go type."""

MARKS = frozenset({"machine", "cluster", "debug", "persist"})
"""The keys that make a document without kind the v1alpha1 machine config."""

SECTIONS = ("mirrors", "config")
"""The two maps of the legacy section."""

_IN_MACHINE = {"mirrors": "machine.registries", "config": "machine.registries", "imageCache": "machine.features"}
_OUTSIDE = {"registries": "machine", "features": "machine", **_IN_MACHINE}
MISPLACED: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        GO: _OUTSIDE,
        "v1alpha1.ClusterConfig": _OUTSIDE,
        "v1alpha1.MachineConfig": _IN_MACHINE,
        "v1alpha1.FeaturesConfig": {"registries": "machine", "mirrors": "machine.registries"},
    }
)
"""The sections about registries that are written in the wrong place, by the Go type of that place, and where they belong."""


def config(release: Release) -> Struct:
    """The kind-less v1alpha1 document."""
    return recording_of(release).kinds[KIND].struct


def entry(section: str, release: Release) -> Struct:
    """An entry of one of the ``SECTIONS``."""
    shape: Shape = config(release)
    for step in ("machine", "registries", section):
        assert isinstance(shape, Struct)
        shape = shape.fields[step]
    assert isinstance(shape, MapOf)
    assert isinstance(shape.item, Struct)
    return shape.item


def problems(values: Values, release: Release) -> Iterator[Problem]:
    """What Talos refuses in the legacy sections: null entries, ``config`` before ``mirrors``, and keys newer than itself."""
    for section in ("config", "mirrors"):
        for name, entry in sorted((registries(values).get(section) or {}).items()):
            if entry is None:
                yield null_entry(("machine", "registries", section, name))
    if release.number < max(_SINCE.values()):
        yield from _too_new(values, release)


_SINCE = {"overridePath": (1, 4), "skipFallback": (1, 9), "imageCache": (1, 9)}
"""The release line that first knew a key."""


def _too_new(values: Values, release: Release) -> Iterator[Problem]:
    paths: list[Path] = [("machine", "features", "imageCache")] if has_image_cache(values) else []
    for name, mirror in (registries(values).get("mirrors") or {}).items():
        paths += [("machine", "registries", "mirrors", name, key) for key in _SINCE if key in (mirror or {})]
    for path in paths:
        key, since = path[-1], _SINCE[str(path[-1])]
        if release.number < since:
            message = f"{key} needs Talos {'.'.join(map(str, since))}; the target is {release.text}."
            yield Problem("unknown-key", path, f"unknown keys found during decoding: {key}", message)


def null_entry(path: Path) -> Problem:
    """The problem of an entry of ``mirrors`` or ``config`` that holds nothing."""
    section, name = path[-2], go_quote(str(path[-1]))
    which = f"{path[-1]} (counted from 0)" if isinstance(path[-1], int) else quoted(path[-1])
    message = f"The entry {which} of {section} is empty; give it settings or remove it."
    return Problem("null-entry", path, f"registries.{section}[{name}] is null", message)


def has_image_cache(values: Values) -> bool:
    """Whether ``machine.features.imageCache`` is present, even if it is empty."""
    return _features(values).get("imageCache") is not None


def image_cache(values: Values) -> Values:
    """The section ``machine.features.imageCache``, empty when it is not there."""
    return _features(values).get("imageCache") or {}


def _features(values: Values) -> Values:
    return (values.get("machine") or {}).get("features") or {}


def documents(values: Values) -> Iterator[Values]:
    """The documents, as values, that the legacy sections mean; null entries mean nothing."""
    section = registries(values)
    for name, mirror in (section.get("mirrors") or {}).items():
        if mirror is not None:
            yield _mirror_document(name, mirror)
    for name, entry in (section.get("config") or {}).items():
        for kind, key in (("RegistryAuthConfig", "auth"), ("RegistryTLSConfig", "tls")):
            settings = (entry or {}).get(key)
            if settings is not None:
                yield _document(kind, name, settings if key == "auth" else _tls_settings(settings))


def registries(values: Values) -> Values:
    """The section ``machine.registries``, empty when it is not there."""
    return (values.get("machine") or {}).get("registries") or {}


def _document(kind: str, name: str, settings: Values) -> Values:
    return {"apiVersion": "v1alpha1", "kind": kind, "name": name, **settings}


def _mirror_document(name: str, mirror: Values) -> Values:
    override = {"overridePath": mirror["overridePath"]} if "overridePath" in mirror else {}
    settings: Values = {"endpoints": [{"url": url, **override} for url in mirror.get("endpoints", ())]}
    if "skipFallback" in mirror:
        settings["skipFallback"] = mirror["skipFallback"]
    return _document("RegistryMirrorConfig", name, settings)


def _tls_settings(tls: Values) -> Values:
    settings = dict(tls)
    if "ca" in tls:
        settings["ca"] = _decoded(tls["ca"])
    identity = tls.get("clientIdentity")
    if identity is not None:
        settings["clientIdentity"] = {
            "cert": _decoded(identity.get("crt", "")),
            "key": _decoded_key(identity.get("key", "")),
        }
    return settings


def _decoded_key(text: str) -> str:
    return text if text == REDACTED_KEY else _decoded(text)


def _decoded(text: str) -> str:
    return base64.b64decode(text).decode("utf-8", "surrogateescape")
