"""Registry documents of Talos Linux machine configs: parse, validate, resolve and emit them exactly as Talos does.

Names resolve when they are first used, so that importing the package costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.about import __version__ as __version__
from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.caches import (
        Cache,
        HarborCache,
        Imported,
        RegistryCache,
        ZotCache,
        import_settings,
        product_endpoint,
    )
    from talos_registry.diagnostic import (
        CacheError,
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
    from talos_registry.formatting import append, format_config
    from talos_registry.linting import Finding, Fixed, Page, Rule, View, explain, fix, lint
    from talos_registry.loading import CarriedPatch, MachineConfig, Recognition, parse, parse_patch, recognise
    from talos_registry.masking import mask_secrets
    from talos_registry.migration import migrate, migration_patch
    from talos_registry.patching import Effect, ValueChange, apply_patches, make_patch, patch_effects
    from talos_registry.probing import Probe, ProbedAttempt, probe
    from talos_registry.redaction import find_secrets, redact
    from talos_registry.resolution import (
        Attempt,
        Plan,
        Reference,
        Request,
        render_cri_auth,
        render_hosts,
        request_sequence,
        resolve,
    )
    from talos_registry.schema import InvalidSchemaError, TalosSchema, check_schema, json_schema
    from talos_registry.versions import LATEST


__all__ = [  # noqa: RUF022 - grouped by what one does with them
    "parse", "parse_patch", "MachineConfig", "LATEST",
    "recognise", "Recognition", "CarriedPatch",
    "RegistryMirrorConfig", "RegistryEndpoint", "RegistryAuthConfig", "RegistryTLSConfig", "ClientIdentity",
    "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistrySet",
    "lint", "Rule", "View", "Finding", "explain", "Page", "check_schema", "TalosSchema", "json_schema",
    "resolve", "Plan", "Attempt", "Reference", "request_sequence", "Request", "default_images", "DefaultImage",
    "probe", "Probe", "ProbedAttempt",
    "Cache", "HarborCache", "RegistryCache", "ZotCache", "product_endpoint", "import_settings", "Imported",
    "fix", "Fixed", "append", "format_config", "emit", "migrate", "migration_patch",
    "apply_patches", "make_patch", "patch_effects", "Effect", "ValueChange",
    "redact", "find_secrets", "mask_secrets", "render_hosts", "render_cri_auth",
    "Diagnostic", "Severity", "Span", "Fix", "Edit",
    "TalosRegistryError", "InvalidConfigError", "InvalidReferenceError", "HostsError", "PatchError", "MigrateError",
    "CacheError", "InvalidSchemaError",
]  # fmt: skip

__getattr__ = face(
    __name__,
    {
        "caches": ("Cache", "HarborCache", "Imported", "RegistryCache", "ZotCache", "import_settings", "product_endpoint"),
        "loading": ("CarriedPatch", "MachineConfig", "Recognition", "parse", "parse_patch", "recognise"),
        "diagnostic": (
            "CacheError", "Diagnostic", "Edit", "Fix", "HostsError", "InvalidConfigError", "InvalidReferenceError", "MigrateError",
            "PatchError", "Severity", "Span", "TalosRegistryError",
        ),
        "documents": (
            "ClientIdentity", "DefaultImage", "ImageCacheConfig", "LocalImageCache", "OpaqueDocument", "RegistryAuthConfig",
            "RegistryEndpoint", "RegistryMirrorConfig", "RegistrySet", "RegistryTLSConfig", "default_images", "emit",
        ),
        "formatting": ("append", "format_config"),
        "linting": ("Finding", "Fixed", "Page", "Rule", "View", "explain", "fix", "lint"),
        "masking": ("mask_secrets",),
        "migration": ("migrate", "migration_patch"),
        "patching": ("Effect", "ValueChange", "apply_patches", "make_patch", "patch_effects"),
        "probing": ("Probe", "ProbedAttempt", "probe"),
        "redaction": ("find_secrets", "redact"),
        "resolution": (
            "Attempt", "Plan", "Reference", "Request", "render_cri_auth", "render_hosts", "request_sequence", "resolve",
        ),
        "schema": ("InvalidSchemaError", "TalosSchema", "check_schema", "json_schema"),
        "versions": ("LATEST",),
    },
)  # fmt: skip


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
