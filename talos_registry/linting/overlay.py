"""A config under its patches: what each of them makes of it, and from which file a value of the result comes."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import chain, repeat
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import Diagnostic, PatchError, Severity, Span
from talos_registry.documents import legacy
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.paths import Locator
from talos_registry.goyaml.tags import resolved
from talos_registry.linting.finding import Finding
from talos_registry.linting.placing import CodedFinding, diagnostic_at
from talos_registry.linting.view import PatchStep
from talos_registry.loading.decoder import Identity
from talos_registry.loading.verdict import Entry
from talos_registry.masking import mask_secrets
from talos_registry.messages import printable
from talos_registry.patching import apply_patches
from talos_registry.patching.applying import Change, changes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Mapping as MappingOf
    from collections.abc import Sequence as SequenceOf

    from talos_registry.diagnostic import Path
    from talos_registry.documents.shapes import Values
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig
    from talos_registry.patching.documents import Draft

__all__ = ["Overlay"]


@dataclass(frozen=True)
class Overlay:
    """A config under its patches: the files, what each patch does up to the first that is refused, and the result."""

    files: tuple[MachineConfig, ...]
    steps: tuple[PatchStep, ...]
    merged: MachineConfig

    @classmethod
    def of(cls, files: Iterable[MachineConfig]) -> Overlay:
        """The first of the files under the others."""
        base, *patches = files
        merged, count, error = _merged(base, patches)
        return cls((base, *patches), tuple(_steps(base, patches, count, error)), merged)

    def placed(self, findings: Iterable[CodedFinding]) -> list[Diagnostic]:
        """Findings about the result, or about one patch, with their places in the files; they have no fixes."""
        return [self._placed(coded) for coded in findings]

    def _placed(self, coded: CodedFinding) -> Diagnostic:
        index, path = coded.finding.patch, coded.finding.path
        if index is None:
            return self._origins.place(coded, self.merged)
        step = self.steps[index]
        if not path:
            return _at_start(coded, step.patch)
        return self._origins_in_patches[index].place(coded, step.after)

    @cached_property
    def _origins(self) -> _Origins:
        return _Origins(self.files)

    @cached_property
    def _origins_in_patches(self) -> list[_Origins]:
        return [_Origins([patch]) for patch in self.files[1:]]

    def refusals(self, diagnostics: Iterable[Diagnostic]) -> Iterator[Diagnostic]:
        """What Talos refuses: in the config alone, in a patch, and in the result; ``diagnostics`` are reported already."""
        base = self.files[0]
        yield from base.diagnostics
        known = {_key(diagnostic) for diagnostic in base.diagnostics}
        for diagnostic in self.merged.diagnostics:
            if diagnostic.code == "empty-config" and base.entries:
                yield _nothing_left(self.steps[-1].patch)
            elif _key(diagnostic) not in known:
                refused = CodedFinding(
                    diagnostic.code, diagnostic.severity, Finding(diagnostic.path, diagnostic.message)
                )
                yield self._origins.place(refused, self.merged)
        failed = next((step for step in self.steps if step.error is not None), None)
        if failed and not any(_is_error_in(failed.patch, diagnostic) for diagnostic in diagnostics):
            yield from _refused(failed, base)


def _key(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.kind, diagnostic.name, diagnostic.path[1:]


def _is_error_in(config: MachineConfig, diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR and diagnostic.file == config.filename


def _nothing_left(patch: MachineConfig) -> Diagnostic:
    message = "After this patch no document is left."
    return _at_start(CodedFinding("empty-config", Severity.ERROR, Finding((), message)), patch)


def _merged(base: MachineConfig, patches: SequenceOf[MachineConfig]) -> tuple[MachineConfig, int, PatchError | None]:
    """The config under its patches up to the first that is refused, how many these are, and why that one is."""
    if not patches:
        return base, 0, None
    try:
        return _applied(base, patches), len(patches), None
    except PatchError as error:
        count = _count_of_writable(base, patches) if error.patch_index is None else error.patch_index
        merged, earlier, earlier_error = _merged(base, patches[:count])
        return merged, earlier, earlier_error or error


def _applied(base: MachineConfig, patches: Iterable[MachineConfig]) -> MachineConfig:
    return apply_patches(base, [patch.text for patch in patches])


def _count_of_writable(base: MachineConfig, patches: SequenceOf[MachineConfig]) -> int:
    """How many patches can be applied before the result is none that can be written."""

    def is_refused(count: int) -> bool:
        try:
            _applied(base, patches[:count])
        except PatchError:
            return True
        return False

    return bisect_left(range(1, len(patches)), True, key=is_refused)


def _steps(
    base: MachineConfig, patches: SequenceOf[MachineConfig], count: int, error: PatchError | None
) -> Iterator[PatchStep]:
    """What each of the first ``count`` patches does, and the next, if it is refused."""
    part = partial(_part, base)
    made = chain(_changes(base, patches[:count]), repeat(Change({}, {})))
    for patch, (before, after) in zip(patches[:count], made, strict=False):
        yield PatchStep(patch, part(before, after), part(after, before), None)
    if error is not None:
        yield PatchStep(patches[count], part({}, {}), part({}, {}), error)


def _changes(base: MachineConfig, patches: SequenceOf[MachineConfig]) -> Iterator[Change]:
    """What each patch changes; none for what only several JSON Patches in a row can do, one being refused alone."""
    made = changes(base, [patch.text for patch in patches]) if patches else iter(())
    with suppress(PatchError):
        yield from made


def _part(base: MachineConfig, drafts: MappingOf[str, Draft], others: MappingOf[str, Draft]) -> MachineConfig:
    """A config of documents alone that were, or become, the others; of the legacy section there is what differs."""
    entries = tuple(
        _entry(draft, draft.values, others.get(key)) for key, draft in drafts.items() if draft.values is not None
    )
    return replace(base, text="", entries=entries)


def _entry(draft: Draft, values: Values, other: Draft | None) -> Entry:
    if draft.kind == legacy.KIND:
        return Entry(
            Identity("", legacy.KIND, ""), draft.kind, _differing(values, (other and other.values) or {}), 0, 0
        )
    identity = Identity(values.get("apiVersion", ""), draft.kind, values.get("name", ""))
    return Entry(identity, draft.kind, values, 0, 0)


def _differing(values: Values, others: Values) -> Values:
    """The mirrors of a legacy section that are not the very ones of another, which merging hands on."""
    mirrors, other_mirrors = (legacy.registries(section).get("mirrors") or {} for section in (values, others))
    differing = {name: mirror for name, mirror in mirrors.items() if other_mirrors.get(name) is not mirror}
    return {"machine": {"registries": {"mirrors": differing}}}


def _refused(step: PatchStep, base: MachineConfig) -> Iterator[Diagnostic]:
    """Why a patch is refused, in this tool's words where it has some for the same text as a config."""
    assert step.error is not None
    if step.error.patch_index is None and base.diagnostics:
        return
    own = [
        diagnostic
        for diagnostic in step.patch.diagnostics
        if diagnostic.code not in _FINE_IN_PATCHES and diagnostic.path[-1:] != ("$patch",)
    ]
    if own:
        yield from own
        return
    line, column = step.error.line or 1, step.error.column or 1
    message = f"Talos refuses this patch: {printable(' '.join(mask_secrets(str(step.error)).split()))}."
    span = Span(line, column, line, column)
    yield Diagnostic(
        code="patch-error", severity=Severity.ERROR, message=message, file=step.patch.filename, **span._asdict()
    )


_FINE_IN_PATCHES = frozenset({"empty-config", "not-a-mapping", "missing-name", "missing-url", "conflicting-auth"})
"""What Talos refuses in a config and takes in a patch."""


def _at_start(coded: CodedFinding, config: MachineConfig) -> Diagnostic:
    span = Span(1, 1, 1, 1)
    return Diagnostic(
        code=coded.code, severity=coded.severity, message=coded.finding.message, file=config.filename, **span._asdict()
    )


class _Origins:
    """The documents of some files, from which the values of a merged config come."""

    def __init__(self, files: SequenceOf[MachineConfig]) -> None:
        self._first = files[0]
        self._documents: dict[tuple[str, ...], list[_Document]] = {}
        for config in files:
            for tree in config.trees:
                identity = config.entries[tree.index].identity[1:]
                self._documents.setdefault(identity, []).append(_Document(config, tree.index, Locator(tree.root)))

    def place(self, coded: CodedFinding, merged: MachineConfig) -> Diagnostic:
        """A finding about a merged config: in the last file that has the value, or else the most of the way to it."""
        index, *path = coded.finding.path
        if int(index) >= len(merged.entries):
            return _at_start(coded, self._first)  # about a config in which nothing is left
        wanted = merged.entries[int(index)]
        documents = self._documents.get(wanted.identity[1:], ())
        origins = [(document, document.followed(path, wanted.values)) for document in documents]
        if not origins:
            return _at_start(coded, self._first)
        document, followed = max(reversed(origins), key=lambda origin: len(origin[1]))
        return diagnostic_at(coded, document.config, document.places, (document.index, *followed))


class _Document:
    """A document in which values are looked for by their paths in another."""

    def __init__(self, config: MachineConfig, index: int, places: Locator) -> None:
        self.config = config
        self.index = index
        self.places = places
        self._urls: dict[Path, dict[str | None, int]] = {}

    def followed(self, path: Iterable[str | int], values: Any) -> Path:
        """As much of a path as is here; an item of a list is found by what it is, because merging moves it."""
        followed: Path = ()
        for step in path:
            values = _inner(values, step)
            here = step if isinstance(step, str) else self._position(followed, values)
            if here is None or len(list(self.places.walk((*followed, here)))) <= len(followed) + 1:
                break
            followed = (*followed, here)
        return followed

    def _position(self, path: Path, wanted: Any) -> int | None:
        if path not in self._urls:
            self._urls[path] = _positions(resolved(self.places.last(path).node))
        text = wanted.get("url") if isinstance(wanted, dict) else wanted
        positions = (self._urls[path].get(url) for url in (text, _as_go_writes(text)))
        return min((at for at in positions if at is not None), default=None)


def _positions(node: Node) -> dict[str | None, int]:
    """Where the first item with each URL stands in a list."""
    items = node.content if isinstance(node, Sequence) else []
    return {_url(items[at]): at for at in reversed(range(len(items)))}


def _inner(values: Any, step: str | int) -> Any:
    if isinstance(values, dict):
        return values.get(step)
    return values[step] if isinstance(values, list) and isinstance(step, int) and step < len(values) else None


def _url(item: Node) -> str | None:
    node = resolved(item)
    if isinstance(node, Mapping):
        url = next((value for key, value in pairs(node) if key.value == "url"), None)
        return None if url is None else _as_go_writes(url.value)
    return node.value if isinstance(node, Scalar) else None


def _as_go_writes(text: str | None) -> str | None:
    try:
        return text and str(parse_url(text))
    except InvalidURLError:
        return text
