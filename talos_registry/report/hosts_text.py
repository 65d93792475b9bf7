"""What Talos writes for containerd, to look at: one file below the other, without credentials and private keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from talos_registry.documents import RegistrySet
from talos_registry.masking import mask_private_keys, mask_url
from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.documents import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig

__all__ = ["render_files", "without_secrets"]


def render_files(contents: Mapping[str, bytes]) -> str:
    """The files by their names, each below its name."""
    return "\n".join(f"# {printable(name)}\n{_shown(content)}" for name, content in contents.items()).rstrip("\n")


def _shown(content: bytes) -> str:
    """The lines of a file, with what no terminal should be sent as escapes."""
    return "\n".join(map(printable, content.decode("utf-8", "replace").split("\n")))


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
    endpoints = tuple(endpoint.with_members(url=mask_url(endpoint.url)) for endpoint in mirror.endpoints)
    return mirror.with_members(name=mask_url(mirror.name), endpoints=endpoints)


def _auth(auth: RegistryAuthConfig) -> RegistryAuthConfig:
    secrets = {"password": auth.password, "auth": auth.auth, "identity_token": auth.identity_token}
    masked = {field: _MASK for field, secret in secrets.items() if secret.get_secret_value()}
    return auth.with_members(name=mask_url(auth.name), username=mask_url(auth.username), **masked)


def _tls(tls: RegistryTLSConfig) -> RegistryTLSConfig:
    shown = {"name": mask_url(tls.name), "ca": mask_url(mask_private_keys(tls.ca, _NOT_SHOWN))}
    identity = tls.client_identity and tls.client_identity.with_members(
        cert=mask_private_keys(tls.client_identity.cert, _NOT_SHOWN), key=SecretStr(f"{_NOT_SHOWN}\n")
    )
    return tls.with_members(**shown, client_identity=identity)
