"""From documents to the legacy section, for Talos before 1.12."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import Severity
from talos_registry.documents.legacy import REDACTED_KEY
from talos_registry.go.strings import text_bytes
from talos_registry.goyaml.composer import Tree, documents
from talos_registry.goyaml.emitter import write
from talos_registry.goyaml.representer import from_value
from talos_registry.goyaml.text import Lines, apply_edits
from talos_registry.loading.config import parse_with_trees
from talos_registry.migration.anchors import needed_elsewhere
from talos_registry.migration.comments import Comment, comments_in, leaves
from talos_registry.migration.insertion import as_block, with_members
from talos_registry.migration.outcome import Migration, finding
from talos_registry.migration.places import AUTH, MIRROR, TLS, in_legacy
from talos_registry.migration.proof import Addition, prove
from talos_registry.migration.removal import Removal, document, whole
from talos_registry.migration.section import REGISTRIES, Stream, is_empty_at, value_at
from talos_registry.versions import release

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Diagnostic, Path
    from talos_registry.goyaml.comments import Stretch
    from talos_registry.goyaml.nodes import Mapping
    from talos_registry.loading.config import MachineConfig
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
    target = release(config.talos_version)
    if target.number < _DOCUMENTS_SINCE:
        first = ".".join(map(str, _DOCUMENTS_SINCE))
        config = parse_with_trees(config.text, filename=config.filename, talos_version=first)
    stream = Stream.of(config)
    refusals = {index: tuple(_refusals(config, stream, index, target)) for index in _ours(config)}
    lines = Lines(config.text)
    regions = {index: document(lines, stream.trees[index]) for index in refusals if not refusals[index]}
    for index, why in needed_elsewhere(stream.trees, regions).items():
        refusals[index] = (_stays(config, stream, (index,), "anchor-in-use", why, Severity.WARNING),)
    going = [_going(config, index) for index in refusals if not refusals[index]]
    stays = tuple(one for index in refusals for one in refusals[index])
    if not going:
        return Migration(config.text, stays)
    return Migration(_Rewrite(config, stream, going).text(), stays)


def _ours(config: MachineConfig) -> list[int]:
    return [index for index, entry in enumerate(config.entries) if entry.identity.kind in {MIRROR, AUTH, TLS}]


def _refusals(config: MachineConfig, stream: Stream, index: int, target: Release) -> Iterator[Diagnostic]:
    """Why a document has to stay."""
    known = [one for one in config.diagnostics if one.path[:1] == (index,)]
    for one in known:
        yield _stays(config, stream, one.path, one.code, one.message, Severity.ERROR)
    values = config.entries[index].values or {}
    flags = [bool(endpoint.get("overridePath")) for endpoint in values.get("endpoints", ())]
    if not known and len(set(flags)) > 1:
        said = "its endpoints differ in overridePath, and the legacy section has one for all of them; give them paths that work with one."
        yield _stays(config, stream, (index, "endpoints"), "override-per-endpoint", said, Severity.WARNING)

    if not known and "skipFallback" in values and target.number < _SKIP_FALLBACK_SINCE:
        said = f"skipFallback needs Talos 1.9; the target is {target.text}."
        yield _stays(config, stream, (index, "skipFallback"), "unknown-key", said, Severity.ERROR)
    for key, value in _going(config, index).values.items() if not known else ():
        if isinstance(value, str) and not _is_writable(value, config.release):
            said = f"what Talos writes for its {key} does not say the same."
            yield _stays(config, stream, (index, key), "unwritable-value", said, Severity.WARNING)


def _is_writable(text: str, target: Release) -> bool:
    """Whether a text is the same when it is written and read; only one of several lines may not be."""
    if "\n" not in text:
        return True
    item = next(documents(write(from_value([text], target)), target))
    return isinstance(item, Tree) and [leaf.node.value for leaf in leaves(item.root)] == [text]


def _stays(config: MachineConfig, stream: Stream, path: Path, code: str, why: str, severity: Severity) -> Diagnostic:
    identity = config.entries[int(path[0])].identity
    message = f'{identity.kind} "{identity.name}" stays: {why}'
    return finding(config, path, stream.trees[int(path[0])].root, code, message, severity)


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
    """One text on its way to the legacy section: first all that goes is taken out, then what is new put in."""

    def __init__(self, config: MachineConfig, stream: Stream, going: list[_Going]) -> None:
        self._config = config
        self._stream = stream
        self._going = going
        self._target = release(config.talos_version)
        self._lines = Lines(config.text)
        self._comments: list[Comment] = []
        self._removal = Removal(_replaced(stream.root, going))
        left = self._removal.remaining(stream.root) if stream.root else ()
        self._loses_root = stream.root is not None and all(member.key.value == "version" for member in left)

    def text(self) -> str:
        """The new text, proven."""
        lines = self._lines
        cut = sorted(self._cut())
        rest = apply_edits(lines.text, [lines.edit(*region, "") for region in cut])
        data: dict[str, Any] = {}
        for one in self._going:
            _put(data, one.path, one.values)
        stream = Stream.read(rest, self._target)
        if stream.root is not None:
            text = with_members(rest, stream.root, data, self._comments, self._target)
            new = Addition(0, 0, Removal(_leaves_of(data)))
        else:
            block = as_block(data, self._comments, self._target, lines.line_break)
            text = self._appended(rest, block) if stream.trees else self._in_place(cut, block)
            new = Addition(len(stream.trees), 1)
        self._prove(text, new)
        return text

    def _appended(self, text: str, block: str) -> str:
        end = "" if text.endswith(("\n", "\r")) else self._lines.line_break
        return f"{text}{end}---{self._lines.line_break}{block}"

    def _in_place(self, cut: list[Stretch], block: str) -> str:
        """The text with ``block`` where the first of all its documents was."""
        lines = self._lines
        marker = f"---{lines.line_break}" if lines.text.startswith("---", cut[0].begin) else ""
        edits = [lines.edit(*cut[0], marker + block), *(lines.edit(*region, "") for region in cut[1:])]
        return apply_edits(lines.text, edits)

    def _cut(self) -> Iterator[Stretch]:
        """What to take out; its comments are kept."""
        for one in self._going:
            tree = self._stream.trees[one.place]
            region = document(self._lines, tree)
            yield region
            for comment in comments_in(self._lines, [*leaves(tree.root)], *region):
                path = (*one.path[:4], *in_legacy(one.kind, comment.path))
                place = "before" if comment.path in _HEAD else comment.place
                self._comments.append(Comment(comment.text, path, place))
        root = self._stream.root
        if root is None:
            return
        found = [*leaves(root)]
        for region in [whole(self._lines, root)] if self._loses_root else self._removal.regions(self._lines, root):
            yield region
            self._comments += comments_in(self._lines, found, *region)

    def _prove(self, text: str, new: Addition) -> None:
        gone = {one.place for one in self._going}
        if self._loses_root and self._stream.legacy_index is not None:
            gone.add(self._stream.legacy_index)
        kept = [
            (tree.root, self._removal if at == self._stream.legacy_index else Removal(()))
            for at, tree in enumerate(self._stream.trees)
            if at not in gone
        ]
        prove(self._config, text, kept, new)


def _put(data: dict[str, Any], path: Path, values: dict[str, Any]) -> None:
    for step in path[:-1]:
        data = data.setdefault(str(step), {})
    data[str(path[-1])] = values


def _leaves_of(data: dict[str, Any], path: Path = ()) -> list[Path]:
    if len(path) == 5 or (len(path) == 4 and path[2] == "mirrors"):  # noqa: PLR2004 - an entry of mirrors, a part of one of config
        return [path]
    return [leaf for key, value in data.items() for leaf in _leaves_of(value, (*path, key))]


def _replaced(root: Mapping | None, going: list[_Going]) -> list[Path]:
    """What new entries take the place of, and what is empty on the way to them."""
    if root is None:
        return []
    on_the_way = {one.path[:depth] for one in going for depth in range(1, len(one.path))}
    empty = [path for path in on_the_way if is_empty_at(root, path)]
    return [*empty, *(one.path for one in going if value_at(root, one.path) is not None)]
