"""What Talos says about a stream of documents: one verdict, all findings with their places.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go and
pkg/machinery/config/container/{container,validate}.go; yaml/go-yaml v4, internal/libyaml/errors.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, Problem, Severity, Span
from talos_registry.documents import KINDS, legacy
from talos_registry.goyaml.composer import Broken, Source, Tree, documents, is_read_ahead, place
from talos_registry.goyaml.errors import unreadable
from talos_registry.goyaml.nodes import Mapping, Node, Sequence, span
from talos_registry.goyaml.paths import heading, locate
from talos_registry.loading.decoder import Decoded, Identity, decode
from talos_registry.loading.templates import without_noise
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.documents.shapes import Values
    from talos_registry.versions import Release

__all__ = ["Entry", "Judgement", "judge", "judge_documents"]


class Entry(NamedTuple):
    """One document as it was read.

    ``values`` are there when its kind is ours and it could be decoded; ``begin`` and ``end`` bound its text.
    """

    identity: Identity
    kind: str
    values: Values | None
    begin: int
    end: int


class Judgement(NamedTuple):
    """The documents of a stream, the findings in file order, what Talos prints, and whether it gets to see documents."""

    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]
    talos_error: str | None
    loads: bool


def judge(source: Source, filename: str, release: Release) -> Judgement:
    """Everything Talos refuses in a stream, as far as our kinds go; each tree is dropped once it is judged."""
    return judge_documents(documents(source, release), source, filename, release)


def judge_documents(items: Iterable[Tree | Broken], source: Source, filename: str, release: Release) -> Judgement:
    """Everything Talos refuses in the documents of a stream, which are taken one by one as far as anyone reads on."""
    stream = _Stream(source, filename, release)
    for item in items:
        if stream.is_full:
            stream.stop(item)
            break
        stream.take(item)
    stream.close()
    return Judgement(tuple(stream.entries), stream.findings(), stream.talos_error(), stream.loads)


_MAX_DOCUMENTS, _MAX_FINDINGS = 50_000, 10_000
_NOBODY = Identity("", "", "")
_LONE_BYTE = re.compile("[\udc80-\udcff]")


class _Stream:
    """Takes the documents one by one, in order, and keeps what is found."""

    def __init__(self, source: Source, filename: str, release: Release) -> None:
        self.entries: list[Entry] = []
        self._source = source
        self._text = source.text
        self._filename = filename
        self._release = release
        self._found: list[Diagnostic] = []
        self._load_error: str | None = None
        self._invalid: dict[str, str] = {}
        self._identities: set[Identity] = set()
        self._late_error: str | None = None
        self._names: set[tuple[str, str]] = set()
        self._image_caches: dict[bool, tuple[Span, Identity, int]] = {}
        self._conflict: str | None = None
        self._recent: tuple[tuple[int, str | None], ...] = ()
        self._is_cut_short = False

    def take(self, item: Tree | Broken) -> None:
        """Judge one document."""
        if isinstance(item, Broken):
            self._forget_what_talos_never_saw(item)
            self._take_broken(item)
            self.entries.append(Entry(_NOBODY, "", None, item.begin, item.end))
            return
        self._recent = (*self._recent[-1:], (item.end, self._load_error))
        if isinstance(item.root, Mapping):
            decoded = self._take_document(item.root)
            self.entries.append(Entry(decoded.identity, decoded.kind, decoded.values, item.begin, item.end))
        elif not item.is_null:
            self._take_other(item.root)
            self.entries.append(Entry(_NOBODY, "", None, item.begin, item.end))

    @property
    def is_full(self) -> bool:
        """Whether there is more on record than anyone reads."""
        return len(self.entries) >= _MAX_DOCUMENTS or len(self._found) >= _MAX_FINDINGS

    def stop(self, item: Tree | Broken) -> None:
        """Pass over the rest of the text, from ``item`` on."""
        message = f"This tool reads no further: there are {len(self.entries)} documents and {len(self._found)} findings before this."
        line, column = place(self._text, item.begin)
        self._report(Problem("limit-exceeded", (), "", message), Span(line, column, line, column), _NOBODY)
        self.entries.append(Entry(_NOBODY, "", None, item.begin, len(self._text)))

    def close(self) -> None:
        """Judge the stream as a whole."""
        if not self.entries:
            self._fail("config not found")
            problem = Problem("empty-config", (), "", "There is no document in this file.")
            self._report(problem, Span(1, 1, 1, 1), _NOBODY)
        if len(self._image_caches) > 1:
            said = "image cache config is already set in v1alpha1 config"
            message = "The image cache is also set in machine.features.imageCache; keep one of the two."
            self._report(Problem("conflicting-image-cache", (), said, message), *self._image_caches[False])
            self._conflict = said

    def findings(self) -> tuple[Diagnostic, ...]:
        """Everything found, in file order."""
        found = sorted(self._found, key=lambda one: (one.line or 0, one.column or 0))
        return tuple(without_noise(found, self._text) if found else found)

    @property
    def loads(self) -> bool:
        """Whether all documents could be read, valid or not."""
        return not (self._load_error or self._late_error or self._is_cut_short)

    def talos_error(self) -> str | None:
        """What Talos prints: the first load error, else the validation error."""
        said = self._load_error or self._late_error or self._validation_error()
        return said and _LONE_BYTE.sub("\ufffd", said)

    # One kind of item each

    def _forget_what_talos_never_saw(self, broken: Broken) -> None:
        """Drop the error of a document that Talos does not come to look at, because it reads ahead into broken text."""
        recent, self._recent = self._recent, ()
        for end, error_before in recent:
            if error_before is None and not broken.limit and is_read_ahead(self._source, end, self._release):
                self._load_error = None
                return

    def _take_broken(self, broken: Broken) -> None:
        line, column = broken.mark
        if broken.limit:
            problem = Problem("limit-exceeded", (), "", broken.problem)
        else:
            self._fail(f"decode error: {unreadable(broken, self._release)}")
            problem = Problem("yaml-syntax", (), "", _syntax_message(broken))
        self._report(problem, Span(line, column, line, column + 1), _NOBODY)

    def _take_other(self, root: Node) -> None:
        self._fail(f"expected a YAML document at line {root.start_mark.line + 1}")
        what = "a list" if isinstance(root, Sequence) else "plain text"
        problem = Problem("not-a-mapping", (), "", f"A document is a mapping of keys to values; this is {what}.")
        self._report(problem, span(heading(root)), _NOBODY)

    def _take_document(self, root: Mapping) -> Decoded:
        decoded = decode(root, self._release, self._text)
        if decoded.identity in self._identities:
            self._fail(f"duplicate document {decoded.identity} is not allowed (line {root.start_mark.line + 1})")
            self._report_duplicate(decoded, root)
        elif self._is_named_again(decoded):
            self._report_duplicate(decoded, root)
        self._identities.add(decoded.identity)
        if decoded.error is not None:
            self._fail(decoded.error)
        for finding in decoded.findings:
            self._report(finding.problem, span(heading(finding.node)), decoded.identity)
        if decoded.values is not None:
            self._judge(decoded, decoded.values, root)
        return decoded

    def _judge(self, decoded: Decoded, values: Values, root: Mapping) -> None:
        legacy_section = decoded.kind == legacy.KIND
        judged = (
            legacy.problems(values, self._release)
            if legacy_section
            else KINDS[decoded.kind].problems(values, self._release)
        )
        problems = tuple(judged)
        for problem in problems:
            self._report(problem, span(locate(root, problem.path)), decoded.identity)
        if problems:
            self._invalid[_document_id(decoded, values)] = _joined(problems, legacy_section=legacy_section)
        if legacy.has_image_cache(values) if legacy_section else decoded.kind == "ImageCacheConfig":
            where = span(locate(root, ("kind",)))
            self._image_caches[legacy_section] = (where, decoded.identity, len(self.entries))

    def _is_named_again(self, decoded: Decoded) -> bool:
        """Whether another spelling of the name has been read; Talos finds out when all documents are decoded."""
        if decoded.values is None or decoded.kind == legacy.KIND:
            return False
        name = (decoded.kind, decoded.values.get("name", ""))
        if name in self._names and self._late_error is None:
            self._late_error = f"duplicate document: {'/'.join(name)}"
        again = name in self._names
        self._names.add(name)
        return again

    def _report_duplicate(self, decoded: Decoded, root: Mapping) -> None:
        _, kind, name = decoded.identity
        which = f"{kind} {quoted(name)}" if name else kind
        message = f"There is already a document {which} in this file; make them one."
        self._report(Problem("duplicate-document", (), "", message), span(locate(root, ("name",))), decoded.identity)

    # What has been found

    def _fail(self, said: str) -> None:
        if self._load_error is None:
            self._load_error = said

    def _report(self, problem: Problem, where: Span, identity: Identity, index: int | None = None) -> None:
        self._is_cut_short |= problem.code == "limit-exceeded"
        self._found.append(
            Diagnostic(
                code=problem.code,
                severity=Severity.ERROR,
                message=problem.message,
                path=(len(self.entries) if index is None else index, *problem.path),
                kind=identity.kind,
                name=identity.name,
                file=self._filename,
                **where._asdict(),
            )
        )

    def _validation_error(self) -> str | None:
        legacy_first = sorted(self._invalid.items(), key=lambda item: item[0] != _LEGACY_ID)
        said = [name + text for name, text in legacy_first]
        if self._conflict:
            said.append(self._conflict)
        return _multierror(said) if said else None


_LEGACY_ID = "v1alpha1.Config: "


def _document_id(decoded: Decoded, values: Values) -> str:
    if decoded.kind == legacy.KIND:
        return _LEGACY_ID
    return f"{decoded.kind}/{values.get('name', '')}: " if KINDS[decoded.kind].named else f"{decoded.kind}: "


def _joined(problems: tuple[Problem, ...], *, legacy_section: bool) -> str:
    said = [problem.text for problem in problems]
    return _multierror(said) if legacy_section else "\n".join(said)


def _multierror(said: list[str]) -> str:
    """Several errors as hashicorp/go-multierror prints them."""
    count = "1 error" if len(said) == 1 else f"{len(said)} errors"
    return f"{count} occurred:\n" + "".join(f"\t* {text}\n" for text in said) + "\n"


def _syntax_message(broken: Broken) -> str:
    if broken.stage == "reader":
        return f"This is not text in UTF-8: {broken.problem}."
    if broken.stage == "composer":
        return "This refers to an anchor (&name) that is nowhere before it; text that begins with * needs quotes."
    where = f" {broken.context}" if broken.context else ""
    return f"This cannot be read as YAML: {broken.problem}{where}."
