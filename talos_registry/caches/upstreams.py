"""The registries that a cache stands in front of, where servers are, and what can be neither."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import CacheError, InvalidReferenceError
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.masking import mask_url
from talos_registry.messages import quoted
from talos_registry.resolution import Reference
from talos_registry.resolution.containerd import is_loopback, split_host_port

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.go.url import Url

__all__ = ["LAST_PORT", "Upstream", "check_registry_host", "check_server", "read_upstreams", "refuse_twins", "root_url"]

LAST_PORT = 65535

_HUB = "docker.io"
_HUB_ALIASES = frozenset({"registry-1.docker.io", "index.docker.io", "registry.hub.docker.com", "hub.docker.com"})
_HUB_URL = "https://registry-1.docker.io"
_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*", re.ASCII)
_PORTS = {"http": "80", "https": "443"}


class Upstream(NamedTuple):
    """A registry that is cached.

    Attributes:
        host: the registry host, with its port, as image references name it.
        url: where the cache fetches; scheme and host alone.
    """

    host: str
    url: str

    @property
    def slug(self) -> str:
        """The host as it stands in paths and names, where a colon and brackets cannot."""
        return self.host.replace(":", "-").strip("[").replace("]", "")

    @property
    def is_hub(self) -> bool:
        """Whether the cache fetches from Docker Hub itself."""
        return self.url == _HUB_URL


def read_upstreams(texts: Iterable[str]) -> tuple[Upstream, ...]:
    """The registries in the order given, each as ``HOST`` or ``HOST=URL``.

    Raises:
        CacheError: for what is no registry host, for an upstream with a path, and for what is there twice.
    """
    upstreams = tuple(map(_read, texts))
    refuse_twins((upstream.host, upstream.slug) for upstream in upstreams)
    return upstreams


def _read(text: str) -> Upstream:
    host, equals, url = text.partition("=")
    check_registry_host(host)
    if equals:
        return Upstream(host, root_url(url, f"the upstream of {host}"))
    if is_loopback(split_host_port(host)[0]):
        raise CacheError(f"{host} is the cache's own machine to the cache; say where it fetches with {host}=URL")
    return Upstream(host, root_url(f"https://{host}", f"the upstream of {host}"))


def check_registry_host(host: str) -> None:
    """Refuse what image references cannot name, and other names of Docker Hub.

    Raises:
        CacheError: with what to write instead.
    """
    shown = quoted(mask_url(host))
    name = host.partition(":")[0]
    if host == "*":
        raise CacheError("a cache has one upstream for each registry host, and * stands for all; name the hosts")
    if name in _HUB_ALIASES or (name == _HUB and name != host):
        raise CacheError(f"{shown} is where docker.io lives; images are named docker.io/..., so say docker.io")
    if host != host.lower():
        raise CacheError(f"{shown} is no registry host; write it in lower case")
    try:
        found = Reference.parse(f"{host}/a/b").registry_host
    except InvalidReferenceError:
        found = ""
    if not host or found != host:
        raise CacheError(f"{shown} is no registry host; name it alone, such as docker.io or reg.example:5000")


def refuse_twins(names: Iterable[tuple[str, str]]) -> None:
    """Refuse a host that is there twice, and hosts of which two would have the same name.

    Args:
        names: the hosts, each with its name.

    Raises:
        CacheError: says which.
    """
    hosts = defaultdict(list)
    for host, name in names:
        hosts[name].append(host)
    for name, (first, *others) in hosts.items():
        if first in others:
            raise CacheError(f"{quoted(first)} is there twice")
        if others:
            raise CacheError(f"{quoted(first)} and {quoted(others[0])} would both be called {quoted(name)}")


def root_url(text: str, what: str) -> str:
    """The URL of a server that is asked at its root, as short as it goes: scheme, host, and a port that is not the usual.

    Docker Hub has one URL, whichever of its names it is given.

    Raises:
        CacheError: for anything else; ``what`` is what the message calls it.
    """
    shown = quoted(mask_url(text))
    url = _parsed(text)
    if url is None or url.scheme not in _PORTS or not url.host:
        raise CacheError(f"{what} needs http:// or https:// and a host: {shown}")
    if url.user is not None:
        raise CacheError(f"{what} takes no user and password: {shown}")
    if url.path not in {"", "/"} or any(mark in text for mark in "?#"):
        raise CacheError(f"{what} is the root of a host, without a path: {shown}; write {url.scheme}://{url.host}")
    if url.port and not 0 < int(url.port) <= LAST_PORT:
        raise CacheError(f"{what} has port {url.port}, and ports go from 1 to {LAST_PORT}: {shown}")
    hostname = url.hostname.lower()
    check_server(hostname, what)
    if hostname == _HUB or hostname in _HUB_ALIASES:
        return _HUB_URL
    port = str(int(url.port or _PORTS[url.scheme]))
    host = f"[{hostname}]" if ":" in hostname else hostname
    return f"{url.scheme}://{host}" + ("" if port == _PORTS[url.scheme] else f":{port}")


def _parsed(text: str) -> Url | None:
    try:
        return parse_url(text) if text.isascii() else None
    except InvalidURLError:
        return None


def check_server(hostname: str, what: str) -> None:
    """Refuse what is no name in DNS and no IP address, and the address that stands for every one.

    Raises:
        CacheError: ``what`` is what the message calls it.
    """
    try:
        address = ipaddress.ip_address(hostname)
    except ValueError:
        if not _NAME.fullmatch(hostname) or re.fullmatch(r"[0-9.]+", hostname):
            hint = " (an IPv6 address has no brackets here)" if hostname.startswith("[") else ""
            raise CacheError(
                f"{what} is at {quoted(hostname)}, which is no name in DNS and no IP address{hint}"
            ) from None
        return
    mapped = getattr(address, "ipv4_mapped", None)
    if (mapped or address).is_unspecified:
        raise CacheError(f"{what} is at {hostname}, which is no address that others reach; give that of the machine")
    if getattr(address, "scope_id", None):
        raise CacheError(f"{what} is at {quoted(hostname)}, which means nothing on other machines")
