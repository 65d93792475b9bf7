"""Texts that are made and come out larger than this tool reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talos_registry.loading.config import MachineConfig

__all__ = ["excess"]


def excess(result: MachineConfig) -> str | None:
    """What to say about a result that is over a limit of this tool, None if it is not."""
    messages = (finding.message for finding in result.diagnostics if finding.code == "limit-exceeded")
    message = next(messages, None)
    return message and f"the result is more than this tool reads: {message}"
