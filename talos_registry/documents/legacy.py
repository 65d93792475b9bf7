"""The legacy ``machine.registries`` and ``machine.features.imageCache`` sections: shape, problems, and the documents they mean.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/{v1alpha1_types,v1alpha1_validation,v1alpha1_provider}.go;
siderolabs/crypto, x509/certificate_key.go.
"""

from __future__ import annotations

import base64
from types import MappingProxyType
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.shapes import ListOf, MapOf, ScalarType, Struct, Values
from talos_registry.go.url import go_quote
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.versions import Release

__all__ = [
    "CONFIG",
    "ENTRIES",
    "KIND",
    "MARKS",
    "REDACTED_KEY",
    "documents",
    "has_image_cache",
    "image_cache",
    "null_entry",
    "problems",
    "registries",
]

KIND = "v1alpha1"
"""The registered name of the kind-less document."""

MARKS = frozenset({"machine", "cluster", "debug", "persist"})
"""The keys that make a document without kind the v1alpha1 machine config."""

REDACTED_KEY = "******"
"""The one key text that Talos takes as it is, not as base64."""

_MIRROR = Struct(
    "v1alpha1.RegistryMirrorConfig",
    {"endpoints": ListOf(ScalarType.STRING), "overridePath": ScalarType.BOOL, "skipFallback": ScalarType.BOOL},
    frozenset({"endpoints"}),
    is_pointer=True,
)
_IDENTITY = Struct(
    'struct { Crt string "yaml:\\"crt\\""; Key string "yaml:\\"key\\"" }',
    {"crt": ScalarType.STRING, "key": ScalarType.STRING},
    frozenset({"crt", "key"}),
    base64=("crt", "key"),
    raw={"key": REDACTED_KEY},
    is_pointer=True,
)
_TLS = Struct(
    "v1alpha1.RegistryTLSConfig",
    {"clientIdentity": _IDENTITY, "ca": ScalarType.BASE64, "insecureSkipVerify": ScalarType.BOOL},
    is_pointer=True,
)
_AUTH = Struct(
    "v1alpha1.RegistryAuthConfig",
    dict.fromkeys(("username", "password", "auth", "identityToken"), ScalarType.STRING),
    is_pointer=True,
)
_ENTRY = Struct("v1alpha1.RegistryConfig", {"tls": _TLS, "auth": _AUTH}, is_pointer=True)
ENTRIES = MappingProxyType({"mirrors": _MIRROR, "config": _ENTRY})
"""The two maps of the legacy section, and what each entry of them is."""

_REGISTRIES = Struct("v1alpha1.RegistriesConfig", {section: MapOf(entry) for section, entry in ENTRIES.items()})
_MISPLACED = {"mirrors": "machine.registries", "config": "machine.registries", "imageCache": "machine.features"}
_OUTSIDE = {"registries": "machine", "features": "machine", **_MISPLACED}
_FEATURES = Struct(
    "v1alpha1.FeaturesConfig",
    {"imageCache": Struct("v1alpha1.ImageCacheConfig", {"localEnabled": ScalarType.BOOL}, is_pointer=True)},
    undecoded=None,
    misplaced={"registries": "machine", "mirrors": "machine.registries"},
    is_pointer=True,
)
_MACHINE = Struct(
    "v1alpha1.MachineConfig",
    {"registries": _REGISTRIES, "features": _FEATURES},
    undecoded=None,
    misplaced=_MISPLACED,
    is_pointer=True,
)

CONFIG = Struct(
    "v1alpha1.Config",
    {
        "version": ScalarType.STRING,
        "debug": ScalarType.BOOL,
        "persist": ScalarType.BOOL,
        "machine": _MACHINE,
        "cluster": Struct("v1alpha1.ClusterConfig", {}, undecoded=None, misplaced=_OUTSIDE, is_pointer=True),
    },
    frozenset({"version", "machine", "cluster"}),
    misplaced=_OUTSIDE,
)
"""The kind-less v1alpha1 document, as far as this library reads it."""


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
    message = f"The entry {quoted(str(path[-1]))} of {section} is empty; give it settings or remove it."
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
