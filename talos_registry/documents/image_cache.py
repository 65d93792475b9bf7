"""ImageCacheConfig: whether the node pulls from its own image cache first.

Source: siderolabs/talos, pkg/machinery/config/types/cri/image_cache.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.documents.shapes import BOOL, STRING, Kind, Struct, Values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Problem
    from talos_registry.versions import Release

__all__ = ["IMAGE_CACHE"]

_LOCAL = Struct("cri.LocalImageCacheConfig", {"enabled": BOOL})

_STRUCT = Struct(
    "cri.ImageCacheConfigV1Alpha1",
    {"apiVersion": STRING, "kind": STRING, "local": _LOCAL},
    frozenset({"kind", "local"}),
)


def _problems(values: Values, release: Release) -> Iterator[Problem]:  # noqa: ARG001 - Talos checks nothing here
    return iter(())


IMAGE_CACHE = Kind("ImageCacheConfig", _STRUCT, named=False, problems=_problems)
