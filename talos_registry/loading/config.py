"""A machine config as far as registries go: parsed, judged, and turned into documents on demand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Diagnostic, InvalidConfigError, Severity, Span
from talos_registry.goyaml import Broken, Source, Tree, documents
from talos_registry.goyaml.text import Lines
from talos_registry.limits import MAX_BYTES
from talos_registry.loading.settings import Setting, in_merge_order
from talos_registry.loading.verdict import Entry, Judgement, judge, judge_documents
from talos_registry.versions import LATEST, Release, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from talos_registry.documents import OpaqueDocument, RegistryDocument, RegistrySet
    from talos_registry.goyaml.nodes import Node

__all__ = ["MachineConfig", "document_text", "parse", "parse_with_trees"]


@dataclass(frozen=True)
class MachineConfig:
    """A parsed config; ``parse`` makes it.

    ``diagnostics``: everything Talos refuses as far as registries go, in file order; without errors Talos accepts the file.
    ``talos_error``: what Talos itself prints, or None. It can quote values of the file, secrets among them.
    ``loads``: whether Talos gets to see the documents, valid or not.
    ``entries``: the documents as they were decoded, before they are models.
    """

    text: str = field(repr=False)
    filename: str
    talos_version: str
    diagnostics: tuple[Diagnostic, ...]
    talos_error: str | None = field(repr=False)
    loads: bool
    entries: tuple[Entry, ...] = field(repr=False, hash=False)

    @cached_property
    def release(self) -> Release:
        """The behaviour of the targeted Talos."""
        return release_of(self.talos_version)

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text."""
        return Lines(self.text)

    @cached_property
    def trees(self) -> tuple[Tree, ...]:
        """The trees of the documents that can be read; the text is read again for them, once, and they are kept."""
        items = takewhile(lambda item: item.index < len(self.entries), documents(self.text, self.release))
        return tuple(item for item in items if isinstance(item, Tree) and not item.is_null)

    @property
    def roots(self) -> Mapping[int, Node]:
        """The roots of ``trees`` by the indices that paths begin with."""
        return {tree.index: tree.root for tree in self.trees}

    def with_text(self, text: str) -> MachineConfig:
        """The same file for the same Talos with another text, which has no byte order mark to lose."""
        if len(text) > MAX_BYTES:
            return _too_large(self.filename, self.talos_version)
        judged = judge(Source.of_decoded(text), self.filename, self.release)
        return _config(text, judged, self.filename, self.talos_version)

    @cached_property
    def documents(self) -> tuple[RegistryDocument | OpaqueDocument, ...]:
        """The documents in file order; what is not one of the four typed kinds, or cannot be decoded, is opaque."""
        return tuple(map(self._document, self.entries))

    def _document(self, entry: Entry) -> RegistryDocument | OpaqueDocument:
        from talos_registry.documents import TYPED, OpaqueDocument

        if entry.values is not None and entry.kind in TYPED:
            return TYPED[entry.kind].from_values({"apiVersion": "", **entry.values})
        api_version, kind, name = entry.identity
        text = document_text(self.text, entry.begin, entry.end)
        return OpaqueDocument.model_construct(
            api_version=api_version, kind=kind, name=name, text=text, values=entry.values
        )

    @cached_property
    def registries(self) -> RegistrySet:
        """The registry settings: the legacy section first; documents replace its entries of the same name."""
        from talos_registry.documents import RegistrySet

        return RegistrySet.of(*map(self._model, self.settings))

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The registry settings as they stand, in merge order."""
        return tuple(in_merge_order(self.entries))

    @cached_property
    def legacy_documents(self) -> tuple[RegistryDocument | OpaqueDocument, ...]:
        """The documents that the entries of the legacy section amount to; their URLs are as the file has them."""
        return tuple(self._model(setting) for setting in self.settings if setting.is_legacy)

    def _model(self, setting: Setting) -> RegistryDocument | OpaqueDocument:
        from talos_registry.documents import TYPED

        if setting.is_legacy:
            return TYPED[setting.kind].from_values(setting.values)
        return self.documents[int(setting.path[0])]

    def raise_for_errors(self) -> None:
        """Raise InvalidConfigError if Talos refuses the config."""
        errors = tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.severity is Severity.ERROR)
        if errors:
            raise InvalidConfigError(errors)


def document_text(text: str, begin: int, end: int) -> str:
    """The document between two offsets, without what is left of the line of its ``---``."""
    document = text[begin:end]
    return _AFTER_MARKER.sub("", document) if text.endswith("---", 0, begin) else document


_AFTER_MARKER = re.compile(r"\A[ \t]*(?:\r?\n)?")


def parse(source: str | bytes, *, filename: str = "<config>", talos_version: str = LATEST) -> MachineConfig:
    """The machine config in ``source``, the text or the bytes (UTF-8, or UTF-16 with a byte order mark) of a file.

    A bad config is described by the result's ``diagnostics``, never by an exception.

    Raises:
        ValueError: if ``talos_version`` is not a version.
    """
    release = release_of(talos_version)
    if len(source) > MAX_BYTES:
        return _too_large(filename, talos_version)
    decoded = Source.of(source)
    return _config(decoded.text, judge(decoded, filename, release), filename, talos_version)


def parse_with_trees(text: str, *, filename: str, talos_version: str) -> MachineConfig:
    """The machine config in a text, which has its ``trees`` already, by reading the text once.

    The text has no byte order mark to lose.

    Raises:
        ValueError: if ``talos_version`` is not a version.
    """
    release = release_of(talos_version)
    if len(text) > MAX_BYTES:
        return _too_large(filename, talos_version)
    source, trees = Source.of_decoded(text), list[Tree]()
    judged = judge_documents(_kept(documents(source, release), trees), source, filename, release)
    config = _config(text, judged, filename, talos_version)
    config.__dict__["trees"] = tuple(trees)  # where cached_property keeps them
    return config


def _kept(items: Iterable[Tree | Broken], trees: list[Tree]) -> Iterator[Tree | Broken]:
    """The documents as they come; their trees are added to ``trees``."""
    for item in items:
        if isinstance(item, Tree) and not item.is_null:
            trees.append(item)
        yield item


def _config(text: str, judged: Judgement, filename: str, talos_version: str) -> MachineConfig:
    return MachineConfig(
        text, filename, talos_version, judged.diagnostics, judged.talos_error, judged.loads, judged.entries
    )


def _too_large(filename: str, talos_version: str) -> MachineConfig:
    message = f"The file is larger than the {MAX_BYTES // 1024 // 1024} MiB this tool reads."
    diagnostic = Diagnostic(
        code="limit-exceeded",
        severity=Severity.ERROR,
        message=message,
        file=filename,
        span=Span(1, 1, 1, 1),
    )
    return MachineConfig("", filename, talos_version, (diagnostic,), None, loads=False, entries=())
