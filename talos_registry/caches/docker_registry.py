"""Docker Registry (distribution): one proxy for each registry that is cached, each on a port of its own.

Source: distribution/distribution, configuration/configuration.go and registry/proxy of 2.8.2 and 3.1.2.
"""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Sequence  # noqa: TC003 - types of fields are checked
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from talos_registry.caches.cache import Cache, check_guard, listed, paragraph, require_line
from talos_registry.caches.filling import filled
from talos_registry.caches.upstreams import LAST_PORT, check_server, refuse_twins
from talos_registry.diagnostic import CacheError
from talos_registry.documents import RegistryEndpoint
from talos_registry.go.durations import read_duration
from talos_registry.masking import mask_url
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from talos_registry.caches.upstreams import Upstream

__all__ = ["RegistryCache"]

_IMAGES = ("registry:2", "registry:3")
_SETUP_FILES = {"run": "run.sh", "compose": "compose.yaml"}
_INSIDE = "/etc/registry"
"""Where the files of the host are in the container."""


@dataclass(frozen=True, kw_only=True)
class RegistryCache(Cache):
    """Proxies of the ``registry`` image on one machine.

    Attributes:
        address: of that machine as nodes reach it, a name or an IP address without a port.
        port: of the first proxy; each has the next one.
        image: ``registry:2`` as in Talos' guide, or ``registry:3``.
        ttl: how long what was fetched is kept, pulled or not, such as ``168h``, and ``0`` for ever; ``registry:3`` alone can
            be told.
        form: what is written, ``run`` for ``docker run`` commands, or ``compose`` for a Compose file, which also has a
            volume and a health check for each proxy.
        tls: the paths of the certificate and of its key, PEM, on that machine; without them the proxies speak http.
        htpasswd: the path of a file on that machine with the users that may pull, with bcrypt alone.
        username: the one of them by which nodes log in.
        upstream_usernames: by which user a proxy logs in at its upstream, each as ``HOST=USER``. The password is a variable.

    Raises:
        CacheError: for a description that makes no working cache, with the reason.
    """

    _PRODUCT: ClassVar[str] = "REGISTRY"

    address: str
    port: int = 5000
    image: Literal["registry:2", "registry:3"] = "registry:2"
    ttl: str | None = None
    form: Literal["run", "compose"] = "run"
    tls: tuple[str, str] | None = None
    htpasswd: str | None = None
    username: str = ""
    upstream_usernames: Sequence[str] = ()

    @property
    def setup_file(self) -> str:
        """``run.sh`` or ``compose.yaml``."""
        return _SETUP_FILES[self.form]

    @property
    def setup(self) -> str:
        """The commands, or the Compose file."""
        if self.form == "run":
            return "\n".join(self._command(index, upstream) for index, upstream in enumerate(self._upstreams))
        return filled(
            "compose.yaml",
            services="".join(self._service(index, upstream) for index, upstream in enumerate(self._upstreams)),
            volumes="".join(f"    {upstream.slug}:\n" for upstream in self._upstreams),
        )

    @property
    def _logins(self) -> dict[str, str]:
        """The user at the upstream, by registry host."""
        return {host: user for host, _, user in (text.partition("=") for text in self.upstream_usernames)}

    def _environment(self, upstream: Upstream) -> dict[str, str]:
        """What the proxy of an upstream is configured by, but for the password for the upstream."""
        settings = {"PROXY_REMOTEURL": upstream.url}
        if upstream.host in self._logins:
            settings["PROXY_USERNAME"] = self._logins[upstream.host]
        if self.ttl is not None:
            settings["PROXY_TTL"] = self.ttl
        if self.form == "compose" and self.image == "registry:2":
            settings["STORAGE_DELETE_ENABLED"] = "true"
        if self.tls:
            settings |= {"HTTP_TLS_CERTIFICATE": f"{_INSIDE}/tls.crt", "HTTP_TLS_KEY": f"{_INSIDE}/tls.key"}
        if self.htpasswd:
            settings |= {"AUTH_HTPASSWD_REALM": "cache", "AUTH_HTPASSWD_PATH": f"{_INSIDE}/htpasswd"}
        return {f"REGISTRY_{name}": value for name, value in settings.items()}

    def _mounts(self) -> tuple[str, ...]:
        """The files of the machine that a proxy reads, and where it finds them."""
        certificate, key = self.tls or (None, None)
        paths = {"tls.crt": certificate, "tls.key": key, "htpasswd": self.htpasswd}
        return tuple(f"{path}:{_INSIDE}/{name}:ro" for name, path in paths.items() if path)

    def _command(self, index: int, upstream: Upstream) -> str:
        settings = [f"-e {shlex.quote(f'{name}={value}')}" for name, value in self._environment(upstream).items()]
        password = _password_variable(upstream) if upstream.host in self._logins else ""
        if password:
            settings.append("-e REGISTRY_PROXY_PASSWORD")
        return filled(
            "run.sh",
            before=f'REGISTRY_PROXY_PASSWORD="${{{password}:?}}" ' if password else "",
            port=str(self.port + index),
            options="".join(
                f"    {option} \\\n"
                for option in (*settings, *(f"-v {shlex.quote(mount)}" for mount in self._mounts()))
            ),
            slug=upstream.slug,
            image=self.image,
        )

    def _service(self, index: int, upstream: Upstream) -> str:
        settings = {name: _in_compose(value) for name, value in self._environment(upstream).items()}
        if upstream.host in self._logins:
            settings["REGISTRY_PROXY_PASSWORD"] = json.dumps(f"${{{_password_variable(upstream)}:?}}")
        return filled(
            "service.yaml",
            slug=upstream.slug,
            image=self.image,
            port=str(self.port + index),
            environment="".join(f"            {name}: {value}\n" for name, value in settings.items()),
            mounts="".join(f"            - {_in_compose(mount)}\n" for mount in self._mounts()),
            check='"--no-check-certificate", "https' if self.tls else '"http',
        )

    def _check(self) -> None:
        self._check_address()
        self._check_options()
        self._check_logins()
        self._check_ports()

    def _check_address(self) -> None:
        if re.fullmatch(r"[^:]+:[0-9]*", self.address):
            raise CacheError(f"the address has no port, not {quoted(self.address)}; the port is an option of its own")
        if "/" in self.address:
            raise CacheError(
                f"the address is a name or an IP address, without scheme and path, not {quoted(mask_url(self.address))}"
            )
        check_server(self.address.lower(), "the machine of the proxies")

    def _check_ports(self) -> None:
        ports = {self.port + index: upstream for index, upstream in enumerate(self._upstreams)}
        for port, upstream in ports.items():
            if not 0 < port <= LAST_PORT:
                raise CacheError(f"{upstream.host} would be served on port {port}; ports go from 1 to {LAST_PORT}")
        served_at = {f"{self._authority}:{port}": upstream.host for port, upstream in ports.items()}
        for upstream in self._upstreams:
            served = served_at.get(upstream.url.partition("://")[2])
            if served:
                raise CacheError(f"the upstream of {upstream.host}, {upstream.url}, is where {served} would be served")

    def _check_options(self) -> None:
        _check_choice("image", self.image, _IMAGES)
        _check_choice("form", self.form, _SETUP_FILES)
        if self.ttl is not None:
            _check_ttl(self.ttl, self.image)
        check_guard(self.tls, self.htpasswd, self.username)
        if self.ca and not self.tls:
            raise CacheError("a CA is for proxies that speak https, which need a certificate and its key")

    def _check_logins(self) -> None:
        for text in self.upstream_usernames:
            host, _, user = text.partition("=")
            require_line("user", user)
            if host not in {upstream.host for upstream in self._upstreams}:
                raise CacheError(f"a user for {quoted(host)}, which is none of the hosts that are cached")
        refuse_twins((host, host) for host, _, _ in (text.partition("=") for text in self.upstream_usernames))
        refuse_twins((upstream.host, _password_variable(upstream)) for upstream in self._logged_in)

    @property
    def _logged_in(self) -> tuple[Upstream, ...]:
        """The upstreams at which the proxies log in."""
        return tuple(upstream for upstream in self._upstreams if upstream.host in self._logins)

    def _login(self) -> str:
        return f"{_LOGINS[self.image]}. A proxy that cannot log in answers 404, and nodes go on to the registry itself.\n\n"

    def _deletion(self) -> str:
        if self.form == "run" and self.image == "registry:2":
            return _NEVER_DELETED
        if self.ttl is not None and read_duration(self.ttl) == 0:
            return "Nothing is ever deleted. Watch the disk."
        return f"What was fetched is deleted {self.ttl or 'seven days'} later, {_FETCHED_AGAIN}"

    @property
    def _authority(self) -> str:
        return f"[{self.address}]" if ":" in self.address else self.address

    def _endpoint(self, index: int, upstream: Upstream) -> RegistryEndpoint:  # noqa: ARG002 - each has its own port
        scheme = "https" if self.tls else "http"
        return RegistryEndpoint(url=f"{scheme}://{self._authority}:{self.port + index}")

    def _username(self) -> str:
        return self.username

    def _told(self) -> dict[str, str]:
        variables = [
            f"`{_password_variable(upstream)}`: the password of `{self._logins[upstream.host]}` at {upstream.url}"
            for upstream in self._logged_in
        ]
        return {
            "hosts": listed(
                f"`{upstream.host}` on port {self.port + index}" for index, upstream in enumerate(self._upstreams)
            ),
            "command": {"run": "sh run.sh", "compose": "docker compose up -d"}[self.form],
            "variables": paragraph("Set these variables first:", variables) + (self._login() if variables else ""),
            "placeholders": self._filling_in("the proxies"),
            "deletion": self._deletion(),
            "again": _AGAIN[self.form],
        }


_FETCHED_AGAIN = (
    "pulled or not, and fetched again when it is pulled. An upstream that is down for longer leaves the cache empty."
)
_LOGINS = {
    "registry:2": "`registry:2` logs in with tokens, as at Docker Hub and ghcr.io, and not where a password is asked for itself",
    "registry:3": "From 3.1 on, `registry:3` shows the password to no token server on another domain than that of its upstream",
}
_AGAIN = {
    "run": "To make a proxy anew, remove it first: `docker rm -f -v registry-HOST`, which deletes what it has stored. The commands"
    " go on after one that fails: see with `docker ps` whether all run.",
    "compose": "`docker compose up -d` makes a proxy anew whose settings have changed; what it has stored stays, in its volume.",
}
_NEVER_DELETED = "Nothing is ever deleted, as in Talos' guide: `registry:2` has to be told to. Watch the disk."


def _check_choice(what: str, value: str, known: Iterable[str]) -> None:
    if value not in known:
        raise CacheError(f"the {what} is one of {', '.join(known)}, not {quoted(value)}")


def _check_ttl(ttl: str, image: str) -> None:
    if image != "registry:3":
        raise CacheError(f"{image} cannot be told how long to keep images; registry:3 can")
    try:
        nanoseconds = read_duration(ttl)
    except ValueError:
        nanoseconds = -1
    if nanoseconds < 0:
        raise CacheError(f"{quoted(ttl)} is no time to keep images; write 168h, or 0 for ever")


def _password_variable(upstream: Upstream) -> str:
    name = re.sub("[^A-Z0-9]+", "_", upstream.slug.upper())
    return f"{'UPSTREAM_' if name[0].isdigit() else ''}{name}_PASSWORD"


def _in_compose(value: str) -> str:
    """A text in YAML of which Compose fills in nothing."""
    return json.dumps(value.replace("$", "$$"), ensure_ascii=False)
