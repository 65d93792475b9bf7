"""What a host says, as it may be shown: it can repeat what it was sent, in another spelling, too."""

from __future__ import annotations

from base64 import b64encode, urlsafe_b64encode
from typing import TYPE_CHECKING
from urllib.parse import unquote, unquote_plus

from talos_registry.go.strings import text_bytes
from talos_registry.masking import mask_urls
from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Hearing"]

MOST_CHARACTERS = 300
"""How much of a text is shown."""


class Hearing:
    """Knows the secrets that a host was sent."""

    def __init__(self) -> None:
        self._secrets: set[str] = set()

    def keep_secret(self, text: str) -> None:
        """Show no text any more in which this one stands, as it is or as base64."""
        data = text_bytes(text)
        encoded = (one(data).decode().rstrip("=") for one in (b64encode, urlsafe_b64encode))
        self._secrets |= {text.rstrip("="), *encoded} - {""}

    def shown(self, text: str) -> str:
        """What a host says, or ``***`` for all of it where a secret is in it, so that nothing tells the secret's length."""
        if any(secret in spelt for spelt in _spellings(text) for secret in self._secrets):
            return "***"
        cut = text if len(text) <= MOST_CHARACTERS else f"{text[:MOST_CHARACTERS]}..."
        return printable(mask_urls(cut, "***"))


def _spellings(text: str) -> Iterator[str]:
    """The text, also without escapes of URLs, and as UTF-8 where its bytes were taken for Latin-1."""
    for one in (text, text.encode("utf-8", "surrogateescape").decode("utf-8", "replace"), _as_utf8(text)):
        yield from (one, unquote(one), unquote_plus(one))


def _as_utf8(text: str) -> str:
    try:
        return text.encode("latin-1").decode("utf-8", "replace")
    except UnicodeError:
        return text
