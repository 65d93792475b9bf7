"""More documents at the end of a config; all that is there stays byte for byte."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.arguments import wrong_type
from talos_registry.diagnostic import TalosRegistryError
from talos_registry.documents import TYPED
from talos_registry.documents.encoder import written_form
from talos_registry.goyaml import Tree, write
from talos_registry.goyaml import documents as read
from talos_registry.goyaml.editing import ended, is_planned, layout_of, with_cuts, with_documents
from talos_registry.goyaml.text import line_break_of
from talos_registry.loading import excess, require_config
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.documents import RegistryDocument
    from talos_registry.goyaml import Broken
    from talos_registry.loading import MachineConfig

__all__ = ["append"]


def append(config: MachineConfig, *documents: RegistryDocument) -> MachineConfig:
    """The config with more documents at its end, laid out as the file is; everything else stays as it is.

    Does not check whether Talos accepts the documents.

    Args:
        config: what ``parse`` made of the file.
        *documents: those to add, in this order.

    Raises:
        TalosRegistryError: if there is such a document already, or an entry of the legacy section that it would
            replace, or if the end of the config cannot be told from what follows.
        TypeError: for what is no MachineConfig, or no document of the typed kinds.
    """
    _check(config, documents)
    if not documents:
        return config
    items = list(read(config.text, config.release))
    roots = [item.root for item in items if isinstance(item, Tree) and not item.is_null]
    text = with_cuts(config.text, ended(roots[-1], config.text) if roots else ())
    line_break = line_break_of(config.text)
    layout = layout_of(roots)
    written = [write(written_form(document, config.release), 0, layout) for document in documents]
    texts = [text.replace("\n", line_break) for text in written]
    new_text = with_documents(text, texts, line_break, has_document=_ends_with_document(items))
    after = config.with_text(new_text)
    if len(after.trees) != len(roots) + len(documents) or not is_planned(
        (old, None, new.root) for old, new in zip(roots, after.trees, strict=False)
    ):
        reason = excess(after) or "its last document has no end; close it with a line break first"
        raise TalosRegistryError(f"{config.filename}: {reason}")
    return after


def _check(config: MachineConfig, documents: Sequence[RegistryDocument]) -> None:
    require_config("append", config)
    added: set[tuple[str, str]] = set()
    for document in documents:
        if not isinstance(document, tuple(TYPED.values())):
            several = isinstance(document, list | tuple)
            advice = "put a star before what holds them: append(config, *documents)" if several else ""
            raise wrong_type("append", "documents of the typed kinds", document, advice=advice)
        if (document.kind, document.name) in added:
            raise TalosRegistryError(f"{config.filename}: {_named(document)} is to be appended twice")
        added.add((document.kind, document.name))
        _refuse_another(config, document)


def _named(document: RegistryDocument) -> str:
    return f"{document.kind} {quoted(document.name)}" if document.name else document.kind


def _refuse_another(config: MachineConfig, document: RegistryDocument) -> None:
    which = _named(document)
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
