"""containerd's hosts directory and credentials, byte for byte as Talos writes them for the CRI plugin.

Source: siderolabs/talos, internal/pkg/containers/cri/containerd/{hosts,containerd}.go; pelletier/go-toml v2.4.3 (Talos
1.14) and v2.2.4 (before it), marshaler.go, for how a string is quoted.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from talos_registry.arguments import wrong_type
from talos_registry.diagnostic import HostsError
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.strings import go_quote, text_bytes
from talos_registry.go.url import clean_path
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.documents import (
        RegistryAuthConfig,
        RegistryEndpoint,
        RegistryMirrorConfig,
        RegistrySet,
        RegistryTLSConfig,
    )
    from talos_registry.loading import MachineConfig
    from talos_registry.versions import Release

__all__ = [
    "BASE_PATH",
    "Directory",
    "directories",
    "directory_name",
    "registries_of",
    "release_for",
    "render_cri_auth",
    "render_hosts",
    "upstream_host",
]

BASE_PATH = "/etc/cri/conf.d/hosts"
"""Where a node keeps the hosts directory."""
_LATEST = release_of(LATEST)
_Value: TypeAlias = "str | bool | list[_Value]"


class Directory(NamedTuple):
    """What Talos writes for one registry host: the document it does so for, and the files by name, hosts.toml last."""

    document: RegistryMirrorConfig | RegistryTLSConfig
    files: dict[str, bytes]


def upstream_host(registry_host: str) -> str:
    """The host of the upstream of a registry host: itself, but for ``docker.io``.

    Source: containerd/containerd, core/remotes/docker/resolver.go (DefaultHost).
    """
    return "registry-1.docker.io" if registry_host == "docker.io" else registry_host


def directory_name(name: str) -> str:
    """The directory for a document of this name: ``*`` is ``_default``, ``reg:5000`` is ``reg_5000_``."""
    if name == "*":
        return "_default"
    host, colon, port = name.rpartition(":")
    return f"{host}_{port}_" if colon and host else name


def registries_of(function: str, given: object) -> RegistrySet:
    """The registry settings for a function, or those of the config that it is given.

    Raises:
        TypeError: for anything else.
    """
    from talos_registry.documents import RegistrySet

    if isinstance(given, RegistrySet):
        return given
    from talos_registry.loading import MachineConfig

    if isinstance(given, MachineConfig):
        return given.registries
    advice = "parse it first" if isinstance(given, str | bytes) else ""
    raise wrong_type(function, "a RegistrySet or a MachineConfig", given, advice=advice)


def release_for(given: object, talos_version: str | None) -> Release:
    """The release that is asked for, else that of the config that is given, else the newest.

    Raises:
        ValueError: for what is no Talos version.
    """
    return release_of(talos_version or getattr(given, "talos_version", LATEST))


def render_hosts(
    registries: RegistrySet | MachineConfig, *, base_path: str = BASE_PATH, talos_version: str | None = None
) -> Mapping[str, bytes]:
    """The files of the hosts directory, certificates included: ``docker.io/hosts.toml`` -> its bytes.

    A name is written as it is: one with ``..`` or a leading ``/`` in it yields a path that leaves the directory. Where
    several documents want the same directory and Talos leaves the choice to chance, names count in sorted order.

    Args:
        registries: the registry settings of a node, or a config, which has them.
        base_path: the directory on the node, which the files name for certificates.
        talos_version: the Talos of the node, ``MAJOR.MINOR[.PATCH]``; None is that of the config, and of registry settings
            the newest.

    Raises:
        HostsError: where Talos generates nothing at all; ``str()`` is Talos' text.
        ValueError: for what is no Talos version.
        TypeError: for what is neither registry settings nor a config, which has them.

    Source: siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go.
    """
    release = release_for(registries, talos_version)
    registries = registries_of("render_hosts", registries)
    return {
        f"{name}/{file}": content
        for name, directory in directories(registries, base_path, release).items()
        for file, content in directory.files.items()
    }


def directories(
    registries: RegistrySet, base_path: str = BASE_PATH, release: Release = _LATEST
) -> dict[str, Directory]:
    """The hosts directory by directory name, mirrors first.

    Raises:
        HostsError: as ``render_hosts``.
    """
    written = {}
    for name in sorted(registries.mirrors):
        place = f"{base_path}/{directory_name(name)}"
        written[directory_name(name)] = _mirror_directory(registries.mirrors[name], registries.tls, place, release)
    for name in sorted(registries.tls):
        tls = registries.tls[name]
        if directory_name(name) in written or not _says_something(tls):
            continue
        if name == "*":
            raise HostsError("wildcard host TLS configuration is not supported")
        written[directory_name(name)] = _upstream_directory(tls, f"{base_path}/{directory_name(name)}", release)
    return written


def _says_something(tls: RegistryTLSConfig) -> bool:
    return bool(tls.ca or tls.client_identity is not None or tls.insecure_skip_verify)


def _mirror_directory(
    mirror: RegistryMirrorConfig, tls: Mapping[str, RegistryTLSConfig], place: str, release: Release
) -> Directory:
    files: dict[str, bytes] = {}
    entries = []
    for endpoint in mirror.endpoints:
        host = _endpoint_host(endpoint, mirror.name)
        entry = _Entry(endpoint.url, {"capabilities": ["pull", "resolve"]})
        if endpoint.override_path:
            entry.settings["override_path"] = True
        if host in tls:
            entry.settings.update(_trust(tls[host], host, place))
            files |= _certificates(tls[host], host)
        entries.append(entry)
    # Without fallback the last endpoint takes the place of the upstream.
    server = entries.pop() if mirror.skip_fallback and entries else None
    return Directory(mirror, {**files, "hosts.toml": _hosts_toml(server, entries, release)})


def _upstream_directory(tls: RegistryTLSConfig, place: str, release: Release) -> Directory:
    server = _Entry(f"https://{upstream_host(tls.name)}", _trust(tls, tls.name, place))
    return Directory(tls, {**_certificates(tls, tls.name), "hosts.toml": _hosts_toml(server, [], release)})


def _endpoint_host(endpoint: RegistryEndpoint, mirror_name: str) -> str:
    try:
        return parse_url(endpoint.url).host
    except InvalidURLError as error:
        # Talos formats the whole endpoint with %q, its flag included.
        shown = f"{{{go_quote(endpoint.url)} %!q(bool={'true' if endpoint.override_path else 'false'})}}"
        raise HostsError(f"error parsing endpoint {shown} for host {go_quote(mirror_name)}: {error}") from error


def _certificates(tls: RegistryTLSConfig, host: str) -> dict[str, bytes]:
    files = {}
    if tls.ca:
        files[f"{host}-ca.crt"] = text_bytes(tls.ca)
    if tls.client_identity is not None:
        files[f"{host}-client.crt"] = text_bytes(tls.client_identity.cert)
        files[f"{host}-client.key"] = text_bytes(tls.client_identity.key.get_secret_value())
    return files


def _trust(tls: RegistryTLSConfig, host: str, place: str) -> dict[str, _Value]:
    def path(ending: str) -> str:
        return clean_path(f"{place}/{host}-{ending}")

    settings: dict[str, _Value] = {}
    if tls.ca:
        settings["ca"] = path("ca.crt")
    if tls.client_identity is not None:
        settings["client"] = [[path("client.crt"), path("client.key")]]
    if tls.insecure_skip_verify:
        settings["skip_verify"] = True
    return settings


class _Entry(NamedTuple):
    """One host of a hosts.toml: its URL and its settings."""

    url: str
    settings: dict[str, _Value]


def _hosts_toml(server: _Entry | None, hosts: list[_Entry], release: Release) -> bytes:
    lines = []
    if server:
        settings = {"server": server.url, **server.settings} if server.url else server.settings
        lines += [f"{key} = {_toml_value(value, release)}" for key, value in settings.items()]
    if hosts:
        lines.append("[host]")
    for host in hosts:
        lines.append(f"  [host.{_toml_key(host.url, release)}]")
        lines += [f"    {key} = {_toml_value(value, release)}" for key, value in host.settings.items()]
    return text_bytes("".join(f"{line}\n" for line in lines))


def render_cri_auth(registries: RegistrySet | MachineConfig, *, talos_version: str | None = None) -> str:
    """The part of containerd's configuration that holds the credentials (``01-registries.part``), secrets in clear.

    Args:
        registries: as for ``render_hosts``.
        talos_version: ``MAJOR.MINOR[.PATCH]``, as for ``render_hosts``.

    Raises:
        ValueError: as ``render_hosts``.
        TypeError: as ``render_hosts``.

    Source: siderolabs/talos, internal/pkg/containers/cri/containerd/containerd.go.
    """
    release = release_for(registries, talos_version)
    registries = registries_of("render_cri_auth", registries)
    # In sorted order a document named registry-1.docker.io comes after, and so replaces, one named docker.io.
    auths = {upstream_host(name): registries.auths[name] for name in sorted(registries.auths)}
    blocks = [_CRI_HEADER, *(_auth_block(host, auths[host], release) for host in sorted(auths))]
    return blocks[0] + "\n".join(blocks[1:])


_CRI_HEADER = f"""\
[plugins]
  [plugins.'io.containerd.cri.v1.images']
    [plugins.'io.containerd.cri.v1.images'.registry]
      config_path = '{BASE_PATH}'

      [plugins.'io.containerd.cri.v1.images'.registry.configs]
"""


def _auth_block(host: str, auth: RegistryAuthConfig, release: Release) -> str:
    table = f"plugins.'io.containerd.cri.v1.images'.registry.configs.{_toml_key(host, release)}"
    settings = {
        "username": auth.username,
        "password": auth.password.get_secret_value(),
        "auth": auth.auth.get_secret_value(),
        "identitytoken": auth.identity_token.get_secret_value(),
    }
    lines = [f"            {key} = {_toml_value(value, release)}\n" for key, value in settings.items()]
    return f"        [{table}]\n          [{table}.auth]\n{''.join(lines)}"


_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+", re.ASCII).fullmatch
_NOT_LITERAL = re.compile("['\x00-\x1f\x7f\ud800-\udfff]").search
_ESCAPED = re.compile('["\\\\\x00-\x1f\x7f\ud800-\udfff]')
_SHORT = {'"': '\\"', "\\": "\\\\", "\b": "\\b", "\f": "\\f", "\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _toml_key(text: str, release: Release) -> str:
    return text if _BARE_KEY(text) else _toml_string(text, release)


def _toml_value(value: _Value, release: Release) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml_value(item, release) for item in value)}]"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _toml_string(value, release)


def _toml_string(text: str, release: Release) -> str:
    is_literal = not _NOT_LITERAL(text if release.escapes_tabs else text.replace("\t", " "))
    return f"'{text}'" if is_literal else '"' + _ESCAPED.sub(_escape, text) + '"'


def _escape(match: re.Match[str]) -> str:
    # A byte that is not UTF-8 is escaped by its value.
    return _SHORT.get(match[0]) or f"\\u{ord(match[0]) & 0xFF:04X}"
