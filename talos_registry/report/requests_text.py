"""The requests of a pull as text for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.masking import mask_url
from talos_registry.report.style import styled

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from talos_registry.resolution import Request

__all__ = ["lines"]

_ANSWERS = {"found": "200", "missing": "404", "failing": "503", "refused": "refused"}


def lines(requests: Sequence[Request]) -> Iterator[str]:
    """One line for each request, what comes of it first, and then how the pull ends."""
    if not requests:
        return
    yield "    requests of a first pull:"
    for request in requests:
        times = "  (once for each layer)" if request.purpose == "layers" else ""
        yield f"      {_ANSWERS[request.outcome]:7} {request.method:4} {mask_url(request.url)}{times}"
    succeeds = requests[-1].outcome == "found"
    yield "    the pull succeeds" if succeeds else f"    {styled('the pull fails', fg='red', bold=True)}"
