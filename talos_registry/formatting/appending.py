"""One more document at the end of a config; all that is there stays byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import TalosRegistryError
from talos_registry.documents.encoder import emit
from talos_registry.goyaml.composer import Tree, documents
from talos_registry.goyaml.text import line_break_of
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.documents.models import RegistryDocument
    from talos_registry.loading.config import MachineConfig

__all__ = ["appendix"]


def appendix(source: MachineConfig, document: RegistryDocument) -> str:
    """The text to append to the text of a config, so that it holds ``document``, too.

    Does not check whether Talos accepts the document.

    Raises:
        TalosRegistryError: if there is such a document already, or an entry of the legacy section that it would
            replace, or if the end of the config cannot be told from what follows.
    """
    _refuse_another(source, document)
    text = source.text
    line_break = line_break_of(text)
    end = "" if not text or text.endswith(("\n", "\r")) else line_break
    marker = f"---{line_break}" if _needs_marker(source) else ""
    written = emit([document], talos_version=source.talos_version).replace("\n", line_break)
    added = f"{end}{marker}{written}"
    if not _is_only_addition(source, document, source.with_text(text + added)):
        raise TalosRegistryError(f"{source.filename}: its last document has no end; close it with a line break first")
    return added


def _refuse_another(source: MachineConfig, document: RegistryDocument) -> None:
    which = f"{document.kind} {quoted(document.name)}" if document.name else document.kind
    identity = (document.kind, document.name)
    if any((one.kind, one.name) == identity for one in source.documents):
        raise TalosRegistryError(f"{source.filename}: there is already a document {which}")
    if any((one.kind, one.name) == identity for one in source.legacy_documents):
        raise TalosRegistryError(
            f"{source.filename}: machine.registries has an entry for {quoted(document.name)}, "
            f"which a document {which} would replace as a whole; change it there, or migrate it to a document first"
        )


def _needs_marker(source: MachineConfig) -> bool:
    """Whether the text ends with a document; an empty one at the end is one to be filled."""
    items = list(documents(source.text, source.release))
    return bool(items) and not (isinstance(items[-1], Tree) and items[-1].is_null)


def _is_only_addition(source: MachineConfig, document: RegistryDocument, after: MachineConfig) -> bool:
    *others, last = after.documents
    return emit(others) == emit(source.documents) and emit([last]) == emit([document])
