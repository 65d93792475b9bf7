"""One more document at the end of a config; all that is there stays byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.documents import KINDS
from talos_registry.documents.encoder import encoded
from talos_registry.goyaml import Tree, documents, write
from talos_registry.goyaml.editing import ended, is_planned, layout_of, with_cuts, with_documents
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import line_break_of
from talos_registry.loading import excess
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument
    from talos_registry.goyaml import Broken
    from talos_registry.loading import MachineConfig

__all__ = ["appended"]


def appended(config: MachineConfig, document: RegistryDocument) -> MachineConfig:
    """The config with one more document at its end, laid out as the file is; everything else stays as it is.

    Does not check whether Talos accepts the document.

    Raises:
        TalosRegistryError: if there is such a document already, or an entry of the legacy section that it would
            replace, or if the end of the config cannot be told from what follows.
    """
    _refuse_another(config, document)
    items = list(documents(config.text, config.release))
    roots = [item.root for item in items if isinstance(item, Tree) and not item.is_null]
    text = with_cuts(config.text, ended(roots[-1], config.text) if roots else ())
    line_break = line_break_of(config.text)
    values = encoded(KINDS[document.kind].struct, document.to_values())
    written = write(from_value(values, config.release), 0, layout_of(roots)).replace("\n", line_break)
    new_text = with_documents(text, [written], line_break, has_document=_ends_with_document(items))
    after = config.with_text(new_text)
    if len(after.trees) != len(roots) + 1 or not is_planned(
        (old, None, new.root) for old, new in zip(roots, after.trees, strict=False)
    ):
        reason = excess(after) or "its last document has no end; close it with a line break first"
        raise TalosRegistryError(f"{config.filename}: {reason}")
    return after


def _refuse_another(config: MachineConfig, document: RegistryDocument) -> None:
    which = f"{document.kind} {quoted(document.name)}" if document.name else document.kind
    identity = (document.kind, document.name)
    if any((present.kind, present.name) == identity for present in config.documents):
        raise TalosRegistryError(f"{config.filename}: there is already a document {which}")
    if any((present.kind, present.name) == identity for present in config.legacy_documents):
        raise TalosRegistryError(
            f"{config.filename}: machine.registries has an entry for {quoted(document.name)}, "
            f"which a document {which} would replace as a whole; change it there, or migrate it to a document first"
        )


def _ends_with_document(items: list[Tree | Broken]) -> bool:
    """Whether the text ends with a document; an empty one at the end is one to be filled."""
    return bool(items) and not (isinstance(items[-1], Tree) and items[-1].is_null)
