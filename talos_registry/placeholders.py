"""Texts that stand for a value and are none: placeholders, references to secret stores, and what has been redacted."""

from __future__ import annotations

import re

from talos_registry.masking import userinfo

__all__ = ["has_placeholder", "holds_no_secret", "without_placeholders"]

_PLACEHOLDERS = re.compile(
    r"""\$\{[^{}]*\}  | \{\{[^{}]*\}\}  | \{%[^{}]*%\}  | <[^<>\n]+>  | ENC\[[^\[\]]*\]
      | __[A-Z][A-Z0-9_]*?__  | %[A-Z][A-Z0-9_]{2,}%  | %s  | \A\$[A-Z_][A-Z0-9_]*\Z  | \A(?i:change[-_ ]?me)\Z""",
    re.VERBOSE,
)
_REFERENCE = re.compile(r"(ref|secretref)\+\S|(\$ANSIBLE_VAULT);|([A-Za-z][\w+.-]*)://\S", re.ASCII)
_STORES = frozenset(
    {"awsps", "awssm", "awsssm", "azkv", "azurekeyvault", "bws", "doppler", "env", "gcpsm", "gcpsecrets", "infisical"}
    | {"keeper", "op", "pass", "ref", "secret", "secretref", "secrets", "sm", "sops", "ssm", "vault", "$ansible_vault"}
)
"""The schemes of references to secret stores; where a URL may stand, any other is a misspelt one."""
_BEGINNING = re.compile(r"\$[{A-Za-z_]|\{\{|\{%")
"""How a placeholder begins whose end cannot be told."""
_REDACTED = re.compile(r"\*+|\**[\[<]?redacted[>\]]?\**", re.IGNORECASE)


def holds_no_secret(text: str) -> bool:
    """Whether a text is nothing but placeholders, or a reference; one beside other text is not enough."""
    is_redacted = _REDACTED.fullmatch(text) is not None
    return is_redacted or _store(text) not in {None, "http", "https"} or not without_placeholders(text).strip()


def has_placeholder(text: str) -> bool:
    """Whether a value is filled in later, by a template, the shell or a secret store."""
    return _BEGINNING.search(text) is not None or without_placeholders(text) != text


def without_placeholders(text: str) -> str:
    """What of a text is no placeholder."""
    return "" if _store(text) in _STORES else _PLACEHOLDERS.sub("", text)


def _store(text: str) -> str | None:
    """The scheme of a text that is a reference or a URL without user and password."""
    match = _REFERENCE.match(text)
    return None if match is None or userinfo(text) is not None else match[match.lastindex or 0].lower()
