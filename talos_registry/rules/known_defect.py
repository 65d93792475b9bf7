"""The config meets a defect of the targeted Talos release.

Flags: credentials without TLS settings in the legacy section on 1.0.0; a legacy overridePath beside an image cache on
1.9; TLS settings without a client identity in a document on 1.12.0 and 1.12.1; a CA on 1.14.0-beta.0 and beta.1.

Because: these releases crash, or write a wrong hosts directory, on a config that is right.

Flagged:

    # --talos-version 1.12.0
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecureSkipVerify: true

Clean:

    # --talos-version 1.12.2
    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecureSkipVerify: true

Fix: upgrade. Until then: on 1.12.0 and 1.12.1 use a TrustedRootsConfig for the CA, or the legacy section; on 1.0.0 add
``tls: {}``.

Source: https://github.com/siderolabs/talos/issues/12571, https://github.com/siderolabs/talos/issues/5262
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry import legacy
from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """What the targeted release gets wrong."""
    for releases, defect in _DEFECTS.items():
        if view.release.text in releases:
            yield from defect(view)


def _needs_tls(view: View) -> Iterator[Finding]:
    for auth in view.auths.values():
        if auth.is_legacy and auth.name not in view.tls:
            yield Finding(
                auth.name_path,
                f"Talos 1.0.0 crashes on the entry {quoted(auth.name)}, because it has no tls; add tls: {{}} or upgrade.",
            )


def _needs_identity(view: View) -> Iterator[Finding]:
    for tls in view.tls.values():
        if not tls.is_legacy and tls.values.get("clientIdentity") is None:
            message = (
                f"Talos {view.release.text} crashes on TLS settings without a clientIdentity and writes no registry "
                "config at all; upgrade to 1.12.2 or later."
            )
            yield Finding(tls.path, message)


def _overrides_cache(view: View) -> Iterator[Finding]:
    if not _has_image_cache(view):
        return
    for mirror in view.mirrors.values():
        if mirror.is_legacy and any(endpoint.override_path for endpoint in mirror.endpoints):
            message = f"Talos 1.9 applies the overridePath of {quoted(mirror.name)} to the image cache too, which then is never used; upgrade to 1.10 or later."
            yield Finding((*mirror.path, "overridePath"), message)


def _has_image_cache(view: View) -> bool:
    return any(
        entry.kind == legacy.KIND and entry.values and legacy.has_image_cache(entry.values)
        for entry in view.config.entries
    )


def _relative_ca(view: View) -> Iterator[Finding]:
    for tls in view.tls.values():
        if tls.values.get("ca"):
            message = f"Talos {view.release.text} writes a wrong path for the ca of {quoted(tls.name)}; upgrade to the final release."
            yield Finding((*tls.path, "ca"), message)


_DEFECTS: dict[tuple[str, ...], Callable[[View], Iterator[Finding]]] = {
    ("1.0.0",): _needs_tls,
    ("1.9", *(f"1.9.{patch}" for patch in range(7))): _overrides_cache,
    ("1.12.0", "1.12.1"): _needs_identity,
    ("1.14.0-beta.0", "1.14.0-beta.1"): _relative_ca,
}
