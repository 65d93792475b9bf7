"""The lint engine: runs the rules, has their findings placed, and leaves out what the user does not want to hear."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, cast

from talos_registry.arguments import refuse_text, wrong_type
from talos_registry.diagnostic import Severity
from talos_registry.limits import MAX_FINDINGS
from talos_registry.linting.finding import Finding
from talos_registry.linting.layers import layers
from talos_registry.linting.placing import CodedFinding, placed
from talos_registry.linting.renaming import refusals
from talos_registry.linting.rules import Rule, codes, no_such_code
from talos_registry.linting.rules import rules as all_rules
from talos_registry.linting.suppression import suppressed
from talos_registry.linting.view import View
from talos_registry.loading import MachineConfig, require_config
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from datetime import datetime

    from talos_registry.diagnostic import Diagnostic

__all__ = ["lint"]


def lint(
    configs: MachineConfig | Sequence[MachineConfig],
    *,
    images: Iterable[str | Reference] = (),
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    now: datetime | None = None,
    rules: Iterable[Rule] = (),
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a config: what Talos refuses, and what the rules find, in file order.

    A comment ``# talos-registry: ignore[CODE] reason`` on a line of a finding suppresses it, unless Talos refuses it;
    one that suppresses nothing is itself a finding.

    Args:
        configs: one, or several: the first is the base and the others are patches in merge order: they are read as
            patches, and the merged result is judged.
        images: references that nodes will pull.
        select: the codes of the only rules to ask, none for all; what Talos refuses is always reported.
        ignore: the codes of rules not to ask.
        now: the time that certificates are judged by, with a time zone; None is the present.
        rules: rules of one's own, which join the others.

    Raises:
        InvalidReferenceError: if an image is no image reference.
        ValueError: for a code that does not exist, an empty sequence, and a time without a time zone.
        TypeError: for arguments of other types.
    """
    files = _files(configs)
    _check_now(now)
    chosen = _Chosen.of(rules, select, ignore)
    refuse_text("lint", "images as a collection", images)
    references = [image if isinstance(image, Reference) else Reference.parse(image) for image in images]
    if len(files) == 1:
        views = [View(part, images=references, now=now) for part in layers(files[0])]
        diagnostics = [*refusals(files[0]), *placed(_findings(views, chosen), files[0])]
    else:
        diagnostics = _judged_together(files, chosen, references, now)
    judged = chosen.wanted - _not_judged(files, references)
    return tuple(_in_order(suppressed(diagnostics, files, judged, chosen.known), files))


def _files(configs: MachineConfig | Sequence[MachineConfig]) -> list[MachineConfig]:
    several = isinstance(configs, Iterable) and not isinstance(configs, str | bytes)
    files = [*cast("Sequence[MachineConfig]", configs)] if several else [cast("MachineConfig", configs)]
    if not files:
        raise ValueError("there is no config to judge")
    require_config("lint", *files)
    return files


def _check_now(now: datetime | None) -> None:
    if now is None:
        return
    if not hasattr(now, "tzinfo"):
        raise wrong_type("lint", "now as a datetime", now)
    if now.tzinfo is None:
        raise ValueError("now needs a time zone")


class _Chosen(NamedTuple):
    """The rules of the caller, all codes there are with theirs, and those that are wanted."""

    own: Mapping[str, Rule]
    known: Collection[str]
    wanted: set[str]

    @classmethod
    def of(cls, own: Iterable[Rule], select: Collection[str], ignore: Collection[str]) -> _Chosen:
        refuse_text("lint", "rules as a collection", own)
        by_code = {}
        for rule in own:
            if not isinstance(rule, Rule):
                raise wrong_type("lint", "rules of the class Rule", rule)
            if rule.code in codes() or rule.code in by_code:
                raise ValueError(f"there is another rule with the code {rule.code!r}")
            by_code[rule.code] = rule
        known = (*codes(), *by_code)
        refuse_text("lint", "select as a collection of codes", select)
        refuse_text("lint", "ignore as a collection of codes", ignore)
        for code in (*select, *ignore):
            if code not in known:
                raise no_such_code(code, known)
        return cls(by_code, known, set(select or known) - set(ignore))


_OF_IMAGES = frozenset({"unmatched-image", "localhost-registry"})
_OF_PATCHES = frozenset({"repeated-after-merge", "json-patch-multi-doc", "empty-patch"})


def _not_judged(files: Sequence[MachineConfig], images: Sequence[Reference]) -> frozenset[str]:
    """The codes that may be found only with images, patches, or the config that a patch is for, when there are none."""
    alone = {code for code, rule in all_rules().items() if rule.needs_config} if files[0].is_patch else frozenset[str]()
    return (frozenset() if images else _OF_IMAGES) | (_OF_PATCHES if len(files) == 1 else frozenset()) | alone


def _findings(views: Sequence[View], chosen: _Chosen) -> list[CodedFinding]:
    checks: dict[Rule, Callable[[View], Iterable[Finding]]] = {rule: rule.check for rule in all_rules().values()}
    checks |= {rule: partial(_checked, rule) for rule in chosen.own.values()}
    return _capped(
        CodedFinding(rule.code, finding.severity or rule.severity, finding)
        for rule, check in checks.items()
        if rule.code in chosen.wanted
        for view in views
        if not (view.config.is_patch and rule.needs_config)
        for finding in check(view)
    )


def _checked(rule: Rule, view: View) -> Iterator[Finding]:
    """What a rule of the caller finds, as far as there is a document that it can be about.

    Raises:
        TypeError, ValueError: says which rule is wrong.
    """
    indices = range(len(view.config.entries))
    for finding in rule.check(view):
        if not isinstance(finding, Finding):
            raise wrong_type("lint", f"findings of the class Finding from the rule {rule.code}", finding)
        if finding.patch is None and (not finding.path or finding.path[0] not in indices):
            raise ValueError(f"the rule {rule.code} finds something at {finding.path!r}, where there is no document")
        yield finding


def _capped(findings: Iterable[CodedFinding]) -> list[CodedFinding]:
    """As many findings as anyone reads, in the order of the documents; one more says how many are left out."""
    in_order = sorted(findings, key=lambda coded: coded.finding.path[:1])
    kept, rest = in_order[:MAX_FINDINGS], in_order[MAX_FINDINGS:]
    if rest:
        message = f"This tool reports {MAX_FINDINGS} findings of its rules at most; there are {len(rest)} more."
        more = rest[0].finding._replace(message=message, fix=None)
        kept.append(CodedFinding("limit-exceeded", Severity.ERROR, more))
    return kept


def _judged_together(
    files: Sequence[MachineConfig], chosen: _Chosen, images: Sequence[Reference], now: datetime | None
) -> list[Diagnostic]:
    from talos_registry.linting.overlay import Overlay

    overlay = Overlay.of(files)
    view = View(overlay.merged, images=images, now=now, before=View(files[0]), steps=overlay.steps)
    diagnostics = overlay.placed(_findings([view], chosen))
    return [*overlay.refusals(diagnostics), *diagnostics]


def _in_order(diagnostics: Iterable[Diagnostic], files: Sequence[MachineConfig]) -> list[Diagnostic]:
    order = {config.filename: at for at, config in reversed([*enumerate(files)])}
    return sorted(
        diagnostics, key=lambda diagnostic: (order[diagnostic.file], diagnostic.line or 0, diagnostic.column or 0)
    )
