"""Which URLs a node tries for an image, in which order, with which credentials and TLS settings.

The list of hosts depends on the registry host alone and is worked out once per registry set. The two pullers find it
in their own ways: ``talos`` looks the documents up itself, ``cri`` goes by what Talos writes for containerd.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias
from urllib.parse import quote_plus

from talos_registry.diagnostic import HostsError, InvalidReferenceError
from talos_registry.documents import RegistryEndpoint, RegistryMirrorConfig, RegistrySet, RegistryTLSConfig
from talos_registry.documents.registries import IMAGE_CACHE_ENDPOINT
from talos_registry.go import InvalidURLError, parse_url, pem
from talos_registry.go.strings import go_quote, text_bytes
from talos_registry.go.url import clean_path
from talos_registry.masking import mask_before_at, mask_quoted, mask_url, masked_repr
from talos_registry.resolution import containerd
from talos_registry.resolution.hosts import BASE_PATH, directories, registries_of, release_for, upstream_host
from talos_registry.resolution.pulled import pulled_by_talos
from talos_registry.resolution.reference import Reference
from talos_registry.versions import LATEST, Release, release_of

if TYPE_CHECKING:
    from talos_registry.loading import MachineConfig

__all__ = ["Attempt", "Host", "HostList", "Plan", "Puller", "cri_auth", "hosts", "resolve"]

Puller: TypeAlias = Literal["talos", "cri"]
Role: TypeAlias = Literal["image-cache", "mirror", "fallback"]

_CAPABILITIES = frozenset({"pull", "resolve"})
_WITH_REFERRERS = _CAPABILITIES | {"referrers"}
_IN_ORDER = ("pull", "resolve", "push", "referrers")
_LATEST = release_of(LATEST)


class Host(NamedTuple):
    """One host that is tried for the images of a registry host.

    ``endpoint`` is the URL as Talos holds it; ``host`` is as written, with its port; ``path`` is decoded. ``auth`` and
    ``tls`` name the documents used. ``https_first``: the scheme is "https", and http is tried after a TLS failure.
    """

    role: Role
    endpoint: str
    scheme: str
    host: str
    path: str
    override_path: bool
    auth: str | None
    tls: str | None
    capabilities: frozenset[str]
    skip_verify: bool
    https_first: bool

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    def to_dict(self, url: str) -> dict[str, Any]:
        """The host, asked for a URL, as it is in JSON: plain values, without user and password."""
        return {
            "role": self.role,
            "endpoint": mask_url(self.endpoint),
            "scheme": self.scheme,
            "host": mask_before_at(self.host),
            "path": self.path if mask_url(url) == url else mask_before_at(self.path),
            "override_path": self.override_path,
            "auth": None if self.auth is None else mask_before_at(self.auth),
            "tls": None if self.tls is None else mask_before_at(self.tls),
            "skip_verify": self.skip_verify,
            "https_first": self.https_first,
            "capabilities": [name for name in _IN_ORDER if name in self.capabilities],
            "manifest_url": mask_url(url),
        }


class HostList(NamedTuple):
    """The hosts that are tried for the images of a registry host, in order, or the ``error`` that stops every pull."""

    mirror: str | None
    hosts: tuple[Host, ...]
    error: str | None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


class Attempt(NamedTuple):
    """One host that is tried for one image.

    Attributes:
        tried: the host, with all that the properties below say.
        reference: what is pulled, normalised.
    """

    tried: Host
    reference: Reference

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    @property
    def role(self) -> Role:
        """Why it is tried: ``"image-cache"``, ``"mirror"`` or ``"fallback"`` (the upstream registry, implicit)."""
        return self.tried.role

    @property
    def endpoint(self) -> str:
        """The URL as Talos holds it, or that of the upstream registry."""
        return self.tried.endpoint

    @property
    def scheme(self) -> str:
        """``"http"`` or ``"https"``."""
        return self.tried.scheme

    @property
    def host(self) -> str:
        """The host as written, with its port."""
        return self.tried.host

    @property
    def path(self) -> str:
        """The path below which the registry API is looked for, decoded."""
        return self.tried.path

    @property
    def override_path(self) -> bool:
        """Whether the path of the endpoint is used as it is."""
        return self.tried.override_path

    @property
    def auth(self) -> str | None:
        """The name of the auth document used, None without one."""
        return self.tried.auth

    @property
    def tls(self) -> str | None:
        """The name of the TLS document used, None without one."""
        return self.tried.tls

    @property
    def capabilities(self) -> frozenset[str]:
        """What the host is asked for: ``"pull"``, ``"resolve"``, ``"push"``, ``"referrers"``."""
        return self.tried.capabilities

    @property
    def skip_verify(self) -> bool:
        """Whether its certificate is not verified."""
        return self.tried.skip_verify

    @property
    def https_first(self) -> bool:
        """Whether the scheme is "https" and http is tried after a TLS failure."""
        return self.tried.https_first

    def to_dict(self) -> dict[str, Any]:
        """The attempt as it is in the JSON of ``resolve``: plain values, without user and password."""
        return self.tried.to_dict(self.manifest_url)

    @property
    def manifest_url(self) -> str:
        """The URL of the first request, as Go writes it; ``?ns=`` tells a mirror which registry host is meant.

        Source: containerd/containerd, core/remotes/docker/resolver.go (request, addNamespace) and registry.go (isProxy).
        """
        registry_host, repository, tag, digest = self.reference
        path = clean_path(f"/{self.path}/{repository}/manifests/{digest or tag}")
        is_upstream = self.host in {registry_host, upstream_host(registry_host)}
        query = "" if is_upstream else f"?ns={quote_plus(registry_host)}"
        url = f"{self.scheme}://{self.host.removesuffix(':')}{path}{query}"
        try:
            return str(parse_url(url))
        except InvalidURLError:
            # The puller fails with this URL before it sends anything.
            return url


class Plan(NamedTuple):
    """The ordered attempts for one image by one puller.

    Attributes:
        reference: what the puller asks for: Talos itself, since 1.14, puts the registry host in small letters and reads
            ``registry-1.docker.io`` as ``docker.io``.
        puller: ``"talos"`` or ``"cri"``.
        mirror: the name of the mirror that applies to the registry host, "*" for the catch-all, None without one.
        attempts: the hosts that are tried, in order.
        error: Talos' or containerd's own text where the config stops every pull, or where this puller refuses the
            reference; then there are no attempts.
    """

    reference: Reference
    puller: Puller
    mirror: str | None
    attempts: tuple[Attempt, ...]
    error: str | None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    def to_dict(self) -> dict[str, Any]:
        """The plan as it is in the JSON of ``resolve``: plain values, without user and password."""
        return {
            "reference": str(self.reference),
            "registry_host": self.reference.registry_host,
            "repository": self.reference.repository,
            "puller": self.puller,
            "mirror": self.mirror,
            "error": None if self.error is None else mask_quoted(self.error),
            "attempts": [attempt.to_dict() for attempt in self.attempts],
        }


def resolve(
    reference: str | Reference,
    registries: RegistrySet | MachineConfig,
    *,
    puller: Puller,
    talos_version: str | None = None,
) -> Plan:
    """The plan of a puller for an image; what breaks the pull yields a plan with an ``error``.

    Args:
        reference: what is to be pulled.
        registries: the registry settings of a node, or a config, which has them.
        puller: ``"talos"``: Talos itself, for the installer, kubelet and etcd; ``"cri"``: containerd, for pods.
        talos_version: the Talos of the node, ``MAJOR.MINOR[.PATCH]``; None is that of the config, and of registry
            settings the newest.

    Raises:
        InvalidReferenceError: if ``reference`` is a text that is no image reference.
        ValueError: for an unknown puller, and for what is no Talos version.
        TypeError: for arguments of other types.

    Source: siderolabs/talos, internal/pkg/containers/image/resolver.go (RegistryEndpoints, RegistryHosts);
    containerd/containerd v2.3, core/remotes/docker/config/{hosts,config_unix}.go, for what Talos renders.
    """
    parsed = reference if isinstance(reference, Reference) else Reference.parse(reference)
    release = release_for(registries, talos_version)
    registries = registries_of("resolve", registries)
    try:
        parsed = pulled_by_talos(parsed, release, str(reference)) if puller == "talos" else parsed
        _check_host(parsed)
    except InvalidReferenceError as refusal:
        return Plan(parsed, puller, None, (), str(refusal))
    mirror, tried, error = hosts(parsed.registry_host, registries, puller, release)
    return Plan(parsed, puller, mirror, tuple([Attempt(host, parsed) for host in tried]), error)


def _check_host(reference: Reference) -> None:
    """Both pullers read a reference as a URL again, which refuses some hosts in brackets that the grammar takes.

    Source: containerd/containerd, pkg/reference/reference.go (Parse).
    """
    if reference.registry_host.startswith("["):
        try:
            parse_url(f"dummy://{reference}")
        except InvalidURLError as error:
            raise InvalidReferenceError(str(error)) from error


def hosts(registry_host: str, registries: RegistrySet, puller: Puller, release: Release = _LATEST) -> HostList:
    """The hosts a puller tries for every image of a registry host.

    Raises:
        ValueError: for an unknown puller.
    """
    key = (puller, registry_host, release.asks_for_referrers)
    known: HostList | None = registries.derived.get(key)
    if known is not None:
        return known
    host_list = _worked_out(registry_host, registries, puller, release)
    registries.derived[key] = host_list
    return host_list


def _worked_out(registry_host: str, registries: RegistrySet, puller: Puller, release: Release) -> HostList:
    if puller == "talos":
        return _talos_hosts(registry_host, registries, release)
    if puller == "cri":
        return _cri_hosts(registry_host, registries)
    raise ValueError(f"not a puller: {puller!r} (one of 'talos', 'cri')")


def _talos_hosts(registry_host: str, registries: RegistrySet, release: Release) -> HostList:
    """Talos' own host list.

    Source: siderolabs/talos, internal/pkg/containers/image/resolver.go (RegistryEndpoints, RegistryHosts).
    """
    mirror = registries.mirrors.get(registry_host) or registries.mirrors.get("*")
    name = mirror.name if mirror else None
    endpoints: list[tuple[RegistryEndpoint, Role]] = []
    if mirror:
        endpoints = [(endpoint, _role(endpoint.url)) for endpoint in mirror.endpoints]
    if not (mirror and mirror.skip_fallback):
        endpoints.append((RegistryEndpoint(url=f"https://{upstream_host(registry_host)}"), "fallback"))
    capabilities = _WITH_REFERRERS if release.asks_for_referrers else _CAPABILITIES
    try:
        tried = tuple(
            [_talos_host(endpoint, role, registry_host, registries, capabilities) for endpoint, role in endpoints]
        )
    except HostsError as error:
        return HostList(name, (), str(error))
    return HostList(name, tried, None)


def _talos_host(
    endpoint: RegistryEndpoint, role: Role, registry_host: str, registries: RegistrySet, capabilities: frozenset[str]
) -> Host:
    try:
        url = parse_url(endpoint.url)
    except InvalidURLError as error:
        text = f"error parsing endpoint {go_quote(endpoint.url)} for host {go_quote(registry_host)}: {error}"
        raise HostsError(text) from error
    tls = registries.tls.get(url.host)
    if tls:
        _check_tls(tls, url.scheme, url.host)
    override = bool(endpoint.override_path)
    return Host(
        role=role,
        endpoint=endpoint.url,
        scheme=url.scheme,
        host=url.host,
        path=containerd.api_path(url.path, override=override),
        override_path=override,
        # The host of the answer is compared, and a request leaves a colon without a port out.
        auth=url.host if url.host in registries.auths and not url.host.endswith(":") else None,
        tls=url.host if tls else None,
        capabilities=capabilities,
        skip_verify=bool(tls and tls.insecure_skip_verify),
        https_first=False,
    )


def _check_tls(tls: RegistryTLSConfig, scheme: str, host: str) -> None:
    if scheme != "https":
        raise HostsError(f"TLS config specified for non-HTTPS registry: {go_quote(host)}")
    if tls.client_identity is not None:
        cert, key = tls.client_identity.cert, tls.client_identity.key.get_secret_value()
        error = pem.key_pair_error(text_bytes(cert), text_bytes(key))
        if error is not None:
            raise HostsError(f"error preparing TLS config for {go_quote(host)}: error parsing client identity: {error}")


def _role(endpoint: str) -> Role:
    return "image-cache" if endpoint == IMAGE_CACHE_ENDPOINT else "mirror"


def _cri_hosts(registry_host: str, registries: RegistrySet) -> HostList:
    """The host list of containerd's CRI plugin, read from what Talos writes for it."""
    mirror = next((name for name in (registry_host, "*") if name in registries.mirrors), None)
    try:
        tree = _tree(registries)
        directory = tree.directory(registry_host)
        document = tree.documents.get(directory or "")
        mirror = document.name if isinstance(document, RegistryMirrorConfig) else None
        tried = containerd.read_hosts(tree, registry_host)
    except HostsError as error:
        return HostList(mirror, (), str(error))
    return HostList(mirror, tuple([_cri_host(host, document, registries) for host in tried]), None)


def _tree(registries: RegistrySet) -> containerd.HostsDirectory:
    if "tree" not in registries.derived:
        registries.derived["tree"] = _written(registries)
    tree: containerd.HostsDirectory | HostsError = registries.derived["tree"]
    if isinstance(tree, HostsError):
        raise HostsError(str(tree))
    return tree


def _written(registries: RegistrySet) -> containerd.HostsDirectory | HostsError:
    try:
        return containerd.HostsDirectory.of(directories(registries), BASE_PATH)
    except HostsError as error:
        return error


def _cri_host(
    host: containerd.ContainerdHost, document: RegistryMirrorConfig | RegistryTLSConfig | None, registries: RegistrySet
) -> Host:
    is_mirror = bool(host.server) and isinstance(document, RegistryMirrorConfig)
    return Host(
        role=_role(host.server) if is_mirror else "fallback",
        endpoint=host.server or f"{host.scheme}://{host.host}",
        scheme=host.scheme,
        host=host.host,
        path=host.path,
        override_path=host.override_path,
        auth=cri_auth(host.host.removesuffix(":"), registries),
        tls=_cri_tls(host, document),
        capabilities=host.capabilities,
        skip_verify=bool(host.skip_verify),
        https_first=host.https_first,
    )


def cri_auth(host: str, registries: RegistrySet) -> str | None:
    """The name of the auth document whose credentials containerd has for a host."""
    candidates = (name for name in (host, "docker.io") if name in registries.auths and upstream_host(name) == host)
    return next(candidates, None)


def _cri_tls(host: containerd.ContainerdHost, document: RegistryMirrorConfig | RegistryTLSConfig | None) -> str | None:
    if isinstance(document, RegistryTLSConfig):
        return document.name
    files = [*host.ca, *(cert for cert, _ in host.client)]
    if files:
        return files[0].rpartition("/")[2].removesuffix("-ca.crt").removesuffix("-client.crt")
    # Where there is no file, skip_verify came with the document of the endpoint's host, or of itself for loopback.
    return parse_url(host.server).host if host.server and host.skip_verify else None
