"""The registries of a scenario, and what they were asked."""

from __future__ import annotations

import http.client
import re
import socket
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tests.e2e.processes import running
from tests.e2e.tokens import ISSUER, SERVICE
from tests.servers import Asked, Request, Response, Web, free_host, is_listening

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.certificates import KeyPair

__all__ = [
    "PASSWORD",
    "USERNAME",
    "Asked",
    "Front",
    "Registry",
    "Server",
    "Silent",
    "Tls",
    "TokenAuth",
    "free_host",
    "passed_on",
    "read_log",
]

USERNAME, PASSWORD = "puller", "open sesame"
# docker-registry takes bcrypt only: htpasswd -nbB puller "open sesame"
HTPASSWD = f"{USERNAME}:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n"


class Server(Protocol):
    """What listens at ``host`` (address and port) and logs what it is asked by pullers."""

    host: str

    def asked(self) -> list[Asked]: ...


class Tls(NamedTuple):
    """How a registry serves https; with ``client_ca`` clients must show a certificate signed by it."""

    pair: KeyPair
    client_ca: str | None = None


class TokenAuth(NamedTuple):
    """Where a registry sends clients for a token, and the certificate of those whose tokens it takes."""

    realm: str
    bundle: str


class Registry:
    """Debian's docker-registry or distribution's; with ``upstream`` a pull-through cache of that URL.

    ``storage``: the one of another registry, to serve what that one holds.
    """

    def __init__(  # noqa: PLR0913 - settings, each of which has a name
        self,
        directory: Path,
        host: str,
        *,
        upstream: str | None = None,
        tls: Tls | None = None,
        storage: Path | None = None,
        with_password: bool = False,
        tokens: TokenAuth | None = None,
    ) -> None:
        self.host = host
        self.storage = storage or directory / "storage"
        self._directory = directory
        self._log = directory / "access.log"
        self._tls = tls
        self._environment = {"OTEL_TRACES_EXPORTER": "none"}
        if upstream:
            self._environment["REGISTRY_PROXY_REMOTEURL"] = upstream
        self._with_password = with_password
        self._tokens = tokens
        self.url = f"{'https' if tls else 'http'}://{host}"

    @contextmanager
    def serving(self, program: Path) -> Iterator[None]:
        config = self._file("config.yml", self._config())
        with running(
            [str(program), "serve", str(config)], self._log, self._environment, lambda: is_listening(self.host)
        ):
            yield

    def asked(self, agent: str = "containerd/") -> list[Asked]:
        """What clients whose User-Agent starts with ``agent`` asked, in order."""
        return read_log(self._log, agent)

    def _config(self) -> str:
        return "\n".join(
            [
                "version: 0.1",
                "log: {level: info, accesslog: {disabled: false}}",
                f"storage: {{filesystem: {{rootdirectory: {self.storage}}}}}",
                *self._auth(),
                f"http: {{addr: '{self.host}', secret: shared, {self._https()}}}",
            ]
        )

    def _auth(self) -> list[str]:
        if self._tokens:
            bundle = self._file("tokens.crt", self._tokens.bundle)
            options = f"realm: '{self._tokens.realm}', service: {SERVICE}, issuer: {ISSUER}, rootcertbundle: {bundle}"
            return [f"auth: {{token: {{{options}}}}}"]
        if not self._with_password:
            return []
        return [f"auth: {{htpasswd: {{realm: e2e, path: {self._file('htpasswd', HTPASSWD)}}}}}"]

    def _https(self) -> str:
        if not self._tls:
            return ""
        pair, client_ca = self._tls
        cert, key = self._file("server.crt", pair.cert), self._file("server.key", pair.key)
        client_cas = f", clientcas: [{self._file('clients.crt', client_ca)}]" if client_ca else ""
        return f"tls: {{certificate: {cert}, key: {key}{client_cas}}}"

    def _file(self, name: str, content: str) -> Path:
        path = self._directory / name
        path.write_text(content, encoding="utf-8")
        return path


ACCESS = re.compile(
    r'\S+ - \S+ \[[^]]*\] "(?P<method>[A-Z]+) (?P<target>\S+) HTTP/1\.1" (?P<status>\d+) \d+ "[^"]*" "(?P<agent>[^"]*)"'
).match


def read_log(log: Path, agent: str) -> list[Asked]:
    """What clients whose User-Agent starts with ``agent`` asked the registry that writes ``log``, in order."""
    found = [match for match in map(ACCESS, log.read_text(encoding="utf-8").splitlines()) if match]
    return [
        Asked(match["method"], match["target"], int(match["status"]))
        for match in found
        if match["agent"].startswith(agent)
    ]


class Front(Web):
    """A server before a registry: below ``prefix`` it passes requests on, as Harbor serves a proxy project.

    What is not below the prefix is answered 404; with ``status`` everything is answered with that.
    """

    def __init__(self, host: str, *, registry: str = "", prefix: str = "/v2", status: int | None = None) -> None:
        super().__init__(host, self._pass_on)
        self._registry = registry
        self._prefix = prefix
        self._status = status

    def _pass_on(self, request: Request) -> Response:
        if self._status is not None or not request.target.startswith(f"{self._prefix}/"):
            return Response(self._status or 404, (("Content-Length", "0"),))
        return passed_on(request, self._registry, f"/v2{request.target.removeprefix(self._prefix)}")


def passed_on(request: Request, registry: str, target: str = "") -> Response:
    """What a registry at ``registry`` answers to the request, or to the same one for ``target``."""
    connection = http.client.HTTPConnection(registry, timeout=10)
    try:
        headers = {name: request.headers[name] for name in ("accept", "authorization") if name in request.headers}
        connection.request(request.method, target or request.target, headers=headers)
        response = connection.getresponse()
        return Response(response.status, tuple(response.getheaders()), response.read())
    finally:
        connection.close()


class Silent:
    """A server that hangs: the kernel accepts connections for it, and nothing reads or answers them."""

    def __init__(self, host: str) -> None:
        self.host = host

    def asked(self) -> list[Asked]:
        return []

    @contextmanager
    def serving(self) -> Iterator[None]:
        address, port = self.host.split(":")
        with socket.create_server((address, int(port)), backlog=128):
            yield
