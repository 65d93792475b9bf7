"""Plans as a Mermaid flowchart, for Markdown pages that draw it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.masking import mask_quoted, mask_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.resolution import Plan

__all__ = ["render"]


def render(plans: Iterable[Plan]) -> str:
    """One chart with a row of attempts for each plan."""
    lines = [line for number, plan in enumerate(plans, 1) for line in _rows(plan, f"p{number}")]
    return "\n".join(["flowchart LR", *(f"    {line}" for line in lines)])


def _rows(plan: Plan, prefix: str) -> Iterator[str]:
    yield f"{prefix}[{_label(f'{plan.reference}, puller {plan.puller}')}]"
    if not plan.attempts:
        yield f"{prefix} --> {prefix}x[{_label(mask_quoted(plan.error or 'no resolve hosts: not found'))}]"
    previous, arrow = prefix, "-->"
    for number, attempt in enumerate(plan.attempts, 1):
        node = f"{prefix}a{number}"
        yield f"{previous} {arrow} {node}[{_label(f'{attempt.role}: {mask_url(attempt.manifest_url)}')}]"
        previous, arrow = node, "-. not there .->"


def _label(text: str) -> str:
    return '"' + text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;") + '"'
