"""From what rules say to diagnostics: their paths become lines and columns, their changes edits."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Diagnostic, Fix
from talos_registry.goyaml.paths import shown_span
from talos_registry.linting.edits import edits

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path, Severity
    from talos_registry.goyaml.nodes import Node
    from talos_registry.goyaml.text import Lines
    from talos_registry.linting.finding import Finding, Mend
    from talos_registry.loading.config import MachineConfig

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
    for tree in config.trees():
        for one in by_document.pop(tree.index, ()):
            fix = _fix(one.finding.mend, tree.root, config.lines)
            yield diagnostic(one, config, tree.root, one.finding.path, fix)
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


def _fix(mend: Mend | None, root: Node, lines: Lines) -> Fix | None:
    changed = edits(mend.changes, root, lines) if mend else ()
    return Fix(mend.title, mend.safe, changed) if mend and changed else None
