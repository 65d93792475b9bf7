"""The reference that Talos' own puller asks for, given a normalised one; containerd's CRI plugin asks for that as it is.

Source: siderolabs/talos, internal/pkg/containers/image/imageref/imageref.go (Parse) since 1.14, and
internal/pkg/containers/image/verify/verify.go (ImageSignature) of 1.13; google/go-containerregistry v0.21,
pkg/name/{ref,tag,digest,repository,registry}.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.strings import go_quote
from talos_registry.resolution.reference import LONGEST_PATH, TOO_LONG

if TYPE_CHECKING:
    from talos_registry.resolution.reference import Reference
    from talos_registry.versions import Release

__all__ = ["pulled_by_talos"]

_HUB, _HUB_NAMES = "docker.io", frozenset({"index.docker.io", "registry-1.docker.io"})
_SHORTEST_PATH = 2


def pulled_by_talos(reference: Reference, release: Release, text: str) -> Reference:
    """The reference that Talos' own puller asks for.

    Since 1.14 the registry host is in small letters, and ``docker.io`` by any of its names.

    Args:
        reference: the normalised reference.
        release: the Talos that pulls.
        text: the reference as it was given, for what Talos says of it.

    Raises:
        InvalidReferenceError: for a reference that this puller refuses; ``str()`` is Talos' text.
    """
    if release.verifies_first and not _is_verifiable(reference):
        said = f"image reference is invalid: could not parse reference: {reference}"
        raise InvalidReferenceError(f"rpc error: code = InvalidArgument desc = {said}")
    if not release.folds_registry_hosts:
        return reference
    try:
        return _folded(reference)
    except InvalidReferenceError as error:
        raise InvalidReferenceError(f"failed to parse image reference {go_quote(text)}: {error}") from error


def _folded(reference: Reference) -> Reference:
    host, path = reference.registry_host.lower(), reference.repository
    host = _HUB if host in _HUB_NAMES else host
    if host == reference.registry_host:
        return reference
    if host != "localhost" and not {".", ":"} & set(host):
        raise InvalidReferenceError(
            f"invalid reference format: registry domain {go_quote(reference.registry_host)} must be lowercase"
        )
    if host == _HUB and "/" not in path:
        path = f"library/{path}"
    if len(path) > LONGEST_PATH:
        raise InvalidReferenceError(TOO_LONG)
    return reference._replace(registry_host=host, repository=path)


def _is_verifiable(reference: Reference) -> bool:
    """Whether the parser can read it by which 1.13 looks for a rule that the image is verified by; it knows fewer."""
    host, name = reference.registry_host, reference.repository
    if not {".", ":"} & set(host):
        host, name = "", f"{host}/{name}"
    is_digest_known = reference.digest is None or reference.digest.startswith("sha256:")
    return is_digest_known and _SHORTEST_PATH <= len(name) <= LONGEST_PATH and name == name.lower() and _is_host(host)


def _is_host(host: str) -> bool:
    try:
        return parse_url(f"//{host}").host == host
    except InvalidURLError:
        return False
