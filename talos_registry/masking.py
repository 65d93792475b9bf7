"""What may not be shown, and what stands there instead: in URLs, among certificates, and in texts that Talos prints."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING

from talos_registry.arguments import wrong_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "PUBLIC_KEYS",
    "SECRET_KEYS",
    "USERINFO_IN_TEXT",
    "mask_before_at",
    "mask_path",
    "mask_private_keys",
    "mask_quoted",
    "mask_secrets",
    "mask_url",
    "mask_urls",
    "masked_repr",
    "may_be_secret",
    "private_keys",
    "userinfo",
]

# Secrets, by the keys they stand below

SECRET_KEYS = frozenset(
    {
        "aescbcEncryptionSecret", "apiToken", "auth", "clusterSecret", "identityToken", "key", "passphrase", "password",
        "presharedKey", "privateKey", "secret", "secretboxEncryptionSecret", "token", "uniqueToken",
    }
)  # fmt: skip
"""The keys of machine configs whose values are secret."""

PUBLIC_KEYS = frozenset(
    {
        "$patch", "apiVersion", "enabled", "endpoints", "image", "insecureSkipVerify", "kind", "localEnabled", "name",
        "overridePath", "skipFallback", "type", "url", "username", "version",
    }
)  # fmt: skip
"""The keys of registry documents whose values are known to be none, but for user and password in a URL."""

_LIKE_A_SECRET = re.compile(r"pas|pw|tok|sec|key|cred|priv|auth|identity", re.IGNORECASE)
"""In the keys of secrets, and in what people write for them."""


def may_be_secret(key: str) -> bool:
    """Whether what stands below a key can be a secret, by the name of the key, which may be misspelt."""
    return key not in PUBLIC_KEYS and _LIKE_A_SECRET.search(key) is not None


# User and password

_START = r"((?:[\w+.-]*:)?//)"
_IN_URL = re.compile(rf"\A(?:{_START}[^/?#]*|(?!{_START}).*)@", re.DOTALL)
_BEFORE_AT = re.compile(rf"\A{_START}?.*@", re.DOTALL)
_IN_QUOTES = re.compile(rf"""(?:(?<!\\)("){_START}?(?:[^"\\\n]|\\.)*|('){_START}?[^'\n]*)@""")

USERINFO_IN_TEXT = re.compile(
    r"(?:(?<=://)|(?<=:/)|(?<=://(?i:https)/)|(?<=://(?i:http)/))[^\s/?#@]+(?:@[^\s/?#@]+)*(?=@)"
)
"""User and password of each URL in a text of any kind, also after a scheme that is written twice and so taken for a host."""


def mask_url(url: str, mask: str = "***") -> str:
    """The URL with ``mask`` in place of user and password, also in those of URLs in its path or query."""
    if "@" not in url:
        return url
    return mask_urls(_IN_URL.sub(lambda match: f"{match[1] or ''}{mask}@", url), mask)


def mask_urls(text: str, mask: str) -> str:
    """A text of any kind with ``mask`` in place of user and password in each URL."""
    return USERINFO_IN_TEXT.sub(lambda _: mask, text)


def userinfo(url: str) -> str | None:
    """User and password of a URL, None if it has none."""
    match = _IN_URL.match(url)
    return match[0][len(match[1] or "") : -1] if match else None


def mask_path(path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """The path with ``***`` in place of user and password in its keys."""
    return tuple(mask_url(step) if isinstance(step, str) else step for step in path)


def mask_before_at(text: str) -> str:
    """A value with ``***`` in place of all that can be user and password, also where it is no URL for it."""
    return _BEFORE_AT.sub(r"\1***@", text) if "@" in text else text


def mask_quoted(text: str) -> str:
    """A text, of Go or of TOML, with ``***`` in place of user and password in every quoted URL."""
    return _IN_QUOTES.sub(lambda match: f"{match[1] or match[3]}{match[2] or match[4] or ''}***@", text)


def masked_repr(value: object, names: Iterable[str]) -> str:
    """The ``repr`` of a value by the names of its attributes, with ``***`` in place of user and password."""
    shown = ", ".join(f"{name}={_masked_member(name, getattr(value, name))!r}" for name in names)
    return f"{type(value).__name__}({shown})"


_SENTENCES = frozenset({"message", "error"})


def _masked_member(name: str, member: object) -> object:
    """What is shown for a member: sentences quote values, all other texts are values."""
    if type(member) is tuple:
        return tuple(_masked_member(name, item) for item in member)
    if not isinstance(member, str) or isinstance(member, Enum):
        return member
    return mask_quoted(member) if name in _SENTENCES else mask_before_at(member)


# Private keys

_KEY_TYPE = "[^\n-]*PRIVATE KEY-----"
_KEY_BLOCK = re.compile(f"-----BEGIN {_KEY_TYPE}.*?(?:-----END {_KEY_TYPE}|(?=\n[ \t]*-----BEGIN )|$)", re.DOTALL)


def private_keys(text: str) -> Iterator[tuple[int, int]]:
    """Where the private keys among the PEM blocks of a text begin and end; also what Go would skip as damaged."""
    return (match.span() for match in _KEY_BLOCK.finditer(text))


def mask_private_keys(text: str, mask: str) -> str:
    """The text with ``mask`` in place of every private key; certificates stay."""
    return _KEY_BLOCK.sub(lambda _: mask, text) if "PRIVATE KEY-----" in text else text


# Texts of Talos

_UNKNOWN = "unknown keys found during decoding:\n"
_VALUES = re.compile(
    r"""(`)(?:(?!cannot\ construct)[\s\S])*`                            # a value can hold whatever quotes it, so the
      |(?<=anchor[ ])("|').*(?:"|')                                   # last quote is the end
      |(?<=parsing[ ])(")(?:[^"\\\n]|\\.)*"
      |'[^\w\s]{1,2}'""",
    re.VERBOSE,
)
_IN_APOSTROPHES = re.compile(
    r"""'[^\w\s]{1,2}'
      |(?<![\w\]])(?<!path[ ])(?<!path:[ ])(?<!from:[ ])(?<!document[ ])(?<!in[ ])(?<!character[ ])(').*'(?!\w)""",
    re.VERBOSE,
)
"""What texts of Talos quote, but for paths, names and punctuation."""
_UNQUOTED = re.compile(r"(://).*@|(?<![^\s/\"'`])[^\s/\"'`]+@")
"""User and password in a name that is not quoted, as in that of a document, or in a path."""
_TO_LAST_AT = re.compile(r"^.*@", re.MULTILINE)
_TO_LAST_APOSTROPHE = re.compile(r"^.*'(?!\w)", re.MULTILINE)
"""The parts of lines that can hold such; what is looked for in them has its end, so that the time grows as the length."""
_KEY = re.compile(r"((?: |- )*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s:]+):)(?: .*)?", re.ASCII)


def mask_secrets(text: str) -> str:
    """An error text of Talos with ``***`` in place of the values that can be secret.

    Args:
        text: ``MachineConfig.talos_error``, or the text of a ``PatchError``.

    Raises:
        TypeError: for what is no text.
    """
    if not isinstance(text, str):
        raise wrong_type("mask_secrets", "text", text)
    text = _without_merged(text)
    masked = _TO_LAST_AT.sub(lambda line: _UNQUOTED.sub(r"\1***@", line[0]), mask_quoted(text))
    head, unknown, rest = masked.partition(_UNKNOWN)
    head = _VALUES.sub(_without_value, head)
    head = _TO_LAST_APOSTROPHE.sub(lambda line: _IN_APOSTROPHES.sub(_without_value, line[0]), head)
    return head + unknown + "\n".join(_masked_line(line) for line in rest.splitlines())


def _without_merged(text: str) -> str:
    """The text of a merge that is not possible without the value that it names, which can be the user of a URL."""
    before, begin, rest = text.partition("merge not possible, left ")
    _, end, after = rest.rpartition(" is not settable")
    return f"{before}{begin}***{end}{after}" if end else text


def _without_value(match: re.Match[str]) -> str:
    quote = match[match.lastindex] if match.lastindex else None
    return f"{quote}***{quote}" if quote else match[0]


def _masked_line(line: str) -> str:
    """A line of YAML with its key, if it has one, and nothing else."""
    key = _KEY.fullmatch(line)
    if key is None:
        return " " * (len(line) - len(line.lstrip(" "))) + "***"
    return line if line == key[1] else f"{key[1]} ***"
