"""From documents to the legacy section, for Talos before 1.12."""

from __future__ import annotations

from base64 import b64encode
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import Severity
from talos_registry.documents.shapes import REDACTED_KEY
from talos_registry.go.strings import text_bytes
from talos_registry.goyaml import Tree, documents, write
from talos_registry.goyaml.editing import CannotEdit, Cut, Replace, with_cuts
from talos_registry.goyaml.paths import Locator
from talos_registry.goyaml.representer import from_value
from talos_registry.messages import quoted
from talos_registry.migration.anchors import needed_elsewhere
from talos_registry.migration.comments import Comment, located_nodes
from talos_registry.migration.new_entries import NewEntries
from talos_registry.migration.outcome import Migration, finding
from talos_registry.migration.page import Page
from talos_registry.migration.places import AUTH, MIRROR, TLS, in_legacy
from talos_registry.migration.proof import Planned, not_in_place, prove
from talos_registry.migration.removal import document
from talos_registry.migration.section import REGISTRIES, Stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.goyaml.comments import Stretch
    from talos_registry.goyaml.editing import Members
    from talos_registry.goyaml.emitter import Branch
    from talos_registry.goyaml.nodes import Mapping
    from talos_registry.loading import MachineConfig
    from talos_registry.versions import Release

__all__ = ["to_legacy"]


_DOCUMENTS_SINCE, _SKIP_FALLBACK_SINCE = (1, 12), (1, 9)
_HEAD = (("apiVersion",), ("kind",))


class _Going(NamedTuple):
    """A document on its way into the legacy section: its place in the file, and the path and values it has there."""

    place: int
    kind: str
    path: Path
    values: dict[str, Any]


def to_legacy(config: MachineConfig) -> Migration:
    """The config with its registry documents written as the legacy section.

    An entry of the name of a document is replaced by it, as it is for Talos. For a target that knows no documents they
    are read as the first Talos does that knows them.

    Raises:
        MigrateError: if the file cannot be migrated at all.
    """
    release = config.release
    if release.number < _DOCUMENTS_SINCE:
        first = ".".join(map(str, _DOCUMENTS_SINCE))
        config = replace(config, talos_version=first).with_text(config.text)
    stream = Stream.of(config)
    known = _by_document(config.diagnostics)
    refusals = {index: tuple(_refusals(stream, index, known.get(index, ()), release)) for index in _ours(config)}
    page = Page(stream)
    regions = {index: document(page.canvas, stream.trees[index]) for index in refusals if not refusals[index]}
    for index, why in needed_elsewhere(stream.trees, regions).items():
        refusals[index] = (
            _stays(stream, Locator(stream.trees[index].root), (index,), "anchor-in-use", why, Severity.WARNING),
        )
        del regions[index]
    stays = tuple(refusal for index in refusals for refusal in refusals[index])
    if not regions:
        return Migration(config.text, stays)
    try:
        return Migration(_Rewrite(stream, page, regions).text(), stays)
    except CannotEdit as error:
        raise not_in_place(str(error)) from error


def _ours(config: MachineConfig) -> list[int]:
    return [index for index, entry in enumerate(config.entries) if entry.identity.kind in {MIRROR, AUTH, TLS}]


def _by_document(diagnostics: Iterable[Diagnostic]) -> dict[int, list[Diagnostic]]:
    """Diagnostics by the indices that their paths begin with."""
    by_document: dict[int, list[Diagnostic]] = {}
    for diagnostic in diagnostics:
        if diagnostic.path:
            by_document.setdefault(int(diagnostic.path[0]), []).append(diagnostic)
    return by_document


def _refusals(stream: Stream, index: int, known: Sequence[Diagnostic], release: Release) -> Iterator[Diagnostic]:
    """Why a document has to stay; of some, what is wrong is ``known``."""
    config, places = stream.config, Locator(stream.trees[index].root)
    for diagnostic in known:
        yield _stays(stream, places, diagnostic.path, diagnostic.code, diagnostic.message, Severity.ERROR)
    values = config.entries[index].values or {}
    flags = [bool(endpoint.get("overridePath")) for endpoint in values.get("endpoints", ())]
    if not known and len(set(flags)) > 1:
        reason = "its endpoints differ in overridePath, and the legacy section has one for all of them; give them paths that work with one."
        yield _stays(stream, places, (index, "endpoints"), "override-per-endpoint", reason, Severity.WARNING)

    if not known and "skipFallback" in values and release.number < _SKIP_FALLBACK_SINCE:
        reason = f"skipFallback needs Talos 1.9; the target is {release.text}."
        yield _stays(stream, places, (index, "skipFallback"), "unknown-key", reason, Severity.ERROR)
    for key, value in _going(config, index).values.items() if not known else ():
        if isinstance(value, str) and not _is_writable(value, config.release):
            reason = f"what Talos writes for its {key} does not say the same."
            yield _stays(stream, places, (index, key), "unwritable-value", reason, Severity.WARNING)


def _is_writable(text: str, release: Release) -> bool:
    """Whether a text is the same when it is written and read; only one of several lines may not be."""
    if "\n" not in text:
        return True
    item = next(documents(write(from_value([text], release)), release))
    return isinstance(item, Tree) and [located.node.value for located in located_nodes(item.root)] == [text]


def _stays(stream: Stream, places: Locator, path: Path, code: str, why: str, severity: Severity) -> Diagnostic:
    identity = stream.config.entries[int(path[0])].identity
    message = f"{identity.kind} {quoted(identity.name)} stays: {why}"
    return finding(stream.config, path, places.locate(path[1:]), code, message, severity)


def _going(config: MachineConfig, index: int) -> _Going:
    kind, values = config.entries[index].kind, config.entries[index].values or {}
    settings = {key: value for key, value in values.items() if key not in {"apiVersion", "kind", "name"}}
    name = values.get("name", "")
    if kind == MIRROR:
        return _Going(index, kind, (*REGISTRIES, "mirrors", name), _mirror(settings))
    section, written = ("auth", settings) if kind == AUTH else ("tls", _tls(settings))
    return _Going(index, kind, (*REGISTRIES, "config", name, section), written)


def _mirror(settings: dict[str, Any]) -> dict[str, Any]:
    endpoints = settings.get("endpoints", [])
    flags = {endpoint["overridePath"] for endpoint in endpoints if "overridePath" in endpoint}
    mirror: dict[str, Any] = {"endpoints": [endpoint["url"] for endpoint in endpoints]}
    if flags:
        mirror["overridePath"] = flags == {True}
    if "skipFallback" in settings:
        mirror["skipFallback"] = settings["skipFallback"]
    return mirror


def _tls(settings: dict[str, Any]) -> dict[str, Any]:
    tls = dict(settings)
    if "ca" in tls:
        tls["ca"] = _encoded(tls["ca"])
    if "clientIdentity" in tls:
        identity = tls["clientIdentity"]
        tls["clientIdentity"] = {"crt": _encoded(identity["cert"]), "key": _encoded(identity["key"])}
    return tls


def _encoded(pem: str) -> str:
    return pem if pem == REDACTED_KEY else b64encode(text_bytes(pem)).decode()


class _Rewrite:
    """One text on its way to the legacy section; ``regions`` are the stretches of the documents that go."""

    def __init__(self, stream: Stream, page: Page, regions: dict[int, Stretch]) -> None:
        self._stream = stream
        self._page = page
        self._regions = regions
        self._cuts = [Cut(*region, "") for region in regions.values()]
        self._going = [_going(stream.config, index) for index in regions]

    def text(self) -> str:
        """The new text, proven."""
        entries = {document.path: document.values for document in self._going}
        new = NewEntries(entries, self._stream.config.release)
        comments = [comment for document in self._going for comment in self._comments(document)]
        if self._stream.root is not None:
            return self._inserted(self._stream.root, new, comments)
        return self._as_document(new.document(comments))

    def _comments(self, document: _Going) -> Iterator[Comment]:
        """The comments of a document that goes, as they are to stand in its entry."""
        root, cut = self._stream.trees[document.place].root, Cut(*self._regions[document.place], "")
        for comment in self._page.comments.taken_out(root, [cut]):
            path = (*document.path[:4], *in_legacy(document.kind, comment.path))
            yield Comment(comment.text, path, "before" if comment.path in _HEAD else comment.place)

    def _inserted(self, root: Mapping, new: NewEntries, comments: list[Comment]) -> str:
        """The text with new entries in the v1alpha1 document; what the cuts for them take out stands in them again."""
        page = self._page
        bare, _ = new.plan(root, ())
        comments += page.comments.taken_out(root, page.cuts(root, bare))
        plan, homeless = new.plan(root, comments)
        text = page.with_end([*self._cuts, *page.cuts(root, plan)], homeless, ())
        self._prove(text, {self._stream.legacy_index: plan}, ())
        return text

    def _as_document(self, branch: Branch) -> str:
        """The text with a document of its own for the entries: at the end, or where the first of all its documents was."""
        page = self._page
        if len(self._going) < len(self._stream.trees):
            text = page.with_end(self._cuts, (), [branch])
        else:
            first, *others = self._cuts
            marker = f"---{page.canvas.line_break}" if page.text.startswith("---", first.begin) else ""
            new = marker + page.documents([branch])
            text = with_cuts(page.text, [first._replace(text=new), *others])
            text = page.without_new_end(text, [branch]) if text.endswith(new) else text
        self._prove(text, {}, [Planned(None, Replace(branch))])
        return text

    def _prove(self, text: str, plans: dict[int | None, Members], new: Sequence[Planned]) -> None:
        staying = [(at, tree) for at, tree in enumerate(self._stream.trees) if at not in self._regions]
        prove(self._stream, text, [*(Planned(tree.root, plans.get(at)) for at, tree in staying), *new])
