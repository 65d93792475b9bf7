"""What Talos prints about a config: the first error it meets while it loads, else all that is invalid.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go (parse) and
container/container.go (New, Validate).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.documents import KINDS, legacy
from talos_registry.goyaml.composer import is_read_ahead
from talos_registry.goyaml.errors import unreadable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.diagnostic import Problem
    from talos_registry.goyaml import Broken, Source
    from talos_registry.loading.decoder import Decoded
    from talos_registry.versions import Release

__all__ = ["TalosError"]

_LONE_BYTE = re.compile("[\udc80-\udcff]")


class TalosError:
    """Is told of the documents one by one, in order, and says what Talos does."""

    def __init__(self, source: Source, release: Release) -> None:
        self._source = source
        self._release = release
        self._while_decoding: str | None = None
        self._when_decoded: str | None = None
        self._invalid: dict[str, str] = {}
        self._recent: tuple[tuple[int, str | None], ...] = ()

    @property
    def stops_loading(self) -> bool:
        """Whether Talos does not come to validate anything."""
        return bool(self._while_decoding or self._when_decoded)

    @property
    def text(self) -> str | None:
        """What Talos prints, None if it takes the config."""
        error_text = self._while_decoding or self._when_decoded or self._validation_error()
        return error_text and _LONE_BYTE.sub("\ufffd", error_text)

    def stop(self, error_text: str) -> None:
        """Let decoding stop, unless it has already."""
        if self._while_decoding is None:
            self._while_decoding = error_text

    def meet(self, end: int) -> None:
        """Come to a document that can be read, null or not, and that ends at an offset."""
        self._recent = (*self._recent[-1:], (end, self._while_decoding))

    def stop_at(self, broken: Broken) -> None:
        """Stop at a document that cannot be read, or already, while reading ahead, at one before it."""
        recent, self._recent = self._recent, ()
        if broken.limit:
            return
        for end, error_before in recent:
            if error_before is None and is_read_ahead(self._source, end, self._release):
                self._while_decoding = None
                break
        self.stop(f"decode error: {unreadable(broken, self._release)}")

    def repeat_name(self, kind: str, name: str) -> None:
        """Refuse another document of a kind and name."""
        self.refuse_together(f"duplicate document: {kind}/{name}")

    def refuse_together(self, error_text: str) -> None:
        """Refuse documents that do not go together, which comes out when all are decoded."""
        if self._when_decoded is None:
            self._when_decoded = error_text

    def invalidate(self, decoded: Decoded, problems: Sequence[Problem]) -> None:
        """Refuse the values of a document."""
        error_texts = [problem.text for problem in problems]
        is_legacy = decoded.kind == legacy.KIND
        self._invalid[_shown_id(decoded)] = _multierror(error_texts) if is_legacy else "\n".join(error_texts)

    def invalidate_all(self, error_text: str) -> None:
        """Refuse how documents go together."""
        self._invalid[""] = error_text

    def _validation_error(self) -> str | None:
        legacy_first = sorted(self._invalid.items(), key=lambda item: item[0] != _LEGACY_ID)
        return _multierror([shown_id + error_text for shown_id, error_text in legacy_first]) if legacy_first else None


_LEGACY_ID = "v1alpha1.Config: "


def _shown_id(decoded: Decoded) -> str:
    if decoded.kind == legacy.KIND:
        return _LEGACY_ID
    name = (decoded.values or {}).get("name", "")
    return f"{decoded.kind}/{name}: " if KINDS[decoded.kind].named else f"{decoded.kind}: "


def _multierror(error_texts: list[str]) -> str:
    """Several errors as hashicorp/go-multierror prints them."""
    count = "1 error" if len(error_texts) == 1 else f"{len(error_texts)} errors"
    return f"{count} occurred:\n" + "".join(f"\t* {error_text}\n" for error_text in error_texts) + "\n"
