"""k3s and RKE2: the mirrors, credentials and certificates of a ``registries.yaml``.

Source: k3s-io/k3s, pkg/agent/containerd/config.go (getHostConfigs, normalizeEndpointAddress); rancher/wharfie,
pkg/registries/types.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.caches.access import Trust, add_login, add_trust, identity_of
from talos_registry.caches.foreign import is_upstream, login_host, url_of
from talos_registry.documents import RegistryEndpoint
from talos_registry.resolution import containerd
from talos_registry.resolution.hosts import upstream_host

if TYPE_CHECKING:
    from talos_registry.caches.foreign import ForeignFile, Given

__all__ = ["SECTIONS", "read_registries"]

SECTIONS = ("mirrors", "configs")
"""The keys of a ``registries.yaml``."""

_WHOLE = re.compile(r"\^?\(\.[*+]\)\$?")
"""The pattern of a rewrite that every repository matches as a whole."""
_BELOW = re.compile(r"/?([A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*)/(?:\$1|\$\{1\})", re.ASCII)
"""What such a rewrite may make of it: a path before it."""
_PATHS_THAT_STAY = frozenset({"", "/", "/v2"})


def read_registries(file: ForeignFile, root: Given) -> None:
    """Make what a ``registries.yaml`` says."""
    sections = file.members(root, SECTIONS)
    mirrors, configs = (_by_host(file, sections.get(key)) for key in SECTIONS)
    trusted = {login_host(host) for host, config in configs.items() if _has_tls(config)}
    for host, mirror in mirrors.items():
        _read_mirror(file, host, mirror, trusts=upstream_host(host) in trusted)
    for host, config in configs.items():
        _read_config(file, host, config)
        if host != "*" and host not in mirrors and isinstance(config.value, dict):
            # k3s does not ask the catch-all for it.
            file.add_mirror(host, [], None, config, trusts=_has_tls(config))


def _by_host(file: ForeignFile, section: Given | None) -> dict[str, Given]:
    """The members of a section, but for those that k3s finds for no image and no endpoint."""
    members = file.table(section)
    for host in [host for host in members if "/" in host]:
        file.no_counterpart(
            members.pop(host), "k3s looks for a host alone, without scheme and path, and never finds it"
        )
    return members


def _has_tls(config: Given) -> bool:
    return isinstance(config.value, dict) and "tls" in config.value


def _read_mirror(file: ForeignFile, host: str, mirror: Given, *, trusts: bool) -> None:
    members = file.members(mirror, ("endpoint", "rewrite"))
    prefix = _prefix(file, members.get("rewrite"))
    if prefix is None:
        file.add_mirror(host, [], None, mirror, trusts=trusts)  # the catch-all is not asked instead
        return
    endpoints: dict[str, RegistryEndpoint] = {}  # k3s passes over one that is there twice
    for item in file.items(members.get("endpoint")):
        endpoint = _endpoint(file.text(item))
        if file.usable(endpoint, item):
            endpoints.setdefault(endpoint.url, endpoint)
    listed = [*endpoints.values()]
    # The upstream as the last endpoint is not asked twice, and is asked as the endpoint says.
    is_own = bool(listed) and is_upstream(listed[-1], host)
    asked = [_below(endpoint, prefix) for endpoint in listed]
    last = asked.pop() if is_own else None
    if listed:
        file.add_mirror(host, asked, last, mirror, trusts=trusts)


def _prefix(file: ForeignFile, rewrite: Given | None) -> str | None:
    """The path that a rewrite puts before every repository; "" without one, None where it does anything else."""
    rules = file.table(rewrite) if rewrite is not None else {}
    found = {_prefix_of(pattern, file.text(replacement)) for pattern, replacement in rules.items()}
    if not found:
        return ""
    if len(found) > 1 or None in found:
        why = "an endpoint has one path for all repositories; the endpoints of this mirror are left out"
        file.no_counterpart(rewrite, why)  # type: ignore[arg-type]  # without it there is no rule
        return None
    return found.pop()


def _prefix_of(pattern: str, replacement: str) -> str | None:
    below = _BELOW.fullmatch(replacement) if _WHOLE.fullmatch(pattern) else None
    return below and below[1]


def _endpoint(text: str) -> RegistryEndpoint:
    """An endpoint with its scheme; one of a path of its own is asked there."""
    url = url_of(text if "://" in text else f"//{text}")
    if url is None or not text:
        return RegistryEndpoint(url=text)
    scheme = url.scheme or ("http" if _speaks_http(url.host) else "https")
    host = login_host(url.host) if url.host == "docker.io" else url.host
    rest = text.partition("://")[2] if "://" in text else text
    whole = f"{scheme}://{host}{rest[len(url.host) :]}" if rest.startswith(url.host) else f"{scheme}://{rest}"
    return RegistryEndpoint(url=whole, override_path=None if url.path in _PATHS_THAT_STAY else True)


def _speaks_http(host: str) -> bool:
    name, port = containerd.split_host_port(host)
    return port not in {"", "443"} and containerd.is_loopback(name)


def _below(endpoint: RegistryEndpoint, prefix: str) -> RegistryEndpoint:
    if not prefix:
        return endpoint
    url = url_of(endpoint.url)
    if url is None:
        return endpoint
    path = url.path.rstrip("/") if endpoint.override_path else "/v2"
    return RegistryEndpoint(url=f"{url.scheme}://{url.host}{path}/{prefix}", override_path=True)


def _read_config(file: ForeignFile, host: str, config: Given) -> None:
    members = file.members(config, ("auth", "tls"))
    if host == "*":
        file.no_counterpart(config, "credentials and certificates are for one host")
        return
    if "auth" in members:
        auth = file.members(members["auth"], ("username", "password", "auth", "identity_token"))
        ways = {way: auth.get(way) for way in ("username", "identity_token", "auth")}
        add_login(file, login_host(host), members["auth"], ways, auth.get("password"))
    if "tls" in members:
        tls = file.members(members["tls"], ("ca_file", "cert_file", "key_file", "insecure_skip_verify"))
        identity = identity_of(file, tls.get("cert_file"), tls.get("key_file"))
        trust = Trust(file.node_file(tls.get("ca_file")), identity, file.flag(tls.get("insecure_skip_verify")))
        add_trust(file, login_host(host), trust, members["tls"])
