"""The lint engine: runs the rules, gives their findings a place, and leaves out what the user does not want to hear."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from talos_registry.changes import edits
from talos_registry.config import MachineConfig
from talos_registry.diagnostic import Diagnostic, Fix, Severity
from talos_registry.documents.text import did_you_mean
from talos_registry.places import roots, shown_span
from talos_registry.reference import Reference
from talos_registry.rules import codes, rules
from talos_registry.view import View

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from datetime import datetime

    from talos_registry.finding import Finding, Mend
    from talos_registry.nodes import Node

__all__ = ["lint"]

_Found = tuple[str, Severity, "Finding"]


def lint(
    configs: MachineConfig | Sequence[MachineConfig],
    *,
    images: Iterable[str | Reference] = (),
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    now: datetime | None = None,
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a config: what Talos refuses, and what the rules find, in file order.

    In a sequence the first config is the base and the others are patches in merge order: they are read as patches, and
    the merged result is judged. ``images`` are references that nodes will pull. ``select`` and ``ignore`` are codes of
    rules; what Talos refuses is always reported. ``now`` is the time certificates are judged by.

    Raises:
        InvalidReferenceError: if an image is no image reference.
        ValueError: for a code that does not exist, and for an empty sequence.
    """
    wanted = _wanted(select, ignore)
    references = [Reference.parse(image) if isinstance(image, str) else image for image in images]
    config = configs if isinstance(configs, MachineConfig) else configs[0]
    view = View(config, images=references, now=now)
    found = [
        (code, finding.severity or rule.SEVERITY, finding)
        for code, rule in rules().items()
        if code in wanted
        for finding in rule.check(view)
    ]
    return tuple(sorted([*config.diagnostics, *_without_ignored(_placed(found, config), config.text)], key=_place))


def _wanted(select: Collection[str], ignore: Collection[str]) -> set[str]:
    known = codes()
    for code in (*select, *ignore):
        if code not in known:
            raise ValueError(f"there is no code {code!r}{did_you_mean(code, known)}")
    return set(select or known) - set(ignore)


def _place(one: Diagnostic) -> tuple[int, int]:
    return one.line or 0, one.column or 0


# Places


def _placed(found: list[_Found], config: MachineConfig) -> Iterator[Diagnostic]:
    """The findings with their places; the text is read again, as far as it takes, only if there are any."""
    by_document = {
        index: list(group) for index, group in groupby(sorted(found, key=_document_index), key=_document_index)
    }
    for index, root in roots(config):
        for one in by_document.pop(index, ()):
            yield _diagnostic(one, root, config)
        if not by_document:
            return


def _document_index(one: _Found) -> int:
    return int(one[2].path[0])


def _diagnostic(one: _Found, root: Node, config: MachineConfig) -> Diagnostic:
    code, severity, finding = one
    entry = config.entries[_document_index(one)]
    span = shown_span(root, finding.path[1:])
    return Diagnostic(
        code=code,
        severity=severity,
        message=finding.message,
        path=finding.path,
        kind=entry.identity.kind,
        name=entry.identity.name,
        file=config.filename,
        line=span.line,
        column=span.column,
        end_line=span.end_line,
        end_column=span.end_column,
        fix=_fix(finding.mend, root, config) if finding.mend else None,
    )


def _fix(mend: Mend, root: Node, config: MachineConfig) -> Fix | None:
    changed = edits(mend.changes, root, config.text)
    return Fix(mend.title, mend.safe, changed) if changed else None


# Suppression

_IGNORE = re.compile(r"#\s*talos-registry:\s*ignore\[([^\]\r\n]*)\]")


def _without_ignored(found: Iterable[Diagnostic], text: str) -> Iterator[Diagnostic]:
    """What is not suppressed by a comment on one of its lines; what Talos refuses cannot be."""
    ignored = _ignored(text)
    for one in found:
        lines = range(one.line or 0, (one.end_line or 0) + 1)
        if not any(one.code in ignored.get(line, ()) for line in lines):
            yield one


def _ignored(text: str) -> dict[int, set[str]]:
    if "talos-registry:" not in text:
        return {}
    found = ((number, _IGNORE.search(line)) for number, line in enumerate(text.splitlines(), 1))
    return {number: {code.strip() for code in match[1].split(",")} for number, match in found if match}
