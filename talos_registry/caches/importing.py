"""The registry settings of k3s, RKE2, containerd and Docker, as documents."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from talos_registry.arguments import wrong_type
from talos_registry.caches.certs_d import read_hosts_toml
from talos_registry.caches.docker import CONFIG_KEYS, DAEMON_KEYS, read_config, read_daemon
from talos_registry.caches.foreign import ForeignFile, url_of
from talos_registry.caches.k3s import SECTIONS, read_registries
from talos_registry.diagnostic import Diagnostic, Severity, by_place
from talos_registry.documents import RegistryMirrorConfig, RegistryTLSConfig, emit
from talos_registry.loading import parse
from talos_registry.messages import printable, quoted
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from talos_registry.caches.foreign import Entry, Given
    from talos_registry.documents import RegistryDocument

__all__ = ["Imported", "import_settings"]


@dataclass(frozen=True, slots=True)
class Imported:
    """What comes of the settings of other tools.

    Attributes:
        documents: mirrors, then credentials, then TLS settings; Talos takes each.
        diagnostics: what is wrong with the files, and what has no counterpart, in the order of the files.
    """

    documents: tuple[RegistryDocument, ...]
    diagnostics: tuple[Diagnostic, ...]


def import_settings(
    files: Mapping[str, bytes],
    *,
    read: Callable[[str], bytes | None] | None = None,
    talos_version: str = LATEST,
) -> Imported:
    """The documents by which a node pulls as other tools did by their files.

    Several files are one set of settings. What a file is shows in what is in it: a ``registries.yaml`` of k3s or RKE2, a
    ``hosts.toml`` of containerd, whose directory is the registry host, a ``daemon.json`` or a ``config.json`` of Docker.

    Args:
        files: the bytes of the files by name.
        read: gives the bytes of a file by its path on the node, as files name certificates; None where it is not at hand.
            What a ``hosts.toml`` names relative to itself begins with the name of its directory.
        talos_version: the Talos of the nodes, ``MAJOR.MINOR[.PATCH]``.

    Raises:
        ValueError: for what is no Talos version.
        TypeError: for files that are not bytes by name.
    """
    _check(files)
    release_of(talos_version)
    read_files = [_read(ForeignFile(name, data, read)) for name, data in files.items()]
    entries = [entry for file in read_files for entry in file.entries]
    findings = [finding for file in read_files for finding in file.findings]
    kept, conflicts = _one_each(entries)
    reachable, useless = _without_http(kept)
    accepted, refused = _accepted(_that_matter(reachable), talos_version)
    by_file = {name: at for at, name in enumerate(files)}
    ordered = sorted(
        (*findings, *conflicts, *useless, *refused), key=lambda one: (by_file.get(one.file, 0), by_place(one))
    )
    return Imported(tuple(accepted), tuple(ordered))


def _check(files: object) -> None:
    if not isinstance(files, Mapping):
        raise wrong_type("import_settings", _WANTED, files)
    for name, data in files.items():
        if not isinstance(name, str):
            raise wrong_type("import_settings", _WANTED, name)
        if not isinstance(data, bytes):
            raise wrong_type("import_settings", _WANTED, data)


_WANTED = "the bytes of files by name"


# What is in a file

_TOML = re.compile(r"(?:\s|#[^\n]*\n)*+(?:\[\s*(?:host|plugins)\b|[A-Za-z_]+\s*=)")
"""How TOML begins, which YAML and JSON do not."""


def _read(file: ForeignFile) -> ForeignFile:
    """The file, read."""
    text = file.source.text
    if file.name.endswith(".toml") or _TOML.match(text):
        root = file.toml()
        if root is not None:
            _read_toml(file, root)
        return file
    is_json = text.lstrip().startswith("{") and not file.name.endswith((".yaml", ".yml"))
    root = file.json() if is_json else file.yaml()
    if root is not None:
        _read_tree(file, root)
    elif not file.findings:
        _tell_foreign(file)
    return file


def _read_toml(file: ForeignFile, root: Given) -> None:
    if "plugins" in root.value:
        file.no_counterpart(root.value["plugins"], "of containerd only hosts.toml files are read")
    else:
        read_hosts_toml(file, root)


def _read_tree(file: ForeignFile, root: Given) -> None:
    keys = set(root.value) if isinstance(root.value, dict) else set()
    if keys & {*CONFIG_KEYS}:
        read_config(file, root)
    elif keys & {*DAEMON_KEYS}:
        read_daemon(file, root)
    elif keys & {*SECTIONS} or posixpath.basename(file.name).startswith("registries."):
        read_registries(file, root)
    else:
        _tell_foreign(file)


def _tell_foreign(file: ForeignFile) -> None:
    message = "There are no registry settings of k3s, RKE2, containerd or Docker in this file."
    file.diagnostic("import-no-counterpart", message)


# What comes of all files


def _one_each(entries: Iterable[Entry]) -> tuple[list[Entry], list[Diagnostic]]:
    """One entry for each kind and name, in the order of documents, and a finding for each that says something else."""
    kept: dict[tuple[str, str], Entry] = {}
    conflicts = []
    for entry in sorted(entries, key=_order):
        first = kept.setdefault((entry.document.kind, entry.document.name), entry)
        if first.document != entry.document and not entry.keeps_away:
            conflicts.append(
                _finding(entry, "import-conflict", f"says something else than {_place(first)}, which is kept")
            )
    return [*kept.values()], conflicts


_KINDS = ("RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig")


def _order(entry: Entry) -> tuple[int, bool]:
    """Mirrors first; of each kind those last that give way to others."""
    return _KINDS.index(entry.document.kind), entry.keeps_away or _is_empty(entry.document)


def _is_empty(document: RegistryDocument) -> bool:
    """Whether a document is TLS settings that say nothing."""
    return isinstance(document, RegistryTLSConfig) and document == RegistryTLSConfig(name=document.name)


def _that_matter(entries: Iterable[Entry]) -> list[Entry]:
    """The entries that make a difference."""
    entries = [*entries]
    has_catch_all = any(entry.document.name == "*" and not entry.keeps_away for entry in entries)
    return [
        entry
        for entry in entries
        if not _is_empty(entry.document) and (not entry.keeps_away or (has_catch_all and entry.document.name != "*"))
    ]


def _without_http(entries: Iterable[Entry]) -> tuple[list[Entry], list[Diagnostic]]:
    """The entries but for TLS settings of hosts that are asked by http, for which Talos refuses every pull."""
    entries = [*entries]
    mirrors = [entry.document for entry in entries if isinstance(entry.document, RegistryMirrorConfig)]
    urls = [url_of(endpoint.url) for mirror in mirrors for endpoint in mirror.endpoints]
    hosts = {url.host for url in urls if url is not None and url.scheme == "http"}
    kept, findings = [], []
    for entry in entries:
        is_useless = isinstance(entry.document, RegistryTLSConfig) and entry.document.name in hosts
        if not is_useless:
            kept.append(entry)
        elif not _is_empty(entry.document):
            why = "has no counterpart: the host is asked by http, and Talos pulls nothing by http from a host with TLS settings"
            findings.append(_finding(entry, "import-no-counterpart", why))
    return kept, findings


def _accepted(entries: list[Entry], talos_version: str) -> tuple[list[RegistryDocument], list[Diagnostic]]:
    """The documents that Talos takes, and what it says of the others."""
    documents = [entry.document for entry in entries]
    if not documents:
        return [], []
    judged = parse(emit(documents, talos_version=talos_version), talos_version=talos_version).diagnostics
    said: dict[int, Diagnostic] = {}
    for one in judged:
        if one.code == "limit-exceeded":
            return [], [replace(one, file=entries[0].file, span=None, path=())]
        said.setdefault(int(one.path[0]), one)
    refused = [
        replace(one, file=entries[index].file, span=entries[index].span, path=(), fix=None)
        for index, one in said.items()
    ]
    return [document for index, document in enumerate(documents) if index not in said], refused


def _finding(entry: Entry, code: str, what: str) -> Diagnostic:
    document = entry.document
    message = f"{_NOUNS[document.kind]} {quoted(document.name)} {what}."
    return Diagnostic(
        code=code, severity=Severity.ERROR, message=message, kind=document.kind, name=document.name, file=entry.file,
        span=entry.span,
    )  # fmt: skip


_NOUNS = {
    "RegistryMirrorConfig": "The mirror of",
    "RegistryAuthConfig": "The login at",
    "RegistryTLSConfig": "The TLS entry for",
}


def _place(entry: Entry) -> str:
    return printable(entry.file if entry.span is None else f"{entry.file}:{entry.span.line}:{entry.span.column}")
