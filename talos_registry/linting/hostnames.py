"""What the names of hosts say: which are public registries, which stay on the machine, which are nearly the same."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AMAZON",
    "AZURE",
    "DOCKER_HUB_REGISTRIES",
    "GOOGLE",
    "LONGEST_NAME",
    "PUBLIC_REGISTRIES",
    "NearHosts",
    "bare",
    "is_docker_config_key",
    "is_docker_hub",
    "is_docker_site",
    "is_ipv6",
    "is_loopback",
    "is_public",
    "serves_at_root_only",
    "without_url",
]

DOCKER_HUB_REGISTRIES = frozenset({"registry-1.docker.io", "index.docker.io", "registry.hub.docker.com"})
"""Hosts that serve the registry API of Docker Hub."""

_LABELS = ("auth", "cdn", "cloud", "hub", "index", "login", "registry", "registry-1", "registry-2", "store", "www")
_DOCKER_HUB = frozenset(
    [*DOCKER_HUB_REGISTRIES, "docker.io", "docker.com"]
    + [f"{label}.{domain}" for label in _LABELS for domain in ("docker.io", "docker.com")]
)

PUBLIC_REGISTRIES = frozenset(
    [
        "docker.io",
        "registry-1.docker.io",
        "index.docker.io",
        "mirror.gcr.io",
        "ghcr.io",
        "gcr.io",
        "eu.gcr.io",
        "us.gcr.io",
        "asia.gcr.io",
        "k8s.gcr.io",
        "registry.k8s.io",
        "quay.io",
        "mcr.microsoft.com",
        "public.ecr.aws",
        "registry.gitlab.com",
        "factory.talos.dev",
        "nvcr.io",
        "cgr.dev",
        "lscr.io",
        "docker.elastic.co",
        "registry.access.redhat.com",
        "registry.redhat.io",
        "registry.suse.com",
        "docker.n8n.io",
        "code.forgejo.org",
        "codeberg.org",
        "registry.opensuse.org",
        "container-registry.oracle.com",
    ]
)
"""Registry hosts that everybody can pull from."""

AMAZON = re.compile(r"[0-9]+\.dkr[.-]ecr(?:-fips)?\..*\.(?:amazonaws\.com(?:\.cn)?|on\.aws)|public\.ecr\.aws")
GOOGLE = re.compile(r".*\.pkg\.dev|(?:.*\.)?gcr\.io")
AZURE = re.compile(r".*\.azurecr\.(?:io|cn|us)")
"""The registry hosts of the large clouds."""
_AT_ROOT_ONLY = frozenset({"ghcr.io", "quay.io", "registry.gitlab.com"})

_LOOPBACK = re.compile(r"localhost|127(?:\.[0-9]+){3}|\[?::1\]?")
_PORT = re.compile(r":[0-9]*\Z")
_URL_PARTS = re.compile(r"\A(?:[A-Za-z][\w+.-]*:)?//(?:[^/@]*@)?|/.*\Z", re.DOTALL)
LONGEST_NAME = 253
"""The most characters that the name of a host has."""
_ADDRESS = re.compile(r"[0-9]+(?:\.[0-9]+){3}|\[.*\]")


@lru_cache(maxsize=16_384)
def bare(host: str) -> str:
    """A host without its port, in lower case."""
    return _PORT.sub("", host).lower()


def is_docker_hub(host: str) -> bool:
    """Whether a host is one of Docker's, whatever it serves."""
    return bare(host) in _DOCKER_HUB


def is_docker_site(host: str) -> bool:
    """Whether a host is one of Docker's that does not serve the registry API: web pages, tokens, downloads."""
    return is_docker_hub(host) and bare(host) not in DOCKER_HUB_REGISTRIES


def is_public(host: str) -> bool:
    """Whether a host is a public registry, or a part of one."""
    plain = bare(host)
    return plain in PUBLIC_REGISTRIES or is_docker_hub(plain) or not PUBLIC_REGISTRIES.isdisjoint(_parents(plain))


def serves_at_root_only(host: str) -> bool:
    """Whether a host is known to serve the registry API below ``/v2/`` and nowhere else."""
    plain = bare(host)
    return (
        plain in _AT_ROOT_ONLY
        or is_docker_hub(plain)
        or any(hosts.fullmatch(plain) for hosts in (AMAZON, GOOGLE, AZURE))
    )


def is_loopback(host: str) -> bool:
    """Whether a host, with or without a port, is the machine itself."""
    return _LOOPBACK.fullmatch(bare(host)) is not None


def is_ipv6(host: str) -> bool:
    """Whether a host is an IPv6 address in brackets."""
    return host.startswith("[")


def without_url(name: str) -> str:
    """A name without what only URLs have: scheme, user, path."""
    return _URL_PARTS.sub("", name)


class NearHosts:
    """Finds, among hosts, the one a name nearly is: another port, case or scheme, a host above or below it, its first label."""

    def __init__(self, hosts: Iterable[str]) -> None:
        self._by_bare: dict[str, str] = {}
        self._below: dict[str, str] = {}
        self._by_label: dict[str, str] = {}
        for host in hosts:
            plain = bare(without_url(host))
            self._by_bare.setdefault(plain, host)
            if not is_public(plain) and not _ADDRESS.fullmatch(plain):
                self._by_label.setdefault(plain.partition(".")[0], host)
            for parent in _parents(plain):
                self._below.setdefault(parent, host)

    def same(self, name: str) -> str | None:
        """The host from which ``name`` differs by no more than port, case and what only URLs have."""
        return self._by_bare.get(bare(without_url(name)))

    def nearest(self, name: str) -> str | None:
        """The host that ``name`` resembles, None if it resembles none; two public registries are never meant for one."""
        plain = bare(without_url(name))
        above = map(self._by_bare.get, _parents(plain))
        candidates = (self._by_bare.get(plain), self._below.get(plain), *above, self._by_label.get(plain))
        near = next((host for host in candidates if host is not None), None)
        if near is None or bare(near) == plain or not (is_public(plain) and is_public(near)):
            return near
        return None


def _parents(host: str) -> list[str]:
    """The domains above a host that have a name of their own: two labels at least."""
    if len(host) > LONGEST_NAME or _ADDRESS.fullmatch(host):
        return []
    labels = host.split(".")
    return [".".join(labels[at:]) for at in range(1, len(labels) - 1)]


_DOCKER_CONFIG_KEY = re.compile(r"(?:https?://)?([^/]+)/(?:v1/?|v2(/?))")


def is_docker_config_key(name: str) -> bool:
    """Whether a name is written like the keys of a Docker config file, ``https://index.docker.io/v1/``."""
    match = _DOCKER_CONFIG_KEY.fullmatch(name)
    return match is not None and (match[2] != "" or is_docker_hub(match[1]))
