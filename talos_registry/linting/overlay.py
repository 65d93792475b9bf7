"""A config under its patches: what each of them makes of it, and from which file a value of the result comes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import Diagnostic, PatchError, Severity, Span
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.paths import Locator
from talos_registry.goyaml.tags import resolved
from talos_registry.linting.finding import Finding
from talos_registry.linting.placing import CodedFinding, diagnostic_at
from talos_registry.linting.view import PatchStep
from talos_registry.masking import mask_talos_text
from talos_registry.messages import printable
from talos_registry.patching import apply_patches

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from collections.abc import Sequence as SequenceOf

    from talos_registry.diagnostic import Path
    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig

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
        steps, merged = [], base
        for patch in patches:
            step = _step(merged, patch)
            steps.append(step)
            if step.after is None:
                break
            merged = step.after
        return cls((base, *patches), tuple(steps), merged)

    def placed(self, findings: Iterable[CodedFinding]) -> list[Diagnostic]:
        """Findings about the result, or about one patch, with their places in the files; they have no fixes."""
        return [self._placed(coded) for coded in findings]

    def _placed(self, coded: CodedFinding) -> Diagnostic:
        index, path = coded.finding.patch, coded.finding.path
        if index is None:
            return self._origins.place(coded, self.merged)
        step = self.steps[index]
        if not path or step.after is None:
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
            yield from _refused(failed)


def _key(diagnostic: Diagnostic) -> tuple[object, ...]:
    return diagnostic.code, diagnostic.kind, diagnostic.name, diagnostic.path[1:]


def _is_error_in(config: MachineConfig, diagnostic: Diagnostic) -> bool:
    return diagnostic.severity is Severity.ERROR and diagnostic.file == config.filename


def _nothing_left(patch: MachineConfig) -> Diagnostic:
    message = "After this patch no document is left."
    return _at_start(CodedFinding("empty-config", Severity.ERROR, Finding((), message)), patch)


def _step(before: MachineConfig, patch: MachineConfig) -> PatchStep:
    try:
        return PatchStep(patch, before, apply_patches(before, [patch.text], only_registries=True), None)
    except PatchError as error:
        return PatchStep(patch, before, None, error)


def _refused(step: PatchStep) -> Iterator[Diagnostic]:
    """Why a patch is refused, in this tool's words where it has some for the same text as a config."""
    assert step.error is not None
    if step.error.patch_index is None and step.before.diagnostics:
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
    message = f"Talos refuses this patch: {printable(' '.join(mask_talos_text(str(step.error)).split()))}."
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
