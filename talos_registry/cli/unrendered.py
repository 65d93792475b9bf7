"""Files that hold a config only after another tool has been at them."""

from __future__ import annotations

import re

__all__ = ["reason_to_skip"]

_TEMPLATES = (".tpl", ".j2")
_SOPS_KEY = re.compile(rb"""^(?:sops:[ \t\r]*$|[ \t]*"sops":[ \t]*\{)""", re.MULTILINE)
_SOPS_MARK = re.compile(rb"""^\s+"?mac"?:[ \t]|ENC\[AES256_GCM,""", re.MULTILINE)


def reason_to_skip(name: str, data: bytes) -> str | None:
    """Why a file is not to be judged as it is: it is a template, or encrypted with SOPS."""
    if name.endswith(_TEMPLATES):
        return "a template; render it first"
    if b"sops" in data and _SOPS_KEY.search(data) and _SOPS_MARK.search(data):
        return "encrypted with SOPS; decrypt it first"
    return None
