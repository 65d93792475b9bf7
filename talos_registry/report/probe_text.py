"""Probes as text for people: what each host answered, and what a node does next."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from talos_registry.masking import mask_quoted, mask_url
from talos_registry.messages import printable
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from talos_registry.probing import Probe, ProbedAttempt

__all__ = ["render"]

_ENDS = {
    "pulled": ("a node pulls it", "green"),
    "not-pulled": ("a node cannot pull it", "red"),
    "unknown": ("whether a node pulls it cannot be told from what was asked", "yellow"),
}
_STEPS = {
    "pulls": "a node pulls from here",
    "next": "a node goes on to the next",
    "stops": "a node stops here, and fails",
}
_LAST = {**_STEPS, "next": "a node has no other host to ask"}


def render(probes: Sequence[Probe]) -> str:
    """The probes below what they are about; those of both pullers that are the same are shown once."""
    about = groupby(probes, key=lambda probe: (probe.reference, probe.mirror if probe.reference is None else None))
    return "\n\n".join("\n".join(_section([*group])) for _, group in about)


def _section(probes: Sequence[Probe]) -> Iterator[str]:
    first = probes[0]
    title = f"mirror {mask_url(first.mirror or '')}" if first.reference is None else str(first.reference)
    yield styled(printable(title), bold=True)
    for _, alike in groupby(
        probes, key=lambda probe: (probe.error, [attempt[1:] for attempt in probe.attempts], probe.end)
    ):
        group = [*alike]
        pullers = " and ".join(styled(probe.puller, fg="cyan") for probe in group)
        yield f"  {pullers}{_end(group[0])}"
        attempts = group[0].attempts
        for number, attempt in enumerate(attempts, 1):
            steps = _LAST if number == len(attempts) else _STEPS
            yield from _attempt(number, attempt, steps if group[0].reference is not None else {})


def _end(probe: Probe) -> str:
    if probe.error is not None:
        return f": {styled('cannot pull', fg='red', bold=True)}: {printable(mask_quoted(probe.error))}"
    if probe.reference is None:
        return ""
    if not probe.attempts:
        return f": {styled('cannot pull', fg='red', bold=True)}: there is no host to ask"
    words, colour = _ENDS[probe.end]
    return f": {styled(words, fg=colour)}"


def _attempt(number: int, attempt: ProbedAttempt, steps: Mapping[str, str]) -> Iterator[str]:
    yield f"    {number}. {_outcome(attempt)}  {printable(mask_url(attempt.url))}"
    answer = "; ".join(filter(None, (", ".join(_answer(attempt)), attempt.detail)))
    for line in filter(None, (answer, steps.get(attempt.node or ""))):
        yield f"       {line}"


def _outcome(attempt: ProbedAttempt) -> str:
    if attempt.outcome is None:
        return styled("-", dim=True)
    return styled(attempt.outcome, fg={"ok": "green", "not-found": "yellow"}.get(attempt.outcome, "red"))


def _answer(attempt: ProbedAttempt) -> Iterator[str]:
    if attempt.status is not None:
        yield str(attempt.status)
    if attempt.seconds is not None:
        yield f"{attempt.seconds:.2f} s"
    if attempt.digest is not None:
        yield printable(attempt.digest)
