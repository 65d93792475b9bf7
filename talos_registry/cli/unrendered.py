"""Files that hold a config only after another tool has been at them."""

from __future__ import annotations

import re
import sys

from talos_registry.cli.exits import Exit
from talos_registry.cli.streams import complain

__all__ = ["check_rendered", "reason_to_skip"]

_TEMPLATES = (".tpl", ".j2")
_SOPS_KEY = rb"""(?m)^(?:sops:[ \t]*[{\r\n]|[ \t]*"sops":[ \t]*\{)"""
_SOPS_MARK = rb"""[\s{,]"?mac"?:[ \t]|ENC\[AES256_GCM,"""


def reason_to_skip(name: str, data: bytes) -> str | None:
    """Why a file is not to be judged as it is: it is a template, or encrypted with SOPS."""
    if name.endswith(_TEMPLATES):
        return "a template; render it first"
    if b"sops" in data and re.search(_SOPS_KEY, data) and re.search(_SOPS_MARK, data):
        return "encrypted with SOPS; decrypt it first"
    return None


def check_rendered(name: str, data: bytes) -> None:
    """End the process, which cannot do without this file, if it is not to be read as it is."""
    reason = reason_to_skip(name, data)
    if reason is not None:
        complain(reason, name)
        sys.exit(Exit.USAGE)
