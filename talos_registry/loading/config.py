"""A machine config as far as registries go: parsed, judged, and turned into documents on demand."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from functools import cached_property
from itertools import takewhile
from typing import TYPE_CHECKING

from talos_registry.arguments import require_source, wrong_type
from talos_registry.diagnostic import Diagnostic, InvalidConfigError, Severity, Span
from talos_registry.goyaml import Broken, Source, Tree, documents
from talos_registry.goyaml.paths import Locator
from talos_registry.goyaml.tags import is_null
from talos_registry.goyaml.text import Lines
from talos_registry.limits import MAX_BYTES
from talos_registry.loading.patches import is_skipped_item, patch_documents
from talos_registry.loading.settings import Setting, in_merge_order
from talos_registry.loading.verdict import Entry, Judgement, judge_documents, judge_patch
from talos_registry.versions import LATEST, Release, release_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from talos_registry.documents import OpaqueDocument, RegistryDocument, RegistrySet
    from talos_registry.goyaml.nodes import Node

__all__ = ["MachineConfig", "document_text", "parse", "parse_patch", "require_config"]


@dataclass(frozen=True)
class MachineConfig:
    """A parsed config, or a patch of one; ``parse`` and ``parse_patch`` make it, and what changes configs does.

    Frozen; what is worked out of it is worked out once, when it is first asked for.

    Attributes:
        text: the file as text, which is what to write back after a change.
        filename: what diagnostics call the file.
        talos_version: the Talos it is for, ``MAJOR.MINOR[.PATCH]``.
        diagnostics: everything Talos refuses as far as registries go, in file order; without errors Talos accepts the
            file.
        talos_error: what Talos itself prints, byte for byte, or None. It can quote values of the file, secrets among
            them: ``mask_secrets`` shows it without.
        loads: whether Talos gets to see the documents, valid or not.
        entries: the documents as they were decoded, before they are models.
        is_patch: whether it was read as a patch: then the config that it is for may hold what seems to be missing, and
            the documents are what it adds.
    """

    text: str = field(repr=False)
    filename: str
    talos_version: str
    diagnostics: tuple[Diagnostic, ...]
    talos_error: str | None = field(repr=False)
    loads: bool
    entries: tuple[Entry, ...] = field(repr=False, hash=False)
    is_patch: bool = False

    def __getstate__(self) -> dict[str, object]:
        """The members alone, for a copy and for pickle: what has been worked out of them is worked out again."""
        return {member.name: getattr(self, member.name) for member in fields(self)}

    @cached_property
    def release(self) -> Release:
        """The behaviour of the targeted Talos."""
        return release_of(self.talos_version)

    @cached_property
    def lines(self) -> Lines:
        """The lines of the text, by which places in it are found."""
        return Lines(self.text)

    @cached_property
    def trees(self) -> tuple[Tree, ...]:
        """The trees of the documents that can be read; the text is read again for them, once, and they are kept."""
        read = patch_documents if self.is_patch else documents
        items = takewhile(lambda item: item.index < len(self.entries), read(Source.of_decoded(self.text), self.release))
        return tuple(item for item in items if isinstance(item, Tree) and not item.is_null)

    @property
    def roots(self) -> Mapping[int, Node]:
        """The roots of ``trees`` by the indices that paths begin with."""
        return {tree.index: tree.root for tree in self.trees}

    @cached_property
    def written_roots(self) -> list[Node]:
        """The roots of the documents as they stand in the text, a JSON Patch as the list that it is."""
        if not self.is_patch:
            return [tree.root for tree in self.trees]
        items = documents(Source.of_decoded(self.text), self.release)
        return [item.root for item in items if isinstance(item, Tree) and not item.is_null]

    def places(self, tree: Tree) -> Locator:
        """Where the values of a document stand in ``text``.

        Args:
            tree: one of the ``trees``.
        """
        return Locator(tree.root, is_skipped_item if self.is_patch else is_null)

    def with_text(self, text: str) -> MachineConfig:
        """The same file for the same Talos with another ``text``, which has no byte order mark to lose.

        It has its ``trees`` already, by reading the text once.
        """
        if len(text) > MAX_BYTES:
            return _too_large(self.filename, self.talos_version)
        source, trees = Source.of_decoded(text), list[Tree]()
        config = _config(source, self.filename, self.talos_version, is_patch=self.is_patch, trees=trees)
        config.__dict__["trees"] = tuple(trees)  # where cached_property keeps them
        return config

    @cached_property
    def documents(self) -> tuple[RegistryDocument | OpaqueDocument, ...]:
        """The documents in file order: typed ones, and opaque ones for other kinds and for what cannot be decoded.

        All are there where Talos gets to see them (``loads``), otherwise those that could be read.
        """
        return tuple(map(self._document, self.entries))

    def _document(self, entry: Entry) -> RegistryDocument | OpaqueDocument:
        from talos_registry.documents import TYPED, OpaqueDocument

        if entry.values is not None and entry.kind in TYPED and not entry.deletes:
            return TYPED[entry.kind].from_values({"apiVersion": "", **entry.values})
        api_version, kind, name = entry.identity
        text = document_text(self.text, entry.begin, entry.end)
        return OpaqueDocument.model_construct(
            api_version=api_version, kind=kind, name=name, text=text, _values=entry.values
        )

    @cached_property
    def registries(self) -> RegistrySet:
        """The registry settings: the legacy section first; documents replace its entries of the same name wholesale.

        Source: siderolabs/talos, pkg/machinery/config/container/container.go (RegistryMirrorConfigs and its siblings).
        """
        from talos_registry.documents import RegistrySet

        return RegistrySet.of(*map(self._model, self.settings), replace=True)

    @cached_property
    def settings(self) -> tuple[Setting, ...]:
        """The registry settings as they stand, with their paths, in merge order: the legacy section, then documents."""
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
        """Do nothing if Talos accepts the config.

        Raises:
            InvalidConfigError: if Talos refuses it; carries the diagnostics that are errors.
        """
        errors = tuple(diagnostic for diagnostic in self.diagnostics if diagnostic.severity is Severity.ERROR)
        if errors:
            raise InvalidConfigError(errors)


def require_config(function: str, *configs: object) -> None:
    """Refuse what is no MachineConfig for a function that takes one.

    Raises:
        TypeError: says what to pass.
    """
    for config in configs:
        if not isinstance(config, MachineConfig):
            is_source = isinstance(config, str | bytes)
            raise wrong_type(function, "a MachineConfig", config, advice="parse it first" if is_source else "")


def document_text(text: str, begin: int, end: int) -> str:
    """The document between two offsets, without what is left of the line of its ``---``."""
    document = text[begin:end]
    return _AFTER_MARKER.sub("", document) if text.endswith("---", 0, begin) else document


_AFTER_MARKER = re.compile(r"\A[ \t]*(?:\r?\n)?")


def parse(source: str | bytes, *, filename: str = "<config>", talos_version: str = LATEST) -> MachineConfig:
    """The machine config in ``source``, the text or the bytes (UTF-8, or UTF-16 with a byte order mark) of a file.

    A bad config is described by the result's ``diagnostics``, never by an exception; so is a file of more than 16 MiB.

    Args:
        source: what stands in the file.
        filename: what diagnostics call it.
        talos_version: the Talos that the config is for, ``MAJOR.MINOR[.PATCH]``.

    Raises:
        ValueError: if ``talos_version`` is not a version.
        TypeError: for what is neither text nor bytes, such as a path.

    Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go and
    pkg/machinery/config/container/{container,validate}.go; yaml/go-yaml v4, internal/libyaml.
    """
    return _parsed(source, filename, talos_version, is_patch=False)


def parse_patch(source: str | bytes, *, filename: str = "<patch>", talos_version: str = LATEST) -> MachineConfig:
    """What a patch (strategic, or a JSON Patch) adds to a config, and what Talos refuses of it whatever the config is.

    Args:
        source: as ``parse`` takes it.
        filename: what diagnostics call it.
        talos_version: the Talos of the config, ``MAJOR.MINOR[.PATCH]``.

    Raises:
        ValueError: if ``talos_version`` is not a version.
        TypeError: as ``parse``.

    Source: siderolabs/talos, pkg/machinery/config/configpatcher/load.go.
    """
    return _parsed(source, filename, talos_version, is_patch=True)


def _parsed(source: str | bytes, filename: str, talos_version: str, *, is_patch: bool) -> MachineConfig:
    require_source("parse_patch" if is_patch else "parse", source, filename)
    release_of(talos_version)
    if len(source) > MAX_BYTES:
        return _too_large(filename, talos_version)
    return _config(Source.of(source), filename, talos_version, is_patch=is_patch)


def _config(
    source: Source, filename: str, talos_version: str, *, is_patch: bool, trees: list[Tree] | None = None
) -> MachineConfig:
    """The config or patch in a text; its trees are added to ``trees``, or dropped as soon as they are judged."""
    release = release_of(talos_version)
    items = (patch_documents if is_patch else documents)(source, release)
    kept = items if trees is None else _kept(items, trees)
    judged = (judge_patch if is_patch else judge_documents)(kept, source, filename, release)
    return MachineConfig(source.text, filename, talos_version, *_verdict(judged), is_patch)


def _verdict(judged: Judgement) -> tuple[tuple[Diagnostic, ...], str | None, bool, tuple[Entry, ...]]:
    return judged.diagnostics, judged.talos_error, judged.loads, judged.entries


def _kept(items: Iterable[Tree | Broken], trees: list[Tree]) -> Iterator[Tree | Broken]:
    """The documents as they come; their trees are added to ``trees``."""
    for item in items:
        if isinstance(item, Tree) and not item.is_null:
            trees.append(item)
        yield item


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
