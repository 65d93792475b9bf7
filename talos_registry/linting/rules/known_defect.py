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

from talos_registry.documents import legacy
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from talos_registry.documents.shapes import Values
    from talos_registry.linting.view import View
    from talos_registry.versions import Release

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """What the targeted release gets wrong."""
    for is_affected, defect in _DEFECTS:
        if is_affected(view.release):
            yield from defect(view)


def _needs_tls(view: View) -> Iterator[Finding]:
    for index, values in _legacy_sections(view):
        for name, entry in (legacy.registries(values).get("config") or {}).items():
            if entry is not None and entry.get("tls") is None:
                message = (
                    f"Talos 1.0.0 crashes on the entry {quoted(name)}, because it has no tls; add tls: {{}} or upgrade."
                )
                yield Finding((index, "machine", "registries", "config", name), message)


def _legacy_sections(view: View) -> Iterator[tuple[int, Values]]:
    for index, entry in enumerate(view.config.entries):
        if entry.kind == legacy.KIND and entry.values is not None:
            yield index, entry.values


def _needs_identity(view: View) -> Iterator[Finding]:
    for tls in view.tls.values():
        if not tls.is_legacy and tls.values.get("clientIdentity") is None:
            message = (
                f"Talos {view.release.text} crashes on TLS settings without a clientIdentity and writes no registry "
                "config at all; upgrade to 1.12.2 or later."
            )
            yield Finding(tls.path, message)


def _overrides_cache(view: View) -> Iterator[Finding]:
    if not view.has_image_cache:
        return
    for mirror in view.mirrors.values():
        if mirror.is_legacy and any(endpoint.override_path for endpoint in mirror.endpoints):
            message = f"Talos 1.9 applies the overridePath of {quoted(mirror.name)} to the image cache too, which then is never used; upgrade to 1.10 or later."
            yield Finding((*mirror.path, "overridePath"), message)


def _relative_ca(view: View) -> Iterator[Finding]:
    for tls in view.tls.values():
        if tls.values.get("ca"):
            message = f"Talos {view.release.text} writes a wrong path for the ca of {quoted(tls.name)}; upgrade to the final release."
            yield Finding((*tls.path, "ca"), message)


def _is_1_0_0(release: Release) -> bool:
    return release.text == "1.0.0"


def _is_1_9(release: Release) -> bool:
    return release.number == (1, 9)


def _is_before_1_12_2(release: Release) -> bool:
    names_a_patch = release.pre or release.text.count(".") > 1
    return release.number == (1, 12) and bool(names_a_patch) and release.patch < _MENDED_IN_1_12


def _is_1_14_beta(release: Release) -> bool:
    return release.text in {"1.14.0-beta.0", "1.14.0-beta.1"}


_MENDED_IN_1_12 = 2

_DEFECTS: tuple[tuple[Callable[[Release], bool], Callable[[View], Iterator[Finding]]], ...] = (
    (_is_1_0_0, _needs_tls),
    (_is_1_9, _overrides_cache),
    (_is_before_1_12_2, _needs_identity),
    (_is_1_14_beta, _relative_ca),
)
