"""The document kinds this library types: one module each, and the union of them here.

The union is put together when it is first used: the sentences in ``text`` are wanted without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Kind

    KINDS: dict[str, Kind]

__all__ = ["KINDS"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a module's attributes
    if name != "KINDS":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from talos_registry.documents.auth import AUTH  # noqa: PLC0415 - see above
    from talos_registry.documents.image_cache import IMAGE_CACHE  # noqa: PLC0415 - see above
    from talos_registry.documents.mirror import MIRROR  # noqa: PLC0415 - see above
    from talos_registry.documents.tls import TLS  # noqa: PLC0415 - see above

    globals()["KINDS"] = {kind.name: kind for kind in (MIRROR, AUTH, TLS, IMAGE_CACHE)}
    return globals()["KINDS"]
