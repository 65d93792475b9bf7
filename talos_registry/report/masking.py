"""Credentials, masked before anything is printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pydantic import SecretStr

from talos_registry.documents.text import mask_url
from talos_registry.pem import mask_private_keys
from talos_registry.registries import RegistrySet

if TYPE_CHECKING:
    from talos_registry.models import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig

__all__ = ["mask_quoted", "mask_talos_text", "without_secrets"]

_START = r"((?:[\w+.-]*:)?//)"
_IN_QUOTES = re.compile(rf"""(?:("){_START}?(?:[^"\\\n]|\\.)*|('){_START}?[^'\n]*)@""")


def mask_quoted(text: str) -> str:
    """A text, of Go or of TOML, with ``***`` in place of user and password in every quoted URL."""
    return _IN_QUOTES.sub(lambda found: f"{found[1] or found[3]}{found[2] or found[4] or ''}***@", text)


_UNKNOWN = "unknown keys found during decoding:\n"
_VALUES = re.compile(
    r"""(`)(?:(?!cannot\ construct)[\s\S])*`                            # a value can hold whatever quotes it, so the
      |(?<=anchor[ ])("|').*(?:"|')                                   # last quote is the end
      |(?<=parsing[ ])(")(?:[^"\\\n]|\\.)*"
      |'[^\w\s]{1,2}'
      |(?<!\w)(?<!path[ ])(?<!path:[ ])(?<!from:[ ])(?<!document[ ])(?<!in[ ])(?<!character[ ])(').*'(?!\w)""",
    re.VERBOSE,
)
"""What texts of Talos quote, but for paths, names and punctuation."""
_KEY = re.compile(r"((?: |- )*(?:\"[^\"\n]*\"|'[^'\n]*'|[^\s:]+):)(?: .*)?", re.ASCII)


def mask_talos_text(text: str) -> str:
    """An error text of Talos with ``***`` in place of the values that can be secret."""
    head, unknown, rest = mask_quoted(text).partition(_UNKNOWN)
    head = _VALUES.sub(_without_value, head)
    return head + unknown + "\n".join(_masked_line(line) for line in rest.splitlines())


def _without_value(found: re.Match[str]) -> str:
    quote = found[found.lastindex] if found.lastindex else None
    return f"{quote}***{quote}" if quote else found[0]


def _masked_line(line: str) -> str:
    """A line of YAML with its key, if it has one, and nothing else."""
    key = _KEY.fullmatch(line)
    if key is None:
        return " " * (len(line) - len(line.lstrip(" "))) + "***"
    return line if line == key[1] else f"{key[1]} ***"


def without_secrets(registries: RegistrySet) -> RegistrySet:
    """The same set to look at: secrets, and user and password in URLs, are masked."""
    return RegistrySet(
        {mask_url(name): _mirror(mirror) for name, mirror in registries.mirrors.items()},
        {mask_url(name): _auth(auth) for name, auth in registries.auths.items()},
        {mask_url(name): _tls(tls) for name, tls in registries.tls.items()},
    )


_MASK = SecretStr("********")
_NOT_SHOWN = "(not shown)"


def _mirror(mirror: RegistryMirrorConfig) -> RegistryMirrorConfig:
    endpoints = tuple(one.model_copy(update={"url": mask_url(one.url)}) for one in mirror.endpoints)
    return mirror.model_copy(update={"name": mask_url(mirror.name), "endpoints": endpoints})


def _auth(auth: RegistryAuthConfig) -> RegistryAuthConfig:
    secrets = {"password": auth.password, "auth": auth.auth, "identity_token": auth.identity_token}
    masked = {field: _MASK for field, secret in secrets.items() if secret.get_secret_value()}
    return auth.model_copy(update={"name": mask_url(auth.name), **masked})


def _tls(tls: RegistryTLSConfig) -> RegistryTLSConfig:
    shown = {"name": mask_url(tls.name), "ca": mask_private_keys(tls.ca, _NOT_SHOWN)}
    identity = tls.client_identity and tls.client_identity.model_copy(
        update={
            "cert": mask_private_keys(tls.client_identity.cert, _NOT_SHOWN),
            "key": SecretStr(f"{_NOT_SHOWN}\n"),
        }
    )
    return tls.model_copy(update={**shown, "client_identity": identity})
