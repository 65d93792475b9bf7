"""Documents that exclude each other, as Talos finds out when it has decoded all of them.

Source: siderolabs/talos, pkg/machinery/config/container/container.go (New).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.documents.recorded import recording_of
from talos_registry.go.url import go_quote

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Values
    from talos_registry.versions import Release

__all__ = ["Conflicts"]


class Conflicts:
    """Is told of the documents of a config one by one, in order."""

    def __init__(self, release: Release) -> None:
        self._release = release
        self._seen: set[str] = set()
        self._excluded: dict[str, str] = {}
        self._links: dict[str, str] = {}

    def refused(self, kind: str, values: Values) -> str | None:
        """What Talos says about a document after those before it, None if they go together."""
        recorded = recording_of(self._release).kinds.get(kind)
        if recorded is None:
            return None
        name = str(values.get("name", "")) if recorded.named else ""
        document = f"{kind}/{name}"
        self._seen.add(document)
        if document in self._excluded:
            return f"conflicting documents: {self._excluded[document]} and {document}"
        for other in (f"{kind}/{name}" for kind in recorded.conflicts):
            if other in self._seen:
                return f"conflicting documents: {other} and {document}"
            self._excluded[other] = document
        return self._claimed(document, [name, *_peers(kind, values)]) if recorded.is_link else None

    def _claimed(self, document: str, links: list[str]) -> str | None:
        for link in links:
            if link in self._links and self._release.number >= _LINKS_SINCE:
                owner = self._links[link]
                return f"conflicting link configurations: {owner} and {document} both configure {go_quote(link)}"
            self._links[link] = document
        return None


_LINKS_SINCE = (1, 14)
"""The release line that first refused two documents about one link, whatever their kinds."""


def _peers(kind: str, values: Values) -> list[str]:
    """The other links that a document sets up."""
    return [str((values.get("peer") or {}).get("name", ""))] if kind == "VethConfig" else []
