"""Files that hold a config only after another tool has been at them."""

from __future__ import annotations

import sys

from talos_registry.cli.exits import Exit
from talos_registry.cli.streams import complain
from talos_registry.loading import unrendered_form

__all__ = ["check_rendered", "reason_to_skip"]

_REASONS = {"template": "a template; render it first", "encrypted": "encrypted with SOPS; decrypt it first"}


def reason_to_skip(name: str, data: bytes) -> str | None:
    """Why a file is not to be judged as it is: it is a template, or encrypted with SOPS."""
    form = unrendered_form(name, data)
    return None if form is None else _REASONS[form]


def check_rendered(name: str, data: bytes) -> None:
    """End the process, which cannot do without this file, if it is not to be read as it is."""
    reason = reason_to_skip(name, data)
    if reason is not None:
        complain(reason, name)
        sys.exit(Exit.USAGE)
