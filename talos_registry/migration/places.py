"""Which part of the legacy section is which part of a document, and the other way round."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from talos_registry.diagnostic import Path

__all__ = ["AUTH", "MIRROR", "TLS", "DocumentPath", "in_document", "in_legacy"]

MIRROR, AUTH, TLS = "RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig"

DocumentPath: TypeAlias = "tuple[str, Path]"
"""The kind of a document, and a path in it."""

_SECTIONS = {"auth": AUTH, "tls": TLS}
_CERT = ("clientIdentity", "cert"), ("clientIdentity", "crt")


def in_document(section: str, path: Path) -> tuple[DocumentPath, ...]:
    """Where a path of an entry of ``mirrors`` or ``config`` is to be found, the best place first."""
    if section == "mirrors":
        return ((MIRROR, ("endpoints", 0, *path) if path == ("overridePath",) else path),)
    if not path or path[0] not in _SECTIONS:
        return ((AUTH, ()), (TLS, ()))
    rest = path[1:]
    return ((_SECTIONS[str(path[0])], _CERT[0] if rest == _CERT[1] else rest),)


def in_legacy(kind: str, path: Path) -> Path:
    """Where a path of a document is to be found in the entry of its name."""
    if kind == MIRROR:
        if len(path) > 2:  # noqa: PLR2004 - endpoints, index, key
            return path[:2] if path[2] == "url" else ("overridePath",)
        return path if path[:1] in {("endpoints",), ("skipFallback",)} else ()
    section = "auth" if kind == AUTH else "tls"
    if path[:1] in {(), ("apiVersion",), ("kind",), ("name",)}:
        return (section,)
    return (section, *(_CERT[1] if path == _CERT[0] else path))
