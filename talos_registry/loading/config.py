"""A machine config as far as registries go: parsed, judged, and turned into documents on demand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Diagnostic, InvalidConfigError, Severity
from talos_registry.documents import legacy
from talos_registry.goyaml.composer import Broken, Source, Tree, read
from talos_registry.goyaml.tags import drop_lone_bangs, is_null
from talos_registry.limits import MAX_BYTES
from talos_registry.loading.verdict import Entry, judge
from talos_registry.versions import LATEST, release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.documents.models import OpaqueDocument, RegistryDocument
    from talos_registry.documents.registries import RegistrySet
    from talos_registry.goyaml.nodes import Node

__all__ = ["MachineConfig", "document_text", "parse", "roots"]


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
    def documents(self) -> tuple[RegistryDocument | OpaqueDocument, ...]:
        """The documents in file order; what is not one of the four typed kinds, or cannot be decoded, is opaque."""
        return tuple(map(self._document, self.entries))

    def _document(self, entry: Entry) -> RegistryDocument | OpaqueDocument:
        from talos_registry.documents.models import TYPED, OpaqueDocument  # noqa: PLC0415 - judging needs no models

        if entry.values is not None and entry.kind in TYPED:
            return TYPED[entry.kind].from_values({"apiVersion": "", **entry.values})
        api_version, kind, name = entry.identity
        text = document_text(self.text, entry.begin, entry.end)
        return OpaqueDocument(api_version=api_version, kind=kind, name=name, text=text)

    @cached_property
    def registries(self) -> RegistrySet:
        """The registry settings: the legacy section first; documents replace its entries of the same name."""
        from talos_registry.documents.registries import RegistrySet  # noqa: PLC0415 - judging needs no models

        return RegistrySet.of(*self.legacy_documents, *self.documents)

    @cached_property
    def legacy_documents(self) -> tuple[RegistryDocument, ...]:
        """The documents that the entries of the legacy section amount to; their URLs are as the file has them."""
        from talos_registry.documents.models import TYPED  # noqa: PLC0415 - judging needs no models

        sections = (entry.values for entry in self.entries if entry.kind == legacy.KIND and entry.values is not None)
        return tuple(
            TYPED[values["kind"]].from_values(values) for section in sections for values in legacy.documents(section)
        )

    def raise_for_errors(self) -> None:
        """Raise InvalidConfigError if Talos refuses the config."""
        errors = tuple(one for one in self.diagnostics if one.severity is Severity.ERROR)
        if errors:
            raise InvalidConfigError(errors)


def document_text(text: str, begin: int, end: int) -> str:
    """The document between two offsets, without what is left of the line of its ``---``."""
    found = text[begin:end]
    return _AFTER_MARKER.sub("", found) if text.endswith("---", 0, begin) else found


_AFTER_MARKER = re.compile(r"\A[ \t]*(?:\r?\n)?")


def roots(config: MachineConfig) -> Iterator[tuple[int, Node]]:
    """The roots of the documents of a config, by the indices that paths begin with; its text is read again."""
    index, target = 0, release(config.talos_version)
    drops_bangs = "!" in config.text and not target.keeps_lone_bang
    for item in read(Source.of_decoded(config.text), target):
        if index == len(config.entries):
            return
        if drops_bangs and isinstance(item, Tree):
            drop_lone_bangs(item.root)
        if isinstance(item, Broken):
            index += 1
        elif not is_null(item.root):
            yield index, item.root
            index += 1


def parse(source: str | bytes, *, filename: str = "<config>", talos_version: str = LATEST) -> MachineConfig:
    """The machine config in ``source``, the text or the bytes (UTF-8, or UTF-16 with a byte order mark) of a file.

    A bad config is described by the result's ``diagnostics``, never by an exception.

    Raises:
        ValueError: if ``talos_version`` is not a version.
    """
    target = release(talos_version)
    if len(source) > MAX_BYTES:
        return MachineConfig("", filename, talos_version, (_too_large(filename),), None, loads=False, entries=())
    text = Source.of(source)
    judged = judge(text, filename, target)
    return MachineConfig(
        text.text, filename, talos_version, judged.diagnostics, judged.talos_error, judged.loads, judged.entries
    )


def _too_large(filename: str) -> Diagnostic:
    message = f"The file is larger than the {MAX_BYTES // 1024 // 1024} MiB this tool reads."
    return Diagnostic(
        code="limit-exceeded",
        severity=Severity.ERROR,
        message=message,
        file=filename,
        line=1,
        column=1,
        end_line=1,
        end_column=1,
    )
