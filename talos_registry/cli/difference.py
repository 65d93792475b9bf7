"""What changes in a config, with its comments: what ``migrate --diff`` shows."""

from __future__ import annotations

from difflib import unified_diff
from typing import TYPE_CHECKING

from talos_registry.config import parse
from talos_registry.diagnostic import TalosRegistryError
from talos_registry.redaction import redact
from talos_registry.report.excerpt import Excerpts

if TYPE_CHECKING:
    from talos_registry.config import MachineConfig

__all__ = ["difference"]


def difference(config: MachineConfig, text: str) -> str:
    """What changes when a config becomes ``text``, in unified format, without secrets."""
    after = parse(text, talos_version=config.talos_version)
    before, changed = (_shown(one).splitlines(keepends=True) for one in (config, after))
    lines = unified_diff(before, changed, config.filename, config.filename)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _shown(config: MachineConfig) -> str:
    """The text without secrets; line by line, and with more masked than need be, where Talos refuses it."""
    try:
        return redact(config)
    except TalosRegistryError:
        excerpts = Excerpts(config.text, longest=len(config.text))
        return "".join(f"{excerpts.line(number)}\n" for number in range(1, len(excerpts.lines)))
