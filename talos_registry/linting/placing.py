"""From what rules say to diagnostics: their paths become lines and columns, their changes edits."""

from __future__ import annotations

from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, Fix
from talos_registry.goyaml.editing import CannotEdit, Editor, layout_of
from talos_registry.goyaml.paths import shown_span
from talos_registry.linting.edits import plan_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path, Severity
    from talos_registry.goyaml.nodes import Node
    from talos_registry.linting.finding import Finding, Mend
    from talos_registry.loading import MachineConfig

__all__ = ["Found", "diagnostic", "placed"]


class Found(NamedTuple):
    """A finding under the code of its rule."""

    code: str
    severity: Severity
    finding: Finding


def placed(found: Iterable[Found], config: MachineConfig) -> Iterator[Diagnostic]:
    """The findings about a config with their places; its text is read again, as far as it takes, if there are any."""
    in_order = sorted(found, key=_document_index)
    by_document = {index: list(group) for index, group in groupby(in_order, key=_document_index)}
    if not by_document:
        return
    for tree in config.trees:
        fixes = _Fixes(tree.root, config)
        for one in by_document.pop(tree.index, ()):
            yield diagnostic(one, config, tree.root, one.finding.path, fixes.of(one.finding.mend))
        if not by_document:
            return


def _document_index(one: Found) -> int:
    return int(one.finding.path[0])


def diagnostic(one: Found, config: MachineConfig, root: Node, path: Path, fix: Fix | None = None) -> Diagnostic:
    """A finding at a path of a file; ``root`` is the document that the path leads through."""
    identity = config.entries[int(path[0])].identity
    return Diagnostic(
        code=one.code,
        severity=one.severity,
        message=one.finding.message,
        path=path,
        kind=identity.kind,
        name=identity.name,
        file=config.filename,
        **shown_span(root, path[1:])._asdict(),
        fix=fix,
    )


class _Fixes:
    """Makes the fixes of findings about one document."""

    def __init__(self, root: Node, config: MachineConfig) -> None:
        self._root = root
        self._config = config

    @cached_property
    def _editor(self) -> Editor:
        return Editor(self._config.lines, layout_of([self._root]))

    def of(self, mend: Mend | None) -> Fix | None:
        """The fix that makes the changes of a finding; None if one of them cannot be made."""
        if mend is None:
            return None
        try:
            plan = plan_of(mend.changes, self._root)
            cuts = self._editor.cuts(self._root, plan)
        except CannotEdit:
            return None
        return Fix(mend.title, mend.safe, tuple(self._config.lines.edit(*cut) for cut in cuts), plan)
