"""The registries that a cache stands in front of, and what cannot be one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import CacheError, InvalidReferenceError
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.masking import mask_url
from talos_registry.messages import quoted
from talos_registry.resolution import Reference

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.go.url import Url

__all__ = ["LAST_PORT", "Upstream", "read_upstreams", "root_url"]

_HUB = "docker.io"
_HUB_ALIASES = frozenset({"registry-1.docker.io", "index.docker.io", "registry.hub.docker.com", "hub.docker.com"})
_HUB_URL = "https://registry-1.docker.io"
_PLAIN_HOST = re.compile(r"(?:[a-z0-9][a-z0-9.-]*|\[[0-9a-f:.]+\])(?::[0-9]{1,5})?", re.IGNORECASE | re.ASCII)
"""What needs no quoting in a shell, in YAML and in JSON."""

LAST_PORT = 65535


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
        """Whether this is Docker Hub itself, and not something in its place."""
        return self.host == _HUB and self.url == _HUB_URL


def read_upstreams(texts: Iterable[str]) -> tuple[Upstream, ...]:
    """The registries in the order given, each as ``HOST`` or ``HOST=URL``.

    Raises:
        CacheError: for what is no registry host, for an upstream with a path, and for what is there twice.
    """
    upstreams = tuple(map(_read, texts))
    _refuse_twins(upstream.host for upstream in upstreams)
    _refuse_twins(upstream.slug for upstream in upstreams)
    return upstreams


def _read(text: str) -> Upstream:
    host, equals, url = text.partition("=")
    _check_host(host)
    if equals:
        return Upstream(host, root_url(url, f"the upstream of {host}"))
    return Upstream(host, _HUB_URL if host == _HUB else f"https://{host}")


def _check_host(host: str) -> None:
    shown = quoted(mask_url(host))
    if not host:
        raise CacheError("a registry host is missing; name one, such as docker.io")
    if host == "*":
        raise CacheError("a cache has one upstream for each registry host, and * stands for all; name the hosts")
    if "/" in host:
        raise CacheError(f"{shown} is no registry host; name it alone, such as docker.io or reg.example:5000")
    if host in _HUB_ALIASES:
        raise CacheError(f"{shown} is where docker.io lives; images are named docker.io/..., so say docker.io")
    if host != host.lower():
        raise CacheError(f"{shown} is no registry host; write it in lower case")
    try:
        found = Reference.parse(f"{host}/a/b").registry_host
    except InvalidReferenceError:
        found = ""
    if found != host:
        raise CacheError(f"{shown} is no registry host: an image named so would not be pulled from there")


def _refuse_twins(names: Iterable[str]) -> None:
    for name, count in Counter(names).items():
        if count > 1:
            raise CacheError(f"{quoted(name)} is there {count} times")


def root_url(text: str, what: str) -> str:
    """The URL of a server that is asked at its root: scheme and host, without a slash at the end.

    Raises:
        CacheError: for anything else; ``what`` is what the message calls it.
    """
    shown = quoted(mask_url(text))
    url = _parsed(text)
    if url is None:
        raise CacheError(f"{what} is no URL: {shown}")
    if url.scheme not in {"http", "https"} or not _PLAIN_HOST.fullmatch(url.host):
        raise CacheError(f"{what} needs http:// or https:// and a host: {shown}")
    if url.user is not None:
        raise CacheError(f"{what} takes no user and password: {shown}")
    if url.port and not 0 < int(url.port) <= LAST_PORT:
        raise CacheError(f"{what} has port {url.port}, and ports go from 1 to {LAST_PORT}: {shown}")
    root = f"{url.scheme}://{url.host}"
    if text.removesuffix("/") != root:
        raise CacheError(f"{what} is the root of a host, and nothing may follow it: {shown}; write {root}")
    return root


def _parsed(text: str) -> Url | None:
    try:
        return parse_url(text) if text.isascii() else None
    except InvalidURLError:
        return None
