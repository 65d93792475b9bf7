"""From what rules say to diagnostics: their paths become lines and columns, their changes edits."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, Fix
from talos_registry.goyaml.editing import CannotEdit, Editor, layout_of
from talos_registry.linting.edits import plan_of
from talos_registry.loading.patches import Operation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path, Severity
    from talos_registry.goyaml.paths import Locator
    from talos_registry.linting.finding import Finding, ProposedFix
    from talos_registry.loading import MachineConfig

__all__ = ["CodedFinding", "Fixes", "diagnostic_at", "placed"]


class CodedFinding(NamedTuple):
    """A finding under the code of its rule."""

    code: str
    severity: Severity
    finding: Finding


def placed(findings: Iterable[CodedFinding], config: MachineConfig) -> Iterator[Diagnostic]:
    """The findings about a config with their places; its text is read again, as far as it takes, if there are any."""
    in_order = sorted(findings, key=_document_index)
    by_document = {index: list(group) for index, group in groupby(in_order, key=_document_index)}
    if not by_document:
        return
    for tree in config.trees:
        places = config.places(tree)
        fixes = Fixes(places, config)
        for coded in by_document.pop(tree.index, ()):
            yield diagnostic_at(coded, config, places, coded.finding.path, fixes.of(coded.finding.fix))
        if not by_document:
            return


def _document_index(coded: CodedFinding) -> int:
    return int(coded.finding.path[0])


def diagnostic_at(
    coded: CodedFinding, config: MachineConfig, places: Locator, path: Path, fix: Fix | None = None
) -> Diagnostic:
    """A finding at a path of a file; ``places`` are those of the document that the path leads through."""
    identity = config.entries[int(path[0])].identity
    return Diagnostic(
        code=coded.code,
        severity=coded.severity,
        message=coded.finding.message,
        path=path,
        kind=identity.kind,
        name=identity.name,
        file=config.filename,
        **places.shown_span(path[1:])._asdict(),
        fix=fix,
    )


class Fixes:
    """Makes the fixes of findings about one document."""

    def __init__(self, places: Locator, config: MachineConfig) -> None:
        self._places = places
        self._config = config

    @cached_property
    def _editor(self) -> Editor:
        return Editor(self._config.lines, layout_of([self._places.root]))

    def of(self, proposed: ProposedFix | None) -> Fix | None:
        """The fix that makes the changes of a finding; None if one of them cannot be made."""
        if proposed is None or isinstance(self._places.root, Operation):  # which is in no text
            return None
        try:
            plan = plan_of(proposed.changes, self._places)
            cuts = self._editor.cuts(self._places.root, plan)
        except CannotEdit:
            return None
        return Fix(proposed.title, proposed.safe, tuple(self._config.lines.edit(*cut) for cut in cuts), plan)
