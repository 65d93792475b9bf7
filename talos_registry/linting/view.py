"""A config as rules look at it: mirrors, credentials and TLS settings by name, each with the path it comes from.

The legacy section and the documents look alike here; documents have replaced legacy entries of the same name.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.documents import KINDS, legacy
from talos_registry.documents.mirror import lacks_scheme
from talos_registry.go import InvalidURLError, parse_url
from talos_registry.go.url import clean_path
from talos_registry.linting.hostnames import DOCKER_HUB_REGISTRIES, NearHosts
from talos_registry.masking import masked_repr
from talos_registry.resolution.hosts import directory_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from talos_registry.diagnostic import PatchError, Path
    from talos_registry.documents import RegistrySet
    from talos_registry.documents.shapes import Values
    from talos_registry.loading import MachineConfig, Setting
    from talos_registry.resolution import HostList, Puller, Reference
    from talos_registry.versions import Release

__all__ = ["Endpoint", "Mirror", "PatchStep", "View", "says_something"]


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

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    def with_path(self, url_path: str) -> str:
        """The text with another path."""
        start = self.text.find("/", self.text.find("://") + len("://"))
        return (self.text if start < 0 else self.text[:start]) + url_path

    def below_v2(self) -> str:
        """The text with its path below ``/v2``, where the registry API is."""
        return self.with_path(f"/v2{self.url_path.rstrip('/').removeprefix('/V2').removesuffix('/v2')}")


class Mirror(NamedTuple):
    """One mirror; ``path`` leads to the whole, ``name_path`` to its name, ``is_legacy`` says in which form it is."""

    name: str
    endpoints: tuple[Endpoint, ...]
    skip_fallback: bool | None
    path: Path
    name_path: Path
    is_legacy: bool

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    def is_upstream(self, host: str) -> bool:
        """Whether a host serves the registry itself; for Docker Hub there are several."""
        return host in DOCKER_HUB_REGISTRIES if self.name == "docker.io" else host == self.name


def says_something(tls: Setting) -> bool:
    """Whether Talos writes anything for containerd because of TLS settings."""
    identity = tls.values.get("clientIdentity") is not None
    return bool(tls.values.get("ca") or identity or tls.values.get("insecureSkipVerify"))


class PatchStep(NamedTuple):
    """One patch in merge order: its config as read alone, the documents it touches before and after it, and why it fails.

    Of the legacy section there is what differs.
    """

    patch: MachineConfig
    before: MachineConfig
    after: MachineConfig
    error: PatchError | None


class View:
    """Everything a rule may look at; nothing in it changes.

    The settings of documents and of the legacy section look alike here, each with the paths that findings need;
    ``endpoints()`` and ``by_host`` go through the endpoints, ``hosts`` is what a node does. A rule that is about what
    is missing asks ``is_complete`` first.

    Attributes:
        config: the config itself, with its patches merged into it.
        release: the behaviour of the targeted Talos.
        images: the references that nodes will pull.
        before: the config without its patches, if it has some.
        steps: what the patches do, up to the first that fails.
        mirrors: by registry host.
        auths: the credentials by endpoint host.
        tls: the TLS settings by endpoint host.
        shadowed: the legacy entries that a document of the same name replaces as a whole.
    """

    config: MachineConfig
    release: Release
    images: tuple[Reference, ...]
    before: View | None
    steps: tuple[PatchStep, ...]
    mirrors: Mapping[str, Mirror]
    auths: Mapping[str, Setting]
    tls: Mapping[str, Setting]
    shadowed: tuple[Setting, ...]

    def __init__(
        self,
        config: MachineConfig,
        *,
        images: Sequence[Reference] = (),
        now: datetime | None = None,
        before: View | None = None,
        steps: Sequence[PatchStep] = (),
    ) -> None:
        self.config = config
        self.release = config.release
        self.images = tuple(images)
        self.before = before
        self.steps = tuple(steps)
        self._now = now
        by_kind: dict[str, dict[str, Setting]] = {kind: {} for kind in KINDS}
        for setting in config.settings:
            by_kind[setting.kind][setting.name] = setting
        self.auths = by_kind["RegistryAuthConfig"]
        self.tls = by_kind["RegistryTLSConfig"]
        self.mirrors = {name: _mirror(setting) for name, setting in by_kind["RegistryMirrorConfig"].items()}
        self.shadowed = tuple(
            setting
            for setting in config.settings
            if setting.is_legacy and not by_kind[setting.kind][setting.name].is_legacy
        )

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

    def serves(self, registry_host: str) -> bool:
        """Whether a mirror applies to a ``registry_host``, for either puller."""
        names = {registry_host, directory_name(registry_host), "*", directory_name("*")}
        return not names.isdisjoint(self.mirrors)

    @property
    def start(self) -> Path:
        """The path of what is about the config as a whole: its first mirror, or its first document."""
        return next((mirror.name_path for mirror in self.mirrors.values()), (0,))

    @cached_property
    def catch_all_has_auth(self) -> bool:
        """Whether there are credentials for an endpoint of the catch-all."""
        return self.catch_all is not None and any(endpoint.host in self.auths for endpoint in self.catch_all.endpoints)

    @cached_property
    def near_mirrors(self) -> NearHosts:
        """The names of mirrors, to look for what a registry host nearly is."""
        return NearHosts(name for name in self.mirrors if name)

    def endpoints(self) -> Iterator[tuple[Mirror, Endpoint]]:
        """Every endpoint with its mirror."""
        for mirror in self.mirrors.values():
            for endpoint in mirror.endpoints:
                yield mirror, endpoint

    def named_by_host(self) -> Iterator[Setting]:
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

    @cached_property
    def commented_values(self) -> tuple[Path, ...]:
        """The paths of secrets that are missing while a comment stands in their place."""
        from talos_registry.redaction import REPLACEMENT
        from talos_registry.redaction.comments import comments_instead_of_values

        return tuple(place.path for _, place in comments_instead_of_values(self.config, REPLACEMENT))

    def image_patterns(self) -> Iterator[tuple[Path, str]]:
        """The image patterns of signature verification, in the order of their rules."""
        for index, entry in enumerate(self.config.entries):
            if entry.kind == "ImageVerificationConfig" and entry.values is not None:
                for at, rule in enumerate(entry.values.get("rules") or ()):
                    yield (index, "rules", at, "image"), rule.get("image") or ""

    # What a node does, in the resolver's words

    @cached_property
    def registries(self) -> RegistrySet:
        """The registry settings, as ``resolve`` takes them."""
        return self.config.registries

    def hosts(self, registry_host: str, puller: Puller) -> HostList:
        """The hosts that a ``puller``, ``"talos"`` or ``"cri"``, tries for the images of a ``registry_host``."""
        from talos_registry.resolution.resolver import hosts

        return hosts(registry_host, self.registries, puller, self.release)

    def request(self, mirror: Mirror, endpoint: Endpoint) -> str:
        """The first URL that nodes request at an ``endpoint`` of a ``mirror``, for an image given or a likely one."""
        from talos_registry.masking import mask_url
        from talos_registry.messages import printable
        from talos_registry.resolution.containerd import api_path

        repository, tag = self._image_for(mirror.name)
        path = api_path(endpoint.url_path, override=endpoint.override_path)
        url = f"{endpoint.scheme}://{endpoint.host}{clean_path(f'/{path}/{repository}/manifests/{tag}')}"
        return printable(mask_url(url))

    @cached_property
    def _images_by_host(self) -> dict[str, Reference]:
        """The first image of each registry host, and the first of all for the catch-all."""
        by_host = {image.registry_host: image for image in reversed(self.images)}
        return by_host | ({"*": self.images[0]} if self.images else {})

    def _image_for(self, registry_host: str) -> tuple[str, str]:
        image = self._images_by_host.get(registry_host)
        if image is not None:
            return image.repository, image.digest or image.tag or "latest"
        return "library/nginx" if registry_host in {"docker.io", "*"} else "team/app", "latest"


_OURS = {legacy.KIND, *KINDS}


def _mirror(setting: Setting) -> Mirror:
    values, path, is_legacy = setting.values, setting.path, setting.is_legacy
    endpoints = tuple(
        _endpoint(endpoint, (*path, "endpoints", at), (*path, "overridePath"))
        if is_legacy
        else _endpoint(endpoint, (*path, "endpoints", at, "url"), (*path, "endpoints", at, "overridePath"))
        for at, endpoint in enumerate(values.get("endpoints", ()))
    )
    return Mirror(setting.name, endpoints, values.get("skipFallback"), path, setting.name_path, is_legacy)


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
