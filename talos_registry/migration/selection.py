"""Which entries of the legacy section can be documents, and why the others cannot."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import Diagnostic, MigrateError, Severity, dotted
from talos_registry.documents import KINDS, TYPED, RegistryMirrorConfig, RegistryTLSConfig, emit, legacy
from talos_registry.documents.encoder import encoded
from talos_registry.go.url import is_canonical
from talos_registry.goyaml.comments import Stretch
from talos_registry.goyaml.paths import locate
from talos_registry.loading import parse
from talos_registry.masking import mask_path
from talos_registry.messages import printable, quoted
from talos_registry.migration.anchors import needed_elsewhere
from talos_registry.migration.outcome import finding
from talos_registry.migration.places import AUTH, TLS, in_legacy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.documents import OpaqueDocument, RegistryDocument
    from talos_registry.loading import MachineConfig
    from talos_registry.migration.section import LegacyEntry, Stream
    from talos_registry.versions import Release

__all__ = ["Added", "Selection", "select"]

_SINCE = (1, 12)
_CRASHING = ("1.12.0", "1.12.1")


class Added(NamedTuple):
    """A new document, and the path of the entry it comes from."""

    path: Path
    document: RegistryDocument


class Selection(NamedTuple):
    """The entries of the legacy section that go, the documents that take their place, and what is to be said about it."""

    taken: tuple[LegacyEntry, ...]
    added: tuple[Added, ...]
    stays: tuple[Diagnostic, ...]
    notes: tuple[Diagnostic, ...]


def select(config: MachineConfig, stream: Stream) -> Selection:
    """What of the legacy section can be documents.

    Raises:
        MigrateError: if the targeted Talos has no such documents, or the section is not written out.
    """
    if config.release.number < _SINCE:
        raise MigrateError(f"Documents for registries need Talos 1.12; the target is {config.release.text}.")
    if stream.root is None:
        return Selection((), (), (), ())
    entries, judge = stream.entries, _Judge(config, stream)
    refusals = {entry: tuple(judge.refusals(entry)) for entry in entries}
    candidates = {
        entry: Stretch(entry.key.start_mark.index, entry.value.end_mark.index)
        for entry in entries
        if not refusals[entry]
    }
    for entry, why in needed_elsewhere(stream.trees, candidates).items():
        refusals[entry] = (judge.finding(entry, (), "anchor-in-use", f"stays: {why}", Severity.WARNING),)
    taken = tuple(entry for entry in entries if not refusals[entry])
    return Selection(
        taken,
        tuple(Added(entry.path, document) for entry in taken for document in judge.unshadowed(entry)),
        tuple(refusal for entry in entries for refusal in refusals[entry]),
        tuple(note for entry in taken for note in judge.notes(entry)),
    )


class _Judge:
    """Says of each entry whether it can go."""

    def __init__(self, config: MachineConfig, stream: Stream) -> None:
        self._config = config
        self._index = stream.legacy_index or 0
        self._present = {(document.kind, document.name) for document in config.documents}
        self._known: dict[Path, list[Diagnostic]] = {}
        for diagnostic in config.diagnostics:
            self._known.setdefault(diagnostic.path[:5], []).append(diagnostic)

    def unshadowed(self, entry: LegacyEntry) -> tuple[RegistryDocument, ...]:
        """The documents of an entry that are not there yet."""
        return tuple(new for new in entry.documents or () if (new.kind, new.name) not in self._present)

    def finding(self, entry: LegacyEntry, path: Path, code: str, rest: str, severity: Severity) -> Diagnostic:
        """A finding about what is at a path of an entry; its message begins with the name, and the ``rest`` follows."""
        message = f"{printable(dotted(mask_path(entry.path[2:])))} {rest}"
        node = locate(entry.value, path)
        return finding(self._config, (self._index, *entry.path, *path), node, code, message, severity)

    def refusals(self, entry: LegacyEntry) -> Iterator[Diagnostic]:
        """Why an entry has to stay."""
        known = self._known.get((self._index, *entry.path), [])
        for diagnostic in known:
            yield self.finding(
                entry, diagnostic.path[5:], diagnostic.code, f"stays: {diagnostic.message}", Severity.ERROR
            )
        if entry.documents is None and not known:
            yield self.finding(entry, (), "wrong-type", "stays: Talos cannot read it.", Severity.ERROR)
        documents = self.unshadowed(entry)
        if documents and not known:
            yield from self._refused_documents(entry, documents)

    def _refused_documents(self, entry: LegacyEntry, documents: tuple[RegistryDocument, ...]) -> Iterator[Diagnostic]:
        version = self._config.talos_version
        if not all(_is_plain(document, self._config.release) for document in documents):
            yield from self._refused_as_written(entry, documents)
        if version in _CRASHING and any(_lacks_identity(document) for document in documents):
            rest = f"stays: Talos {version} crashes on a RegistryTLSConfig without clientIdentity; upgrade to 1.12.2 or later first."
            yield self.finding(entry, ("tls",), "known-defect", rest, Severity.WARNING)

    def _refused_as_written(self, entry: LegacyEntry, documents: tuple[RegistryDocument, ...]) -> Iterator[Diagnostic]:
        """What is wrong with documents as Talos reads what it writes for them."""
        version = self._config.talos_version
        read = parse(emit(documents, talos_version=version), talos_version=version)
        for diagnostic in read.diagnostics:
            path = in_legacy(documents[int(diagnostic.path[0])].kind, diagnostic.path[1:])
            yield self.finding(entry, path, diagnostic.code, f"stays: {diagnostic.message}", Severity.ERROR)
        if not read.diagnostics and read.documents != documents:
            yield self._changed(entry, documents, read.documents)

    def _changed(
        self,
        entry: LegacyEntry,
        written: tuple[RegistryDocument, ...],
        read: tuple[RegistryDocument | OpaqueDocument, ...],
    ) -> Diagnostic:
        respelled = _respelled(written[0], read[0])
        if respelled is None:
            rest = "stays: A document cannot hold one of its values as it is."
            return self.finding(entry, (), "unwritable-value", rest, Severity.WARNING)
        index, before, after = respelled
        rest = (
            f"stays: In a document Talos makes {quoted(after)} of the endpoint {quoted(before)}, and plans could change; "
            "write it that way if that is what you mean."
        )
        return self.finding(entry, ("endpoints", index), "respelled-endpoint", rest, Severity.WARNING)

    def notes(self, entry: LegacyEntry) -> Iterator[Diagnostic]:
        """What to know about an entry that goes."""
        if not entry.documents:
            rest = "sets nothing; it goes without a document."
            yield self.finding(entry, (), "empty-entry", rest, Severity.INFO)
        for document in entry.documents or ():
            path = in_legacy(document.kind, ())
            if (document.kind, document.name) in self._present:
                rest = f"goes without a new document: the {document.kind} of its name has replaced it already."
                yield self.finding(entry, path, "shadowed-legacy", rest, Severity.WARNING)
            elif document.kind in _EMPTY and not _says_something(document):
                code, severity, rest = _EMPTY[document.kind]
                yield self.finding(entry, path, code, rest, severity)


_EMPTY = {
    TLS: (
        "empty-tls",
        Severity.INFO,
        "has an empty tls; its document is as empty, and Talos' own puller still refuses http endpoints of that host.",
    ),
    AUTH: (
        "empty-auth",
        Severity.WARNING,
        "has an empty auth; its document is as empty, and Talos' own puller still fails when that host asks it to log in.",
    ),
}


def _is_plain(document: RegistryDocument, release: Release) -> bool:
    """Whether it is known without writing and reading it that Talos takes a document, and makes nothing else of it."""
    kind, values = KINDS[document.kind], document.to_values()
    endpoints = [endpoint.get("url", "") for endpoint in values.get("endpoints", ())]
    return (
        TYPED[document.kind].from_values(encoded(kind.struct, values)) == document
        and not any(kind.problems(values, release))
        and all(map(is_canonical, endpoints))
        and all(text not in _TELLING and _PLAIN.fullmatch(text) for text in _texts({**values, "kind": ""}))
    )


_PLAIN = re.compile(r"(?:[!-~][ -~]*\n)*(?:[!-~][ -~]*)?")
"""Lines of letters and signs that begin with one, as those of PEM do."""
_TELLING = legacy.MARKS | {"apiVersion", "kind", "name"}
"""What Talos tells kinds by, values as well as keys, and can crash of."""


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for member in value.values() if isinstance(value, dict) else value:
            yield from _texts(member)


def _respelled(written: RegistryDocument, read: RegistryDocument | OpaqueDocument) -> tuple[int, str, str] | None:
    if not isinstance(written, RegistryMirrorConfig) or not isinstance(read, RegistryMirrorConfig):
        return None
    urls = zip(written.endpoints, read.endpoints, strict=False)
    changes = ((index, old.url, new.url) for index, (old, new) in enumerate(urls) if old != new)
    return next(changes, None)


def _lacks_identity(document: RegistryDocument) -> bool:
    return isinstance(document, RegistryTLSConfig) and document.client_identity is None


def _says_something(document: RegistryDocument) -> bool:
    return any(value for key, value in document.to_values().items() if key not in {"apiVersion", "kind", "name"})
