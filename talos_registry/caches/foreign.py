"""The files of other tools: their values with places, and what comes of them.

YAML, TOML and JSON become the same ``Given`` values, so that each format only says what its keys mean.
"""

from __future__ import annotations

import json
import posixpath
import re
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import Diagnostic, Path, Severity, Span, dotted
from talos_registry.documents import RegistryEndpoint, RegistryMirrorConfig
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.goyaml import Broken, Source, documents
from talos_registry.goyaml.nodes import Mapping as YamlMapping
from talos_registry.goyaml.nodes import Sequence as YamlSequence
from talos_registry.goyaml.nodes import pairs, span
from talos_registry.goyaml.scalars import BOOL_WORDS, TRUE_WORDS
from talos_registry.goyaml.tags import is_merge, resolved, scalar_tag, scalar_text
from talos_registry.limits import MAX_BYTES, MAX_DEPTH, MAX_NODES
from talos_registry.loading.verdict import syntax_message
from talos_registry.masking import mask_before_at, mask_path, mask_quoted
from talos_registry.messages import did_you_mean, printable, quoted, shortened
from talos_registry.resolution import containerd
from talos_registry.resolution.hosts import upstream_host
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from talos_registry.documents import RegistryDocument
    from talos_registry.go.url import Url
    from talos_registry.goyaml.nodes import Node

__all__ = ["Entry", "ForeignFile", "Given", "is_upstream", "login_host", "url_of"]


@dataclass(frozen=True, slots=True)
class Given:
    """A value of a file.

    Attributes:
        value: a text, a flag, None, or a dict or a list of such values; other scalars are their texts.
        path: keys and list indices, from the root of the file.
        span: where it stands; None where that is not known.
    """

    value: Any = field(repr=False)
    path: Path = ()
    span: Span | None = None

    @property
    def where(self) -> str:
        """The path as messages name it."""
        return printable(shortened(dotted(mask_path(self.path)))) or "the file"


class Entry(NamedTuple):
    """A document that is to be made, and where what it says stands.

    ``keeps_away``: a mirror that is needed only where there is a catch-all, which is not asked for its registry host.
    """

    document: RegistryDocument
    file: str
    span: Span | None
    keeps_away: bool = False


_TOO_DEEP = f"The file is nested deeper than the {MAX_DEPTH} levels this tool reads."


class _TooMuch(Exception):  # noqa: N818 - a way out, not an error
    """What is over a limit of this tool; ``str()`` says which."""


class ForeignFile:
    """One file of another tool, while it is read: its values, what is wrong with them, and the ``entries`` that come of it.

    ``read`` gives the file at a path of the node, None where it is not at hand.
    """

    def __init__(self, name: str, data: bytes, read: Callable[[str], bytes | None] | None) -> None:
        self.name = name
        self.entries: list[Entry] = []
        self.findings: list[Diagnostic] = []
        self.source = Source.of(data)
        self._read = read
        self._left = MAX_NODES

    # What is found

    def diagnostic(self, code: str, message: str, at: Given | Span | None = None) -> None:
        """Report something."""
        where = at.span if isinstance(at, Given) else at
        finding = Diagnostic(code=code, severity=Severity.ERROR, message=message, file=self.name, span=where)
        self.findings.append(finding)

    def no_counterpart(self, given: Given, why: str) -> None:
        """Report a value that no document of Talos can say."""
        self.diagnostic("import-no-counterpart", f"{given.where} has no counterpart: {why}.", given)

    def add(self, document: RegistryDocument, at: Given) -> None:
        """Make a document."""
        self.entries.append(Entry(document, self.name, at.span))

    # Reading

    def yaml(self) -> Given | None:
        """The first document of YAML; None for what cannot be read, and for nothing."""
        if self._is_too_large():
            return None
        items = documents(self.source, release_of(LATEST))
        said = (item for item in items if isinstance(item, Broken) or not item.is_null)
        first = next(said, None)
        if first is None:
            return None
        if isinstance(first, Broken):
            code = "limit-exceeded" if first.limit else "yaml-syntax"
            message = first.problem if first.limit else syntax_message(first, self.source.text)
            self.diagnostic(code, message, Span(*first.mark, *first.mark))
            return None
        tree = first.root
        root = self._within_limits(lambda: self._of_yaml(tree, ()))
        second = next(said, None)
        if second is not None:
            where = Span(*second.mark, *second.mark) if isinstance(second, Broken) else span(second.root)
            message = "Only the first document of a file counts, as for k3s; this is another."
            self.diagnostic("import-no-counterpart", message, where)
        return root

    def toml(self) -> Given | None:
        """TOML; None for what cannot be read."""
        return self._parsed(tomllib.loads, "TOML", _TomlPlaces(self.source.text).find)

    def json(self) -> Given | None:
        """JSON; None for what cannot be read."""
        return self._parsed(partial(json.loads, object_pairs_hook=self._object), "JSON", lambda _: None)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        """An object of JSON, whose keys should differ."""
        for key, count in Counter(key for key, _ in pairs).items():
            if count > 1:
                name = quoted(mask_before_at(key))
                self.diagnostic("duplicate-key", f"{name} is {count} times in one object; the last is taken.")
        return dict(pairs)

    def _parsed(self, loads: Callable[[str], Any], language: str, find: Callable[[Path], Span | None]) -> Given | None:
        if self._is_too_large():
            return None
        try:
            self.source.data.decode()
            value = loads(self.source.text)
        except RecursionError:
            self.diagnostic("limit-exceeded", _TOO_DEEP)
        except json.JSONDecodeError as error:
            place = Span(error.lineno, error.colno, error.lineno, error.colno)
            self.diagnostic("import-syntax", f"This cannot be read as JSON: {error.msg}.", place)
        except UnicodeDecodeError:
            self.diagnostic("import-syntax", f"This cannot be read as {language}: it is not text in UTF-8.")
        except ValueError as error:
            reason, at = _reason_and_place(str(error))
            self.diagnostic("import-syntax", f"This cannot be read as {language}: {reason}.", at)
        else:
            return self._within_limits(lambda: self._of_plain(value, (), find))
        return None

    def _is_too_large(self) -> bool:
        is_too_large = len(self.source.data) > MAX_BYTES
        if is_too_large:
            self.diagnostic("limit-exceeded", f"The file is larger than the {MAX_BYTES >> 20} MiB this tool reads.")
        return is_too_large

    def _within_limits(self, convert: Callable[[], Given]) -> Given | None:
        try:
            return convert()
        except _TooMuch as refusal:
            self.diagnostic("limit-exceeded", str(refusal))
        except RecursionError:
            self.diagnostic("limit-exceeded", _TOO_DEEP)
        return None

    def _spend(self, path: Path) -> None:
        # An alias stands for all that it names, and can name what it is in.
        self._left -= 1
        if self._left < 0:
            raise _TooMuch(f"The file holds more than the {MAX_NODES} values this tool reads.")
        if len(path) > MAX_DEPTH:
            raise _TooMuch(_TOO_DEEP)

    def _of_yaml(self, node: Node, path: Path) -> Given:
        self._spend(path)
        target = resolved(node)
        where = span(node)
        if isinstance(target, YamlMapping):
            return Given(self._members_of(target, path), path, where)
        if isinstance(target, YamlSequence):
            items = [self._of_yaml(item, (*path, index)) for index, item in enumerate(target.content)]
            return Given(items, path, where)
        tag = scalar_tag(target)
        text = scalar_text(target)
        value = None if tag == "!!null" else text in {"true", "True", "TRUE"} if tag == "!!bool" else text
        return Given(value, path, where)

    def _members_of(self, mapping: YamlMapping, path: Path) -> dict[str, Given]:
        merged: dict[str, Given] = {}
        own: dict[str, Given] = {}
        for key, value in pairs(mapping):
            if is_merge(key):
                for others in self._merged(value, path):
                    merged = {**others, **merged}
                continue
            name = resolved(key).value
            given = self._of_yaml(value, (*path, name))
            if name in own:
                message = f"{given.where} is there twice; the first is taken."
                self.diagnostic("duplicate-key", message, span(key))
            else:
                own[name] = Given(given.value, given.path, span(key) if isinstance(given.value, dict) else given.span)
        return {**merged, **own}

    def _merged(self, value: Node, path: Path) -> Iterator[dict[str, Given]]:
        given = self._of_yaml(value, (*path, "<<"))
        for one in given.value if isinstance(given.value, list) else [given]:
            if isinstance(one.value, dict):
                yield one.value
            else:
                self.diagnostic("wrong-type", "A merge key takes a mapping or a list of mappings.", one)

    def _of_plain(self, value: Any, path: Path, find: Callable[[Path], Span | None]) -> Given:
        self._spend(path)
        where = find(path)
        if isinstance(value, dict):
            return Given({key: self._of_plain(item, (*path, key), find) for key, item in value.items()}, path, where)
        if isinstance(value, list):
            return Given([self._of_plain(item, (*path, at), find) for at, item in enumerate(value)], path, where)
        return Given(value if value is None or isinstance(value, bool | str) else str(value), path, where)

    # Values by their types

    def members(self, given: Given | None, known: Iterable[str]) -> dict[str, Given]:
        """The members of a mapping with fixed keys that have a value; other keys are reported."""
        members = self.table(given)
        names = tuple(known)
        for name, other in members.items():
            if name in names:
                continue
            self.diagnostic("unknown-key", f"{other.where} is no key here{did_you_mean(name, names)}", other)
        return {name: members[name] for name in names if name in members}

    def table(self, given: Given | None) -> dict[str, Given]:
        """The members of a mapping with any keys that have a value."""
        if given is None or not isinstance(given.value, dict):
            self._want("a mapping", given)
            return {}
        return {name: member for name, member in given.value.items() if member.value is not None}

    def items(self, given: Given | None) -> list[Given]:
        """The items of a list that have a value."""
        if given is None or not isinstance(given.value, list):
            self._want("a list", given)
            return []
        return [item for item in given.value if item.value is not None]

    def text(self, given: Given | None) -> str:
        """A text; "" for nothing."""
        if given is None or not isinstance(given.value, str) or not _is_text(given.value):
            self._want("text", given)
            return ""
        return given.value

    def flag(self, given: Given | None) -> bool:
        """A flag; False for nothing."""
        if given is not None and isinstance(given.value, str) and given.value in BOOL_WORDS:
            return given.value in TRUE_WORDS
        if given is None or not isinstance(given.value, bool):
            self._want("true or false", given)
            return False
        return given.value

    def texts(self, given: Given | None) -> list[Given]:
        """A text, or several in a list."""
        return [given] if given is not None and isinstance(given.value, str) else self.items(given)

    def _want(self, what: str, given: Given | None) -> None:
        if given is not None and given.value is not None:
            self.diagnostic("wrong-type", f"{given.where} must be {what}, not {_type_of(given.value)}.", given)

    # What several formats say

    def node_file(self, given: Given | None) -> str:
        """The text of a file that is named by its path on the node; "" where it is not at hand, which is reported."""
        path = self.text(given)
        if given is None or not path:
            return ""
        place = path if path.startswith("/") else posixpath.join(posixpath.dirname(self.name), path)
        data = self._read(place) if self._read is not None else None
        try:
            text = None if data is None else data.decode()
        except UnicodeDecodeError:
            text = None
        if text is None:
            message = (
                f"{given.where} names a file of the node that is not at hand, {quoted(path)}; what is in it is missing."
            )
            self.diagnostic("import-node-file", message, given)
        return text or ""

    def usable(self, endpoint: RegistryEndpoint, at: Given) -> bool:
        """Whether Talos takes an endpoint; otherwise what it says of it is reported."""
        refused = RegistryMirrorConfig(name="x", endpoints=(endpoint,)).validate_talos(LATEST)
        for one in refused:
            self.diagnostic(one.code, one.message, at)
        return not refused

    def add_mirror(
        self,
        name: str,
        endpoints: list[RegistryEndpoint],
        last: RegistryEndpoint | None,
        at: Given,
        *,
        trusts: bool = False,
    ) -> None:
        """Make the mirror of a registry host whose endpoints are tried before ``last``; None is the upstream.

        ``trusts``: there are TLS settings for what is tried last. containerd has them on a node for endpoints alone.
        """
        is_own = last is None or is_upstream(last, name)
        trusts = trusts and name != "*"  # the upstream of which there are many
        if is_own and trusts:
            last = RegistryEndpoint(url=f"https://{upstream_host(name)}")
        falls_back = is_own and not trusts
        tried = endpoints if last is None or falls_back else [*endpoints, last]
        document = RegistryMirrorConfig(name=name, endpoints=tried, skip_fallback=None if falls_back else True)
        # TLS settings are named after the upstream: those of a registry host that is its own upstream need no mirror.
        says_nothing = falls_back or (is_own and upstream_host(name) == name)
        self.entries.append(Entry(document, self.name, at.span, keeps_away=says_nothing and not endpoints))


def login_host(host: str) -> str:
    """The endpoint host for which a tool keeps credentials or certificates; Docker Hub has several names for it."""
    return "registry-1.docker.io" if host in {"docker.io", "index.docker.io"} else host


def url_of(text: str) -> Url | None:
    """A URL; None for what is none."""
    try:
        return parse_url(text)
    except InvalidURLError:
        return None


def is_upstream(endpoint: RegistryEndpoint, name: str) -> bool:
    """Whether an endpoint is asked as the upstream of a registry host is."""
    url = url_of(endpoint.url)
    if url is None or name == "*":
        return False
    path = containerd.api_path(url.path, override=bool(endpoint.override_path))
    return (url.scheme, url.host, containerd.api_path(path, override=True)) == ("https", upstream_host(name), "/v2")


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def _type_of(value: object) -> str:
    if isinstance(value, bool):
        return "true or false"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else "this text"


_PLACE = re.compile(r" \(at line (\d+), column (\d+)\)\Z")


def _reason_and_place(text: str) -> tuple[str, Span | None]:
    """What a reader of TOML says, without what could be a password, and where."""
    place = _PLACE.search(text)
    reason = printable(shortened(mask_quoted(_PLACE.sub("", text)))).partition(" (at ")[0]
    if place is None:
        return reason, None
    line, column = map(int, place.groups())
    return reason, Span(line, column, line, column)


class _TomlPlaces:
    """Where tables and keys begin in a TOML text as people write it; what is written otherwise has no place."""

    def __init__(self, text: str) -> None:
        self._spans: dict[Path, Span] = {}
        has_lines_in_texts = '"""' in text or "'''" in text
        table: Path = ()
        for at, line in enumerate(() if has_lines_in_texts else text.split("\n"), 1):
            header, key = _HEADER.match(line), _KEY.match(line)
            if header:
                steps = (header["name"], header["double"] or header["single"], header["part"])
                table = tuple(step for step in steps if step)
            if header or key:
                column = len(line) - len(line.lstrip()) + 1
                self._spans.setdefault((*table, key["key"]) if key else table, Span(at, column, at, column))

    def find(self, path: Path) -> Span | None:
        """The place of a table or a key; of what is in a value that of its key."""
        return self._spans.get(path[: len(("host", "URL", "key"))] if path[:1] == ("host",) else path[:1])


_HEADER = re.compile(
    r"""\s*\[\s*(?P<name>[\w-]+)\s*(?:\.\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)')\s*(?:\.\s*(?P<part>[\w-]+))?)?"""
)
_KEY = re.compile(r"\s*(?P<key>[\w-]+)\s*=")
