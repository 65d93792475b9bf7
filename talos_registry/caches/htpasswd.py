"""The users of an htpasswd file, as caches read it."""

from __future__ import annotations

from talos_registry.diagnostic import CacheError
from talos_registry.messages import quoted

__all__ = ["users"]

_BCRYPT = ("$2a$", "$2b$", "$2y$")


def users(text: str) -> tuple[str, ...]:
    """The names in the file, in order, each once.

    Raises:
        CacheError: for a line that is no user, and for a password that is not hashed by bcrypt, which is all that the
            caches take.

    Source: distribution/distribution, registry/auth/htpasswd/htpasswd.go (2.8.2).
    """
    lines = enumerate(map(str.strip, text.splitlines()), start=1)
    return tuple(dict.fromkeys(_user(number, line) for number, line in lines if line and not line.startswith("#")))


def _user(number: int, line: str) -> str:
    name, colon, hashed = line.partition(":")
    if not name or not colon:
        raise CacheError(f"line {number} is no user of an htpasswd file; make one with: htpasswd -nB NAME")
    if not hashed.startswith(_BCRYPT):
        raise CacheError(f"the password of {quoted(name)} is not hashed by bcrypt; do that with: htpasswd -nB NAME")
    return name
