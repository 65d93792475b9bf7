"""Registry documents of Talos Linux machine configs: parse, validate, resolve and emit them exactly as Talos does.

Names resolve when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

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
    from talos_registry.documents.encoder import emit
    from talos_registry.documents.models import (
        ClientIdentity,
        ImageCacheConfig,
        LocalImageCache,
        OpaqueDocument,
        RegistryAuthConfig,
        RegistryEndpoint,
        RegistryMirrorConfig,
        RegistryTLSConfig,
    )
    from talos_registry.documents.registries import RegistrySet
    from talos_registry.linting.linter import lint
    from talos_registry.loading.config import MachineConfig, parse
    from talos_registry.migration import migrate, migration_patch
    from talos_registry.patching.applying import apply_patches
    from talos_registry.patching.making import make_patch
    from talos_registry.redaction.redactor import redact
    from talos_registry.resolution.hosts import render_cri_auth, render_hosts
    from talos_registry.resolution.reference import Reference
    from talos_registry.resolution.resolver import Attempt, Plan, resolve
    from talos_registry.schema.generation import json_schema
    from talos_registry.versions import LATEST

__version__ = "0.1.0"

__all__ = [  # noqa: RUF022 - grouped by what one does with them
    "parse", "MachineConfig", "LATEST",
    "RegistryMirrorConfig", "RegistryEndpoint", "RegistryAuthConfig", "RegistryTLSConfig", "ClientIdentity",
    "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistrySet",
    "lint", "resolve", "Plan", "Attempt", "Reference",
    "emit", "apply_patches", "make_patch", "redact", "migrate", "migration_patch", "render_hosts", "render_cri_auth", "json_schema",
    "Diagnostic", "Severity", "Span", "Fix", "Edit",
    "TalosRegistryError", "InvalidConfigError", "InvalidReferenceError", "HostsError", "PatchError", "MigrateError",
]  # fmt: skip

_HOMES = {
    "loading.config": ("MachineConfig", "parse"),
    "diagnostic": (
        "Diagnostic", "Edit", "Fix", "HostsError", "InvalidConfigError", "InvalidReferenceError", "MigrateError",
        "PatchError", "Severity", "Span", "TalosRegistryError",
    ),
    "documents.encoder": ("emit",),
    "resolution.hosts": ("render_cri_auth", "render_hosts"),
    "linting.linter": ("lint",),
    "migration": ("migrate", "migration_patch"),
    "documents.models": (
        "ClientIdentity", "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistryAuthConfig",
        "RegistryEndpoint", "RegistryMirrorConfig", "RegistryTLSConfig",
    ),
    "patching.applying": ("apply_patches",),
    "patching.making": ("make_patch",),
    "redaction.redactor": ("redact",),
    "resolution.reference": ("Reference",),
    "documents.registries": ("RegistrySet",),
    "resolution.resolver": ("Attempt", "Plan", "resolve"),
    "schema.generation": ("json_schema",),
    "versions": ("LATEST",),
}  # fmt: skip
_HOME = {name: module for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
