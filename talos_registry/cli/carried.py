"""The patches in a file of another tool: judged one by one, and reported at their places in that file."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING

from talos_registry.cli.checking import FixedFile, Outcome, checked, done, refusal
from talos_registry.cli.intake import with_texts
from talos_registry.diagnostic import by_place
from talos_registry.goyaml import Source
from talos_registry.loading import recognise, spliced
from talos_registry.report.checked import Checked
from talos_registry.versions import LATEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.cli.checking import Judge
    from talos_registry.cli.intake import Subject
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import CarriedPatch
    from talos_registry.report.excerpt import Excerpt

__all__ = ["judged_carrier"]


def judged_carrier(subject: Subject, judge: Judge) -> Outcome:
    """What becomes of a carrier: its patches are fixed all, or none of them."""
    fixed = {patch: judge.fix(subject.patch(patch)) for patch in _fixable(subject)} if judge.fix else {}
    new_texts = {patch: each.config.text for patch, each in fixed.items() if each.applied}
    text = Source.of(subject.data).text
    after = spliced(text, new_texts) if new_texts else text
    if after is None:
        return Outcome(subject.name, _checked(subject, judge), message=_NOT_FIXED)
    refused = refusal(diagnostic for each in fixed.values() for diagnostic in each.refused)
    if not new_texts:
        return Outcome(subject.name, _checked(subject, judge), message=refused)
    applied = done(patch.outward(diagnostic) for patch, each in fixed.items() for diagnostic in each.applied)
    report = _checked(subject._replace(carried=with_texts(recognise(after))), judge)
    return Outcome(subject.name, report, FixedFile(subject.data, after, applied), refused, is_carrier=True)


_NOT_FIXED = "not fixed: a patch in it cannot be changed without changing more than it"


def _fixable(subject: Subject) -> Iterator[CarriedPatch]:
    """The patches that stand in the file as they are."""
    return (patch for patch in subject.carried if patch.first_line is not None)


def _checked(subject: Subject, judge: Judge) -> Checked:
    """What was found in the patches, in the order of the file."""
    reports = [(patch, _report(subject, patch, judge)) for patch in subject.carried]
    findings = [finding for patch, report in reports for finding in _outward(patch, report)]
    findings.sort(key=lambda finding: by_place(finding[0]))
    return Checked(
        subject.name,
        sum(report.documents for _, report in reports),
        tuple(diagnostic for diagnostic, _ in findings),
        tuple(excerpt for _, excerpt in findings),
        subject.talos_version or LATEST,
    )


def _report(subject: Subject, patch: CarriedPatch, judge: Judge) -> Checked:
    config = subject.patch(patch)
    return checked(config, judge.diagnostics(config), judge.output)


def _outward(patch: CarriedPatch, report: Checked) -> Iterator[tuple[Diagnostic, Excerpt | None]]:
    """The findings at their places in the carrier; of text that stands there otherwise no line is shown."""
    shown = report.excerpts if patch.first_line is not None else ()
    for diagnostic, excerpt in zip_longest(report.diagnostics, shown):
        margin = patch.margins[(diagnostic.line or 1) > 1]
        yield patch.outward(diagnostic), excerpt and excerpt.moved(margin)
