"""containerd: the ``hosts.toml`` files of a ``certs.d``, one for each registry host.

Source: containerd/containerd, core/remotes/docker/config/hosts.go and docs/hosts.md.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from talos_registry.caches.access import Trust, add_trust, identity_of, identity_of_one
from talos_registry.caches.foreign import Given, url_of
from talos_registry.documents import RegistryEndpoint
from talos_registry.resolution.hosts import upstream_host

if TYPE_CHECKING:
    from talos_registry.caches.foreign import ForeignFile
    from talos_registry.documents import ClientIdentity

__all__ = ["read_hosts_toml"]

_WITH_PORT = re.compile(r"(.+)_([0-9]+)_", re.ASCII)
_SETTINGS = ("capabilities", "ca", "client", "skip_verify", "override_path", "header", "dial_timeout")
_NEEDED = frozenset({"pull", "resolve"})
_PAIR = 2


def read_hosts_toml(file: ForeignFile, root: Given) -> None:
    """Make what the ``hosts.toml`` in the directory of a registry host says."""
    name = _registry_host(posixpath.basename(posixpath.dirname(file.name)))
    if not name:
        message = "The directory of this file says for which registry host it is; pass it as HOST/hosts.toml."
        file.diagnostic("import-no-counterpart", message)
        return
    members = file.members(root, ("server", "host", *_SETTINGS))
    hosts = file.table(members.get("host"))
    read = (_read_host(file, url, host) for url, host in hosts.items())
    endpoints = [endpoint for endpoint in read if endpoint is not None]
    trusts = any(key in members for key in ("ca", "client", "skip_verify"))
    file.add_mirror(name, endpoints, _read_server(file, name, members), root, trusts=trusts)


def _registry_host(directory: str) -> str:
    """The registry host that a directory is for."""
    if directory == "_default":
        return "*"
    with_port = _WITH_PORT.fullmatch(directory)
    return f"{with_port[1]}:{with_port[2]}" if with_port else directory


def _read_host(file: ForeignFile, url: str, host: Given) -> RegistryEndpoint | None:
    members = file.members(host, _SETTINGS)
    endpoint = _endpoint(file, url, members)
    if not _is_asked(file, members) or not file.usable(endpoint, host):
        return None
    _read_settings(file, _host_of(endpoint), members, host)
    return endpoint


def _read_server(file: ForeignFile, name: str, members: dict[str, Given]) -> RegistryEndpoint | None:
    """What is asked last; None for the upstream."""
    server = file.text(members.get("server"))
    if not server:
        settings = [members[key] for key in _SETTINGS if key in members]
        if settings and name == "*":
            file.no_counterpart(settings[0], "certificates are for one host")
        elif settings and _is_asked(file, members):
            _read_settings(file, upstream_host(name), members, settings[0])
        return None
    at = members["server"]
    endpoint = _endpoint(file, server, members)
    if not _is_asked(file, members) or not file.usable(endpoint, at):
        return None
    _read_settings(file, _host_of(endpoint), members, at)
    return endpoint


def _endpoint(file: ForeignFile, url: str, members: dict[str, Given]) -> RegistryEndpoint:
    whole = url if url.startswith("http") else f"https://{url}"
    return RegistryEndpoint(url=whole, override_path=file.flag(members.get("override_path")) or None)


def _host_of(endpoint: RegistryEndpoint) -> str:
    url = url_of(endpoint.url)
    return url.host if url is not None else ""


def _is_asked(file: ForeignFile, members: dict[str, Given]) -> bool:
    """Whether a host is asked for tags and for images, as every endpoint of Talos is; otherwise it is reported."""
    given = members.get("capabilities")
    capabilities = {file.text(item).lower() for item in file.items(given)}
    if given is None or not capabilities or capabilities >= _NEEDED:
        return True
    file.no_counterpart(given, "an endpoint is asked for all; this one is left out")
    return False


def _read_settings(file: ForeignFile, host: str, members: dict[str, Given], at: Given) -> None:
    for key in ("header", "dial_timeout"):
        if key in members:
            file.no_counterpart(members[key], "nodes send what they send, and wait as long as they do")
    ca = "".join(_ended(file.node_file(item)) for item in file.texts(members.get("ca")))
    trust = Trust(ca, _identity(file, members.get("client")), file.flag(members.get("skip_verify")))
    add_trust(file, host, trust, at)


def _ended(text: str) -> str:
    return f"{text}\n" if text and not text.endswith("\n") else text


def _identity(file: ForeignFile, client: Given | None) -> ClientIdentity | None:
    """The client certificate: a file with its key, or a pair of files, perhaps in a list."""
    pairs = file.texts(client)
    if not pairs:
        return None
    first, *others = pairs
    if others:
        file.no_counterpart(others[0], "there is one client certificate for a host; the first is taken")
    files = [item for item in file.texts(first) if item.value != ""]
    if len(files) == _PAIR:
        return identity_of(file, *files)
    if len(files) == 1:
        return identity_of_one(file, files[0])
    file.diagnostic("wrong-type", f"{first.where} must be one file, or a certificate and its key.", first)
    return None
