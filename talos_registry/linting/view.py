"""A config as rules look at it: mirrors, credentials and TLS settings by name, each with the path it comes from.

The legacy section and the documents look alike here; documents have replaced legacy entries of the same name.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.documents import KINDS, legacy
from talos_registry.documents.mirror import lacks_scheme
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import clean_path
from talos_registry.linting.hostnames import DOCKER_HUB_REGISTRIES, NearHosts

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from talos_registry.diagnostic import PatchError, Path
    from talos_registry.documents import RegistrySet
    from talos_registry.documents.shapes import Values
    from talos_registry.loading import MachineConfig
    from talos_registry.loading.verdict import Entry
    from talos_registry.resolution import HostList, Puller, Reference

__all__ = ["Auth", "Endpoint", "Mirror", "PatchStep", "Shadowed", "Tls", "View"]


class Endpoint(NamedTuple):
    """One endpoint: ``text`` as Talos holds it, and its parts; ``fault`` is what Go says if it is no URL.

    ``url_path`` is empty when nobody can be asked: without a host, and with a scheme other than http and https.
    ``path`` leads to the text, ``override_at`` to the flag (of the mirror, in the legacy section).
    """

    text: str
    scheme: str
    host: str
    url_path: str
    fault: str | None
    override_path: bool
    path: Path
    override_at: Path

    def with_path(self, url_path: str) -> str:
        """The text with another path."""
        start = self.text.find("/", self.text.find("://") + len("://"))
        return (self.text if start < 0 else self.text[:start]) + url_path


class Mirror(NamedTuple):
    """One mirror; ``path`` leads to the whole, ``name_path`` to its name, ``is_legacy`` says in which form it is."""

    name: str
    endpoints: tuple[Endpoint, ...]
    skip_fallback: bool | None
    path: Path
    name_path: Path
    is_legacy: bool

    def is_upstream(self, host: str) -> bool:
        """Whether a host serves the registry itself; for Docker Hub there are several."""
        return host in DOCKER_HUB_REGISTRIES if self.name == "docker.io" else host == self.name


class Auth(NamedTuple):
    """The credentials for one host; ``values`` by Talos' keys."""

    name: str
    values: Values
    path: Path
    name_path: Path
    is_legacy: bool


class Tls(NamedTuple):
    """The TLS settings for one host; ``values`` by the keys of the document, PEM as text."""

    name: str
    values: Values
    path: Path
    name_path: Path
    is_legacy: bool

    @property
    def says_something(self) -> bool:
        """Whether Talos writes anything for containerd because of it."""
        identity = self.values.get("clientIdentity") is not None
        return bool(self.values.get("ca") or identity or self.values.get("insecureSkipVerify"))


class Shadowed(NamedTuple):
    """A legacy entry that a document of the same name replaces wholesale."""

    kind: str
    name: str
    path: Path


class PatchStep(NamedTuple):
    """One patch in merge order: its config as read alone, the config before it and after it, and why it fails."""

    patch: MachineConfig
    before: MachineConfig
    after: MachineConfig | None
    error: PatchError | None


class View:
    """Everything a rule may look at; nothing in it changes."""

    def __init__(
        self,
        config: MachineConfig,
        *,
        images: Sequence[Reference] = (),
        now: datetime | None = None,
        steps: Sequence[PatchStep] = (),
    ) -> None:
        self.config = config
        self.release = config.release
        self.images = tuple(images)
        self.steps = tuple(steps)
        self.shadowed: list[Shadowed] = []
        self._now = now
        mirrors, auths, tls = _Named(self.shadowed), _Named(self.shadowed), _Named(self.shadowed)
        for index, entry in enumerate(config.entries):
            if entry.values is not None and entry.kind == legacy.KIND:
                _read_legacy(entry.values, index, mirrors, auths, tls)
        for index, entry in enumerate(config.entries):
            if entry.values is not None:
                _read_document(entry, entry.values, index, mirrors, auths, tls)
        self.mirrors: Mapping[str, Mirror] = mirrors.by_name
        self.auths: Mapping[str, Auth] = auths.by_name
        self.tls: Mapping[str, Tls] = tls.by_name

    @cached_property
    def now(self) -> datetime:
        """The time certificates are judged by."""
        from datetime import UTC, datetime

        return self._now or datetime.now(UTC)

    @cached_property
    def is_complete(self) -> bool:
        """Whether every registry document could be read: if not, what seems to be missing may be there."""
        return all(entry.values is not None for entry in self.config.entries if entry.identity.kind in _OURS)

    @cached_property
    def catch_all(self) -> Mirror | None:
        """The mirror for every registry host without one of its own."""
        return self.mirrors.get("*")

    def endpoints(self) -> Iterator[tuple[Mirror, Endpoint]]:
        """Every endpoint with its mirror."""
        for mirror in self.mirrors.values():
            for endpoint in mirror.endpoints:
                yield mirror, endpoint

    def named_by_host(self) -> Iterator[Auth | Tls]:
        """Every entry that is named by an endpoint host; of a legacy entry that is both, the credentials."""
        yield from self.auths.values()
        places = {auth.name_path for auth in self.auths.values()}
        yield from (tls for tls in self.tls.values() if tls.name_path not in places)

    @cached_property
    def by_host(self) -> Mapping[str, list[tuple[Mirror, Endpoint]]]:
        """The endpoints by their host."""
        by_host: dict[str, list[tuple[Mirror, Endpoint]]] = {}
        for mirror, endpoint in self.endpoints():
            by_host.setdefault(endpoint.host, []).append((mirror, endpoint))
        return by_host

    @cached_property
    def hosts_without_scheme(self) -> frozenset[str]:
        """The hosts of endpoints that only lack their scheme, which has findings of its own."""
        return frozenset(
            endpoint.text.partition("/")[0] for _, endpoint in self.endpoints() if lacks_scheme(endpoint.text)
        )

    @cached_property
    def near_hosts(self) -> NearHosts:
        """The endpoint hosts, to look for what a name nearly is."""
        return NearHosts(host for host in self.by_host if host)

    @cached_property
    def has_image_cache(self) -> bool:
        """Whether the image cache is switched on; it then is the first endpoint of every mirror."""
        documents = ((entry.kind, entry.values) for entry in self.config.entries if entry.values is not None)
        return any(
            legacy.image_cache(values).get("localEnabled")
            if kind == legacy.KIND
            else kind == "ImageCacheConfig" and (values.get("local") or {}).get("enabled")
            for kind, values in documents
        )

    def opaque(self, kind: str) -> Iterator[tuple[int, Entry]]:
        """The documents of a kind other than those that this tool reads, with their indices."""
        return ((at, entry) for at, entry in enumerate(self.config.entries) if entry.identity.kind == kind)

    # What a node does, in the resolver's words

    @cached_property
    def registries(self) -> RegistrySet:
        """The registry settings."""
        return self.config.registries

    def hosts(self, registry_host: str, puller: Puller) -> HostList:
        """The hosts a puller tries for the images of a registry host."""
        from talos_registry.resolution.resolver import hosts

        return hosts(registry_host, self.registries, puller, self.release)

    def request(self, mirror: Mirror, endpoint: Endpoint) -> str:
        """The first URL that nodes request at an endpoint, for an image given or a likely one."""
        from talos_registry.masking import mask_url
        from talos_registry.messages import printable
        from talos_registry.resolution.containerd import api_path

        repository, tag = self._image_for(mirror.name)
        path = api_path(endpoint.url_path, override=endpoint.override_path)
        url = f"{endpoint.scheme}://{endpoint.host}{clean_path(f'/{path}/{repository}/manifests/{tag}')}"
        return printable(mask_url(url))

    def _image_for(self, registry_host: str) -> tuple[str, str]:
        for image in self.images:
            if registry_host in {image.registry_host, "*"}:
                return image.repository, image.digest or image.tag or "latest"
        return "library/nginx" if registry_host in {"docker.io", "*"} else "team/app", "latest"


_OURS = {legacy.KIND, *KINDS}


class _Named:
    """Entries by name; the later replaces the earlier, and what it replaces is on record."""

    def __init__(self, shadowed: list[Shadowed]) -> None:
        self.by_name: dict[str, Any] = {}
        self._shadowed = shadowed

    def take(self, kind: str, entry: Mirror | Auth | Tls) -> None:
        earlier = self.by_name.get(entry.name)
        if earlier is not None and earlier.is_legacy and not entry.is_legacy:
            self._shadowed.append(Shadowed(kind, entry.name, earlier.path))
        self.by_name[entry.name] = entry


def _read_legacy(values: Values, index: int, mirrors: _Named, auths: _Named, tls: _Named) -> None:
    section = (index, "machine", "registries")
    for document in legacy.documents(values):
        kind, name = document["kind"], document["name"]
        if kind == "RegistryMirrorConfig":
            path: Path = (*section, "mirrors", name)
            endpoints = tuple(
                _endpoint(endpoint, (*path, "endpoints", at), (*path, "overridePath"))
                for at, endpoint in enumerate(document["endpoints"])
            )
            mirrors.take(kind, Mirror(name, endpoints, document.get("skipFallback"), path, path, is_legacy=True))
        elif kind == "RegistryAuthConfig":
            path = (*section, "config", name)
            auths.take(kind, Auth(name, document, (*path, "auth"), path, is_legacy=True))
        else:
            path = (*section, "config", name)
            tls.take(kind, Tls(name, document, (*path, "tls"), path, is_legacy=True))


def _read_document(entry: Entry, values: Values, index: int, mirrors: _Named, auths: _Named, tls: _Named) -> None:
    kind, name, path = entry.kind, values.get("name", ""), (index,)
    if kind == "RegistryMirrorConfig":
        endpoints = tuple(
            _endpoint(endpoint, (index, "endpoints", at, "url"), (index, "endpoints", at, "overridePath"))
            for at, endpoint in enumerate(values.get("endpoints", ()))
        )
        mirrors.take(kind, Mirror(name, endpoints, values.get("skipFallback"), path, (index, "name"), is_legacy=False))
    elif kind == "RegistryAuthConfig":
        auths.take(kind, Auth(name, values, path, (index, "name"), is_legacy=False))
    elif kind == "RegistryTLSConfig":
        tls.take(kind, Tls(name, values, path, (index, "name"), is_legacy=False))


_LOOSELY = re.compile(r"(https?)://(?:[^/]*@)?([^/@]*)(/.*)?", re.DOTALL | re.IGNORECASE)
"""A URL that may still have placeholders in it."""


def _endpoint(values: Values, path: Path, override_at: Path) -> Endpoint:
    text, override = values.get("url", ""), bool(values.get("overridePath"))
    fault = None
    try:
        url = parse_url(text)
        scheme, host, url_path = url.scheme, url.host, url.path
    except InvalidURLError as error:
        loose = _LOOSELY.fullmatch(text)
        scheme, host, url_path = (loose[1].lower(), loose[2], loose[3] or "") if loose else ("", "", "")
        fault = str(error)
    if not (host and scheme in {"http", "https"}):
        url_path = ""
    return Endpoint(text, scheme, host, url_path, fault, override, path, override_at)
