"""One document in the place of another, in the words and with the comments of the file as far as both say the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from talos_registry.patching.applying import written
from talos_registry.patching.documents import drafts_of

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument
    from talos_registry.loading import MachineConfig

__all__ = ["with_document"]


def with_document(config: MachineConfig, document: RegistryDocument) -> MachineConfig:
    """The config with a document in the place of that of its kind and name; members that it lacks are removed.

    Raises:
        PatchError: if Talos cannot load the config, or if the document cannot be written into the text.
    """
    values = document.to_values()
    drafts = (
        replace(draft, values=values).named_anew(config.release)
        if draft.origin is not None and _is_same(config.documents[draft.origin], document)
        else draft
        for draft in drafts_of(config).values()
    )
    return written(config, {draft.key: draft for draft in drafts}, config.release)


def _is_same(present: object, document: RegistryDocument) -> bool:
    return type(present) is type(document) and getattr(present, "name", "") == document.name
