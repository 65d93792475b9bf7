"""Files that hold a config only after another tool has been at them."""

from __future__ import annotations

import re

__all__ = ["reason_to_skip"]

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
