"""Registry documents of Talos Linux machine configs: parse, validate, resolve and emit them exactly as Talos does.

Names resolve when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.diagnostic import (
        Diagnostic,
        Edit,
        Fix,
        HostsError,
        InvalidConfigError,
        InvalidReferenceError,
        MigrateError,
        PatchError,
        Severity,
        Span,
        TalosRegistryError,
    )
    from talos_registry.documents import (
        ClientIdentity,
        DefaultImage,
        ImageCacheConfig,
        LocalImageCache,
        OpaqueDocument,
        RegistryAuthConfig,
        RegistryEndpoint,
        RegistryMirrorConfig,
        RegistrySet,
        RegistryTLSConfig,
        default_images,
        emit,
    )
    from talos_registry.linting import lint
    from talos_registry.loading import CarriedPatch, MachineConfig, Recognition, parse, parse_patch, recognise
    from talos_registry.migration import migrate, migration_patch
    from talos_registry.patching import apply_patches, make_patch
    from talos_registry.redaction import redact
    from talos_registry.resolution import Attempt, Plan, Reference, render_cri_auth, render_hosts, resolve
    from talos_registry.schema import json_schema
    from talos_registry.versions import LATEST

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - grouped by what one does with them
    "parse", "parse_patch", "MachineConfig", "LATEST",
    "recognise", "Recognition", "CarriedPatch",
    "RegistryMirrorConfig", "RegistryEndpoint", "RegistryAuthConfig", "RegistryTLSConfig", "ClientIdentity",
    "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistrySet",
    "lint", "resolve", "Plan", "Attempt", "Reference", "default_images", "DefaultImage",
    "emit", "apply_patches", "make_patch", "redact", "migrate", "migration_patch", "render_hosts", "render_cri_auth", "json_schema",
    "Diagnostic", "Severity", "Span", "Fix", "Edit",
    "TalosRegistryError", "InvalidConfigError", "InvalidReferenceError", "HostsError", "PatchError", "MigrateError",
]  # fmt: skip

__getattr__ = face(
    __name__,
    {
        "loading": ("CarriedPatch", "MachineConfig", "Recognition", "parse", "parse_patch", "recognise"),
        "diagnostic": (
            "Diagnostic", "Edit", "Fix", "HostsError", "InvalidConfigError", "InvalidReferenceError", "MigrateError",
            "PatchError", "Severity", "Span", "TalosRegistryError",
        ),
        "documents": (
            "ClientIdentity", "DefaultImage", "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistryAuthConfig",
            "RegistryEndpoint", "RegistryMirrorConfig", "RegistrySet", "RegistryTLSConfig", "default_images", "emit",
        ),
        "linting": ("lint",),
        "migration": ("migrate", "migration_patch"),
        "patching": ("apply_patches", "make_patch"),
        "redaction": ("redact",),
        "resolution": ("Attempt", "Plan", "Reference", "render_cri_auth", "render_hosts", "resolve"),
        "schema": ("json_schema",),
        "versions": ("LATEST",),
    },
)  # fmt: skip


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
