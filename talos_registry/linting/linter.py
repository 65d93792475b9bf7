"""The lint engine: runs the rules, has their findings placed, and leaves out what the user does not want to hear."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.limits import MAX_FINDINGS
from talos_registry.linting.layers import layers
from talos_registry.linting.placing import CodedFinding, placed
from talos_registry.linting.renaming import refusals
from talos_registry.linting.rules import codes, needs_config, rules
from talos_registry.linting.suppression import suppressed
from talos_registry.linting.view import View
from talos_registry.loading import MachineConfig
from talos_registry.messages import did_you_mean
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
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
) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with a config: what Talos refuses, and what the rules find, in file order.

    In a sequence the first config is the base and the others are patches in merge order: they are read as patches, and
    the merged result is judged. ``images`` are references that nodes will pull. ``select`` and ``ignore`` are codes of
    rules; what Talos refuses is always reported. ``now`` is the time certificates are judged by.

    A comment ``# talos-registry: ignore[CODE] reason`` on a line of a finding suppresses it, unless Talos refuses it; one
    that suppresses nothing is itself a finding.

    Raises:
        InvalidReferenceError: if an image is no image reference.
        ValueError: for a code that does not exist, an empty sequence, and a time without a time zone.
    """
    if now is not None and now.tzinfo is None:
        raise ValueError("now needs a time zone")
    wanted = _wanted(select, ignore)
    references = [Reference.parse(image) if isinstance(image, str) else image for image in images]
    files = [configs] if isinstance(configs, MachineConfig) else [*configs]
    if not files:
        raise ValueError("there is no config to judge")
    if len(files) == 1:
        views = [View(part, images=references, now=now) for part in layers(files[0])]
        diagnostics = [*refusals(files[0]), *placed(_findings(views, wanted), files[0])]
    else:
        diagnostics = _judged_together(files, wanted, references, now)
    return tuple(_in_order(suppressed(diagnostics, files, wanted - _not_judged(files, references)), files))


def _wanted(select: Collection[str], ignore: Collection[str]) -> set[str]:
    known = codes()
    for code in (*select, *ignore):
        if code not in known:
            raise ValueError(f"there is no code {code!r}{did_you_mean(code, known)}")
    return set(select or known) - set(ignore)


_OF_IMAGES = frozenset({"unmatched-image", "localhost-registry"})
_OF_PATCHES = frozenset({"repeated-after-merge", "json-patch-multi-doc", "empty-patch"})


def _not_judged(files: Sequence[MachineConfig], images: Sequence[Reference]) -> frozenset[str]:
    """The codes that may be found only with images, patches, or the config that a patch is for, when there are none."""
    alone = {code for code, rule in rules().items() if needs_config(rule)} if files[0].is_patch else frozenset[str]()
    return (frozenset() if images else _OF_IMAGES) | (_OF_PATCHES if len(files) == 1 else frozenset()) | alone


def _findings(views: Sequence[View], wanted: set[str]) -> list[CodedFinding]:
    return _capped(
        CodedFinding(code, finding.severity or rule.SEVERITY, finding)
        for code, rule in rules().items()
        if code in wanted
        for view in views
        if not (view.config.is_patch and needs_config(rule))
        for finding in rule.check(view)
    )


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
    files: Sequence[MachineConfig], wanted: set[str], images: Sequence[Reference], now: datetime | None
) -> list[Diagnostic]:
    from talos_registry.linting.overlay import Overlay

    overlay = Overlay.of(files)
    view = View(overlay.merged, images=images, now=now, before=View(files[0]), steps=overlay.steps)
    diagnostics = overlay.placed(_findings([view], wanted))
    return [*overlay.refusals(diagnostics), *diagnostics]


def _in_order(diagnostics: Iterable[Diagnostic], files: Sequence[MachineConfig]) -> list[Diagnostic]:
    order = {config.filename: at for at, config in reversed([*enumerate(files)])}
    return sorted(
        diagnostics, key=lambda diagnostic: (order[diagnostic.file], diagnostic.line or 0, diagnostic.column or 0)
    )
