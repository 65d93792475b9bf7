"""What Talos says about a stream of documents: one verdict, all findings with their places.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go and
pkg/machinery/config/container/{container,validate}.go; yaml/go-yaml v4, internal/libyaml/errors.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, PatchError, Problem, Severity, Span, by_place
from talos_registry.documents import KINDS, legacy
from talos_registry.goyaml import Broken, Source, Tree
from talos_registry.goyaml.composer import place
from talos_registry.goyaml.nodes import Mapping, Sequence, span
from talos_registry.goyaml.paths import Locator, heading
from talos_registry.limits import MAX_DOCUMENTS
from talos_registry.loading.conflicts import Conflicts
from talos_registry.loading.decoder import Decoded, Identity, decode, identity_of
from talos_registry.loading.patches import Operation, without_statements
from talos_registry.loading.talos_error import TalosError
from talos_registry.loading.templates import without_noise
from talos_registry.masking import mask_secrets, masked_repr
from talos_registry.messages import printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Literal

    from talos_registry.documents.shapes import Values
    from talos_registry.versions import Release

__all__ = ["Entry", "Judgement", "judge_documents", "judge_patch", "syntax_message"]


class Entry(NamedTuple):
    """One document as it was read.

    ``values`` are there when its kind is ours and it could be decoded; ``begin`` and ``end`` bound its text, which says
    more than the values if a patch ``deletes`` something, too.
    """

    identity: Identity
    kind: str
    values: Values | None
    begin: int
    end: int
    deletes: bool = False

    def __repr__(self) -> str:
        return masked_repr(self, ("identity", "kind", "begin", "end"))


class Judgement(NamedTuple):
    """The documents of a stream, the findings in file order, what Talos prints, and whether it gets to see documents."""

    entries: tuple[Entry, ...]
    diagnostics: tuple[Diagnostic, ...]
    talos_error: str | None
    loads: bool


def judge_documents(items: Iterable[Tree | Broken], source: Source, filename: str, release: Release) -> Judgement:
    """Everything Talos refuses in the documents of a stream, which are taken one by one as far as anyone reads on."""
    return _judged(_StreamJudge(source, filename, release), items)


def judge_patch(items: Iterable[Tree | Broken], source: Source, filename: str, release: Release) -> Judgement:
    """Everything Talos refuses in the documents of a patch, whatever the config is that it is for."""
    return _judged(_PatchJudge(source, filename, release), items)


def _judged(stream: _StreamJudge, items: Iterable[Tree | Broken]) -> Judgement:
    for item in items:
        if stream.is_full:
            stream.stop_reading(item)
            break
        stream.take(item)
    stream.close()
    return stream.judgement()


_MAX_FINDINGS = 10_000
_NOBODY = Identity("", "", "")


class _StreamJudge:
    """Takes the documents one by one, in order; keeps what Talos says of them, and what this tool does."""

    def __init__(self, source: Source, filename: str, release: Release) -> None:
        self._source = source
        self._release = release
        self._entries: list[Entry] = []
        self._seen = _Seen()
        self._conflicts = Conflicts(release)
        self._talos = TalosError(source, release)
        self._diagnostics = _Diagnostics(filename)

    def judgement(self) -> Judgement:
        """What comes of it."""
        diagnostics = self._diagnostics.in_order()
        loads = not (
            self._talos.stops_loading or any(diagnostic.code == "limit-exceeded" for diagnostic in diagnostics)
        )
        shown = tuple(without_noise(diagnostics, self._source.text)) if diagnostics else ()
        return Judgement(tuple(self._entries), shown, self._talos.text, loads)

    @property
    def is_full(self) -> bool:
        """Whether there is more on record than anyone reads."""
        return len(self._entries) >= MAX_DOCUMENTS or self._diagnostics.count >= _MAX_FINDINGS

    def take(self, item: Tree | Broken) -> None:
        """Judge one document."""
        if isinstance(item, Broken):
            self._take_broken(item)
            return
        self._talos.meet(item.end)
        if isinstance(item.root, Mapping):
            self._take_document(item, item.root)
        elif not item.is_null:
            self._take_other(item)

    def stop_reading(self, item: Tree | Broken) -> None:
        """Read no further than ``item``."""
        message = f"This tool reads no further: there are {len(self._entries)} documents and {self._diagnostics.count} findings before this."
        line, column = place(self._source.text, item.begin)
        self._diagnostics.add(item.index, Problem("limit-exceeded", (), "", message), Span(line, column, line, column))
        self._entries.append(Entry(_NOBODY, "", None, item.begin, len(self._source.text)))

    def close(self) -> None:
        """Judge the stream as a whole."""
        if not self._entries:
            self._refuse_emptiness()
        if len(self._seen.image_caches) > 1:
            error_text = "image cache config is already set in v1alpha1 config"
            message = "The image cache is also set in machine.features.imageCache; keep one of the two."
            index, where = self._seen.image_caches["ImageCacheConfig"]
            problem = Problem("conflicting-image-cache", (), error_text, message)
            self._diagnostics.add(index, problem, where, self._entries[index].identity)
            self._talos.invalidate_all(error_text)

    def _refuse_emptiness(self) -> None:
        self._talos.stop("config not found")
        problem = Problem("empty-config", (), "", "There is no document in this file.")
        self._diagnostics.add(0, problem, Span(1, 1, 1, 1))

    # One kind of item each

    def _take_broken(self, broken: Broken) -> None:
        line, column = broken.mark
        self._talos.stop_at(broken)
        problem = (
            Problem("limit-exceeded", (), "", broken.problem)
            if broken.limit
            else Problem("yaml-syntax", (), "", syntax_message(broken, self._source.text))
        )
        self._diagnostics.add(broken.index, problem, Span(line, column, line, column + 1))
        self._entries.append(Entry(_NOBODY, "", None, broken.begin, broken.end))

    def _take_other(self, tree: Tree) -> None:
        self._talos.stop(f"expected a YAML document at line {tree.root.start_mark.line + 1}")
        what = "a list" if isinstance(tree.root, Sequence) else "plain text"
        problem = Problem("not-a-mapping", (), "", f"A document is a mapping of keys to values; this is {what}.")
        self._diagnostics.add(tree.index, problem, span(heading(tree.root)))
        self._entries.append(Entry(_NOBODY, "", None, tree.begin, tree.end))

    def _take_document(self, tree: Tree, root: Mapping) -> None:
        self._take_decoded(tree, root, decode(root, self._release, self._source.text))

    def _take_decoded(self, tree: Tree, root: Mapping, decoded: Decoded, *, deletes: bool = False) -> None:
        entry = Entry(decoded.identity, decoded.kind, decoded.values, tree.begin, tree.end, deletes)
        self._entries.append(entry)
        repeats = self._repeats(root, decoded)
        if repeats:
            self._refuse_another(tree, decoded, same_identity=repeats == "identity")
        if decoded.error is not None:
            self._talos.stop(decoded.error)
        for problem, node in decoded.problems:
            self._diagnostics.add(tree.index, problem, span(heading(node)), decoded.identity)
        if decoded.values is not None:
            self._validate(tree.index, decoded, decoded.values, Locator(tree.root))

    def _repeats(self, root: Mapping, decoded: Decoded) -> Literal["identity", "name"] | None:  # noqa: ARG002 - see below
        return self._seen.repeats(decoded)

    def _refuse_another(self, tree: Tree, decoded: Decoded, *, same_identity: bool) -> None:
        if same_identity:
            line = tree.root.start_mark.line + 1
            self._talos.stop(f"duplicate document {decoded.identity} is not allowed (line {line})")
        else:
            self._talos.repeat_name(*_kind_and_name(decoded))
        _, kind, name = decoded.identity
        which = f"{kind} {quoted(name)}" if name else kind
        message = f"There is already a document {which} in this file; make them one."
        problem = Problem("duplicate-document", (), "", message)
        self._diagnostics.add(tree.index, problem, span(Locator(tree.root).locate(("name",))), decoded.identity)

    def _validate(self, index: int, decoded: Decoded, values: Values, locator: Locator) -> None:
        is_legacy = decoded.kind == legacy.KIND
        if not is_legacy and decoded.kind not in KINDS:
            self._check_conflicts(index, decoded, values, locator)
            return
        judge_values = legacy.problems if is_legacy else KINDS[decoded.kind].problems
        problems = tuple(filter(self._counts, judge_values(values, self._release)))
        for problem in problems:
            self._diagnostics.add(index, problem, span(locator.locate(problem.path)), decoded.identity)
        if problems:
            self._talos.invalidate(decoded, problems)
        if legacy.has_image_cache(values) if is_legacy else decoded.kind == "ImageCacheConfig":
            self._seen.image_caches[decoded.kind] = (index, span(locator.locate(("kind",))))

    def _counts(self, problem: Problem) -> bool:  # noqa: ARG002 - in a config each does
        return True

    def _check_conflicts(self, index: int, decoded: Decoded, values: Values, locator: Locator) -> None:
        error_text = self._conflicts.refused(decoded.kind, values)
        if error_text is not None:
            self._talos.refuse_together(error_text)
            message = f"Talos does not take this document beside another: {error_text}."
            where = span(locator.locate(("name",)))
            self._diagnostics.add(index, Problem("conflicting-documents", (), "", message), where, decoded.identity)


class _PatchJudge(_StreamJudge):
    """Judges what a patch adds: nothing is missing that a config may hold."""

    def _take_document(self, tree: Tree, root: Mapping) -> None:
        added, deletes = None, True
        if isinstance(root, Operation) and root.fault is not None:
            message, node = root.fault
            problem = Problem("patch-error", (), "", f"Talos refuses this patch: {message}.")
            self._diagnostics.add(tree.index, problem, span(heading(node)))
        try:
            if not isinstance(root, Operation) or root.adds:
                added, deletes = without_statements(tree)
        except PatchError as error:
            self._refuse(tree, error)
        if added is None:
            self._entries.append(Entry(identity_of(root), "", None, tree.begin, tree.end, deletes))
        else:
            decoded = decode(added, self._release, self._source.text)
            self._take_decoded(tree._replace(root=added), root, decoded, deletes=deletes)

    def _refuse(self, tree: Tree, error: PatchError) -> None:
        message = f"Talos refuses this patch: {printable(mask_secrets(str(error)))}."
        line, column = error.line or 1, error.column or 1
        problem = Problem("patch-error", (), str(error), message)
        self._diagnostics.add(tree.index, problem, Span(line, column, line, column))

    def _repeats(self, root: Mapping, decoded: Decoded) -> Literal["identity", "name"] | None:
        counts = self._release.checks_patches and not isinstance(root, Operation)
        return super()._repeats(root, decoded) if counts else None

    def _counts(self, problem: Problem) -> bool:
        return problem.path != ("clientIdentity",)  # a half of it can be in the config

    def _refuse_emptiness(self) -> None:
        pass  # a patch of comments changes nothing


class _Seen:
    """What there can be one of in a stream; ``image_caches`` are the places of such settings by document kind."""

    def __init__(self) -> None:
        self.image_caches: dict[str, tuple[int, Span]] = {}
        self._identities: set[Identity] = set()
        self._names: set[tuple[str, str]] = set()

    def repeats(self, decoded: Decoded) -> Literal["identity", "name"] | None:
        """In what a document repeats one before it: what it calls itself, or its name in another spelling."""
        if decoded.identity in self._identities:
            return "identity"
        self._identities.add(decoded.identity)
        if decoded.values is None or decoded.kind == legacy.KIND:
            return None
        name = _kind_and_name(decoded)
        if name in self._names:
            return "name"
        self._names.add(name)
        return None


def _kind_and_name(decoded: Decoded) -> tuple[str, str]:
    return decoded.kind, (decoded.values or {}).get("name", "")


class _Diagnostics:
    """What this tool says about the documents of a file: as much as anyone reads, and the count of it all."""

    def __init__(self, filename: str) -> None:
        self.count = 0
        self._filename = filename
        self._kept: list[Diagnostic] = []
        self._first_unlisted: tuple[int, Span, Identity] | None = None

    def add(self, index: int, problem: Problem, where: Span, identity: Identity = _NOBODY) -> None:
        """Say what is wrong with the document at an index."""
        if problem.code == "limit-exceeded":
            self._keep(index, problem, where, identity)
            return
        self.count += 1
        if self.count <= _MAX_FINDINGS:
            self._keep(index, problem, where, identity)
        elif self._first_unlisted is None:
            self._first_unlisted = index, where, identity

    def _keep(self, index: int, problem: Problem, where: Span, identity: Identity) -> None:
        self._kept.append(
            Diagnostic(
                code=problem.code,
                severity=Severity.ERROR,
                message=problem.message,
                path=(index, *problem.path),
                kind=identity.kind,
                name=identity.name,
                file=self._filename,
                span=where,
            )
        )

    def in_order(self) -> list[Diagnostic]:
        """Those that are listed, in file order, and how many are not."""
        if self._first_unlisted is not None:
            index, where, identity = self._first_unlisted
            message = f"This tool lists no more than {_MAX_FINDINGS} findings of a file; there are {self.count - _MAX_FINDINGS} more."
            self._keep(index, Problem("limit-exceeded", (), "", message), where, identity)
        return sorted(self._kept, key=by_place)


def syntax_message(broken: Broken, text: str) -> str:
    """What is wrong with text that cannot be read as YAML, as a sentence."""
    if broken.stage == "reader":
        return f"This is not text in UTF-8: {broken.problem}."
    if broken.stage == "composer":
        return "This refers to an anchor (&name) that is nowhere before it; text that begins with * needs quotes."
    if "tab character" in broken.problem or text.startswith("\t", -1 if broken.offset is None else broken.offset):
        return "This line is indented with a tab; YAML indents with spaces."
    where = f" {broken.context}" if broken.context else ""
    return f"This cannot be read as YAML: {broken.problem}{where}."
