"""Which document kinds a Talos release knows, and what it says about the others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Problem
from talos_registry.documents import legacy
from talos_registry.documents.auth import AUTH
from talos_registry.documents.image_cache import IMAGE_CACHE
from talos_registry.documents.mirror import MIRROR
from talos_registry.documents.recorded import recording_of
from talos_registry.documents.tls import TLS
from talos_registry.go.url import go_quote
from talos_registry.messages import did_you_mean, printable, quoted, shortened
from talos_registry.versions import KINDS_SINCE

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Struct
    from talos_registry.versions import Release

__all__ = ["KINDS", "is_named", "kind_problem", "kubernetes_document", "struct_of"]

_DOCUMENTS_SINCE = (1, 12)

KINDS = {kind.name: kind for kind in (MIRROR, AUTH, TLS, IMAGE_CACHE)}
"""The kinds this library types, by name."""


def kind_problem(kind: str, api_version: str, release: Release) -> Problem | None:
    """Why a release takes no document of this kind and apiVersion, None when it does.

    Source: siderolabs/talos, pkg/machinery/config/internal/registry/registry.go.
    """
    error_text = f"{go_quote(kind)} {go_quote(api_version)}: not registered"
    if not api_version:
        message = "The document has no apiVersion; write apiVersion: v1alpha1."
        return Problem("missing-api-version", (), "missing apiVersion", message)
    if not _is_known(kind, release):
        return _unknown_kind(kind, api_version, error_text, release)
    if api_version == "v1alpha1":
        return None
    message = f"Talos knows {printable(shortened(kind))} as apiVersion v1alpha1, not {quoted(api_version)}."
    return Problem("unsupported-api-version", ("apiVersion",), error_text, message)


def struct_of(kind: str, release: Release) -> Struct | None:
    """The shape of the documents of a kind, None for one that this library does not decode for the release."""
    if kind in KINDS:
        return KINDS[kind].struct
    recorded = (
        recording_of(release).kinds.get(kind) if kind == legacy.KIND or release.number >= _DOCUMENTS_SINCE else None
    )
    return recorded.struct if recorded else None


def is_named(kind: str, release: Release) -> bool:
    """Whether documents of a kind are told apart by name; others occur once."""
    if kind in KINDS:
        return KINDS[kind].named
    recorded = recording_of(release).kinds.get(kind)
    return recorded is not None and recorded.named


def _is_known(kind: str, release: Release) -> bool:
    since = KINDS_SINCE.get(kind)
    if release.number < _DOCUMENTS_SINCE:
        return kind not in KINDS
    return since is not None and since <= release.number


def kubernetes_document(api_version: str, kind: str) -> str:
    """What a document for Kubernetes is called."""
    if (api_version, kind) == ("v1", "Config"):
        return "a kubeconfig"
    return f"a Kubernetes {kind}" if _KIND.fullmatch(kind) else "a Kubernetes manifest"


_KIND = re.compile(r"[A-Za-z][A-Za-z0-9]{0,62}")


def _unknown_kind(kind: str, api_version: str, error_text: str, release: Release) -> Problem:
    since = KINDS_SINCE.get(kind)
    if since is None and ("/" in api_version or api_version == "v1"):
        message = f"This is {kubernetes_document(api_version, kind)}; Talos takes only its own documents."
        return Problem("unknown-kind", ("kind",), error_text, message)
    if since is not None:
        needed = ".".join(map(str, since))
        message = f"{kind} needs Talos {needed}; the target is {release.text}."
        return Problem("kind-needs-newer-talos", ("kind",), error_text, message)
    known = [name for name in KINDS_SINCE if _is_known(name, release)]
    hint = did_you_mean(kind, known) if api_version == "v1alpha1" else "."
    message = f"Talos {release.text} has no document kind {quoted(kind)}{hint}"
    return Problem("unknown-kind", ("kind",), error_text, message)
