"""Zot: one registry, with a path for each registry that is cached.

Source: project-zot/zot, pkg/api/config, pkg/extensions/config/sync and pkg/cli/server/root.go of 2.1.3 to 2.1.20; what
changed in 2.1.22 is from zot's release notes.
"""

from __future__ import annotations

import json
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from talos_registry.caches.cache import Cache, check_guard, listed
from talos_registry.caches.upstreams import root_url
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryEndpoint
from talos_registry.go import parse_url
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.caches.upstreams import Upstream

__all__ = ["ZotCache"]

_VERSION = re.compile(r"v?(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})", re.ASCII)
_CAN_KEEP_DIGESTS = (2, 1, 3)
_KEEPS_DIGESTS = (2, 1, 22)
_HAS_LIVEZ = (2, 1, 6)
_REPOSITORY = re.compile(r"[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*", re.ASCII)
"""One step of a repository's path: pkg/regexp/regexp.go."""

_PORTS = {"http": 80, "https": 443}
_PORT_BEHIND_PROXY = 5000
_STORAGE = "/var/lib/registry"
"""Where the image has it: build/Dockerfile."""


@dataclass(frozen=True, kw_only=True)
class ZotCache(Cache):
    """One zot that fetches on demand.

    Attributes:
        url: of zot as nodes reach it: scheme and host, without a path.
        zot_version: ``X.Y.Z``, on which the keys of its set-up depend; 2.1.3 or newer.
        tls: the paths of the certificate and of its key, PEM, on its machine. Without them zot itself speaks http, and
            behind an https URL something else ends TLS.
        htpasswd: the path of a file on its machine with the users that may pull; without it everybody may.
        username: the one of them by which nodes log in.

    Raises:
        CacheError: for a description that makes no working cache, with the reason.
    """

    _PRODUCT: ClassVar[str] = "ZOT"

    url: str
    zot_version: str
    tls: tuple[str, str] | None = None
    htpasswd: str | None = None
    username: str = ""

    @property
    def setup_file(self) -> str:
        """``config.json``."""
        return "config.json"

    @property
    def setup(self) -> str:
        """The configuration of zot."""
        configuration = {
            "distSpecVersion": "1.1.1",
            "storage": {
                "rootDirectory": _STORAGE,
                "retention": {
                    "policies": [{"repositories": ["**"], "deleteReferrers": False, "deleteUntagged": False}]
                },
            },
            "http": self._http(),
            "log": {"level": "info"},
            "extensions": {"sync": {"enable": True, "registries": [*map(self._registry, self._upstreams)]}},
        }
        return json.dumps(configuration, indent=4, ensure_ascii=False) + "\n"

    @property
    def notes(self) -> tuple[str, ...]:
        """For which version the configuration is, and how to check that."""
        version = _written(self._version)
        why = (
            "which keeps digests by itself; before 2.1.22 preserveDigest is needed"
            if self._version >= _KEEPS_DIGESTS
            else "which needs preserveDigest; from 2.1.22 on it is not"
        )
        return (f"{self.setup_file} is for zot {version}, {why}. Check it with: zot verify {self.setup_file}",)

    def _http(self) -> dict[str, Any]:
        is_ipv6 = ":" in parse_url(self._root).hostname
        settings: dict[str, Any] = {
            "address": "[::]" if is_ipv6 else "0.0.0.0",  # noqa: S104 - nodes are elsewhere
            "port": str(self._port),
            "compat": ["docker2s2"],
        }
        if self.tls:
            settings["tls"] = dict(zip(("cert", "key"), self.tls, strict=True))
        if self.htpasswd:
            settings["auth"] = {"htpasswd": {"path": self.htpasswd}}
        policy = "defaultPolicy" if self.htpasswd else "anonymousPolicy"
        return {**settings, "accessControl": {"repositories": {"**": {policy: ["read"]}}}}

    def _registry(self, upstream: Upstream) -> dict[str, Any]:
        preserved = {} if self._version >= _KEEPS_DIGESTS else {"preserveDigest": True}
        content = [{"prefix": "**", "destination": f"/{upstream.slug}"}]
        return {"urls": [upstream.url], "onDemand": True, "tlsVerify": True, **preserved, "content": content}

    @property
    def _root(self) -> str:
        return root_url(self.url, "the URL of zot")

    @property
    def _version(self) -> tuple[int, ...]:
        found = _VERSION.fullmatch(self.zot_version)
        if not found:
            raise CacheError(f"the version of zot is three numbers, such as 2.1.22, not {quoted(self.zot_version)}")
        return tuple(map(int, found.groups()))

    @property
    def _port(self) -> int:
        """On which zot listens."""
        url = parse_url(self._root)
        if url.scheme == "https" and not self.tls:
            return _PORT_BEHIND_PROXY + (url.port == str(_PORT_BEHIND_PROXY))  # which is taken by what ends TLS
        return int(url.port or _PORTS[url.scheme])

    def _check(self) -> None:
        self._check_version()
        self._check_options()
        for upstream in self._upstreams:
            if not _REPOSITORY.fullmatch(upstream.slug):
                raise CacheError(f"{upstream.host} would be served at /v2/{upstream.slug}, which is no path in zot")
            if upstream.url == self._root:
                raise CacheError(f"the upstream of {upstream.host}, {upstream.url}, is this zot itself")

    def _check_version(self) -> None:
        if self._version < _CAN_KEEP_DIGESTS:
            version = _written(self._version)
            raise CacheError(
                f"zot {version} gives images in Docker's format other digests, and pulls by digest find nothing;"
                " take 2.1.3 or newer"
            )

    def _check_options(self) -> None:
        if self.tls and self._root.startswith("http://"):
            raise CacheError(f"a certificate is for a zot that speaks https, and its URL is {self._root}")
        self._check_ca(self._root)
        check_guard(self.tls, self.htpasswd, self.username)

    def _endpoint(self, index: int, upstream: Upstream) -> RegistryEndpoint:  # noqa: ARG002 - each has its own path
        return RegistryEndpoint(url=f"{self._root}/v2/{upstream.slug}", override_path=True)

    def _username(self) -> str:
        return self.username

    def _told(self) -> dict[str, str]:
        first, *_ = self._upstreams
        return {
            "url": self._root,
            "hosts": listed(f"`{upstream.host}` below `/v2/{upstream.slug}`" for upstream in self._upstreams),
            "version": _written(self._version),
            "mounts": "".join(f" \\\n    -v {shlex.quote(f'{path}:{path}:ro')}" for path in self._paths()),
            "port": str(self._port),
            "listening": self._listening(),
            "placeholders": self._filling_in("zot"),
            "path": first.slug,
            "pullers": "Only the users of the htpasswd file may pull" if self.htpasswd else "Everybody may pull",
            "bearer": _BEARER if self.htpasswd else "",
            "digests": _DIGESTS[self._version >= _KEEPS_DIGESTS],
            "health": _HEALTH[self._version >= _HAS_LIVEZ],
        }

    def _paths(self) -> tuple[str, ...]:
        """The files that zot reads besides its configuration."""
        return (*(self.tls or ()), *([self.htpasswd] if self.htpasswd else ()))

    def _listening(self) -> str:
        if self.tls:
            return f"It listens on port {self._port} and speaks https."
        if self._root.startswith("http://"):
            return f"It listens on port {self._port} and speaks http."
        return f"It listens on port {self._port} and speaks http: something in front of it has to end TLS for {self._root}."


_BEARER = "- Leave `bearer` out of `http.auth`: with it no password is taken any more.\n"
_DIGESTS = {
    False: "`preserveDigest`, which needs `compat`, keeps the digests of images in Docker's format. Without it zot changes"
    " them, and pulls by digest find nothing. From 2.1.22 on zot keeps them by itself, and the key is not needed.",
    True: "`compat` lets images in Docker's format in, and they keep their digests. Before 2.1.22 `preserveDigest` is needed"
    " as well: for an older zot, make this set-up anew.",
}
_HEALTH = {
    False: "`/v2/` answers while zot is alive",
    True: "`/livez` answers while zot is alive, without a login",
}


def _written(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
