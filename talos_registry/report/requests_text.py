"""The requests of a pull as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.masking import mask_url
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from talos_registry.resolution import Request

__all__ = ["lines", "waited"]

_ANSWERS = {"found": "200", "missing": "404", "failing": "503", "refused": "refused", "silent": "silent"}


def lines(requests: Sequence[Request]) -> Iterator[str]:
    """One line for each request, what comes of it first, and then how the pull ends."""
    if not requests:
        return
    yield "    requests of a first pull:"
    yield from map(_line, requests)
    seconds = waited(requests)
    after = f" after at least {seconds:.0f} s of waiting" if seconds else ""
    succeeds = requests[-1].outcome == "found"
    yield f"    the pull succeeds{after}" if succeeds else f"    {styled('the pull fails', fg='red', bold=True)}{after}"


def waited(requests: Iterable[Request]) -> float:
    """The seconds that all of them wait for hosts that never answer."""
    return sum(request.seconds or 0.0 for request in requests)


def _line(request: Request) -> str:
    notes = ["once for each layer"] if request.purpose == "layers" else []
    if request.seconds is not None:
        notes.append(f"waits {request.seconds:.0f} s")
    shown = f"  ({', '.join(notes)})" if notes else ""
    return f"      {_ANSWERS[request.outcome]:7} {request.method:4} {mask_url(request.url)}{shown}"
