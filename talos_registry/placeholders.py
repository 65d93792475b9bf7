"""Texts that stand for a secret and hold none: placeholders, encrypted text, and what has been redacted."""

from __future__ import annotations

import re

__all__ = ["has_placeholder", "holds_no_secret"]

_PLACEHOLDERS = re.compile(r"\$\{[^{}]*\}|\{\{[^{}]*\}\}|\{%[^{}]*%\}|ENC\[[^\[\]]*\]|\s+")
_WHOLE = re.compile(r"op://\S|ref\+\S|\$ANSIBLE_VAULT;")
_REDACTED = re.compile(r"\*+|\**[\[<]?redacted[>\]]?\**", re.IGNORECASE)


def holds_no_secret(text: str) -> bool:
    """Whether a text is nothing but placeholders; one beside other text is not enough."""
    return bool(_WHOLE.match(text) or _REDACTED.fullmatch(text)) or not _PLACEHOLDERS.sub("", text)


_PLACEHOLDER = re.compile(r"\$\{|\$[A-Za-z_]|\{\{|\{%|<[^<>]+>|%s|\A(?:ENC\[|op://|ref\+|secretref\+)")


def has_placeholder(text: str) -> bool:
    """Whether a value is filled in later, by a template, the shell or a secret store."""
    return _PLACEHOLDER.search(text) is not None
