"""The registries of a scenario, and what they were asked."""

from __future__ import annotations

import http.client
import re
import socket
import threading
from contextlib import ExitStack, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tests.e2e.processes import running

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.e2e.certificates import KeyPair

USERNAME, PASSWORD = "puller", "open sesame"
# docker-registry takes bcrypt only: htpasswd -nbB puller "open sesame"
HTPASSWD = f"{USERNAME}:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n"


class Asked(NamedTuple):
    """One line of an access log; ``target`` is path and query as sent."""

    method: str
    target: str
    status: int


class Server(Protocol):
    """What listens at ``host`` (address and port) and logs what it is asked by pullers."""

    host: str

    def asked(self) -> list[Asked]: ...


class Tls(NamedTuple):
    """How a registry serves https; with ``client_ca`` clients must show a certificate signed by it."""

    pair: KeyPair
    client_ca: str | None = None


class Registry:
    """Debian's docker-registry; with ``upstream`` a pull-through cache of that URL.

    ``storage``: the one of another registry, to serve what that one holds.
    """

    def __init__(
        self,
        directory: Path,
        host: str,
        *,
        upstream: str | None = None,
        tls: Tls | None = None,
        storage: Path | None = None,
        with_password: bool = False,
    ) -> None:
        self.host = host
        self.storage = storage or directory / "storage"
        self._directory = directory
        self._log = directory / "access.log"
        self._tls = tls
        self._environment = {"REGISTRY_PROXY_REMOTEURL": upstream} if upstream else {}
        self._with_password = with_password
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
        lines = self._log.read_text(encoding="utf-8").splitlines()
        found = [(match["agent"], match) for match in map(ACCESS, lines) if match]
        return [
            Asked(match["method"], match["target"], int(match["status"]))
            for client, match in found
            if client.startswith(agent)
        ]

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


class Front:
    """A server before a registry: below ``prefix`` it passes requests on, as Harbor serves a proxy project.

    What is not below the prefix is answered 404; with ``status`` everything is answered with that.
    """

    def __init__(self, host: str, *, registry: str = "", prefix: str = "/v2", status: int | None = None) -> None:
        self.host = host
        self._registry = registry
        self._prefix = prefix
        self._status = status
        self._asked: list[Asked] = []

    def asked(self) -> list[Asked]:
        return list(self._asked)

    def answer(self, method: str, target: str, accept: str) -> tuple[int, list[tuple[str, str]], bytes]:
        status, headers, body = self._answer(method, target, accept)
        self._asked.append(Asked(method, target, status))
        return status, headers, body

    def _answer(self, method: str, target: str, accept: str) -> tuple[int, list[tuple[str, str]], bytes]:
        if self._status is not None or not target.startswith(f"{self._prefix}/"):
            return self._status or 404, [("Content-Length", "0")], b""
        connection = http.client.HTTPConnection(self._registry, timeout=10)
        try:
            connection.request(method, f"/v2{target.removeprefix(self._prefix)}", headers={"Accept": accept})
            response = connection.getresponse()
            return response.status, response.getheaders(), response.read()
        finally:
            connection.close()

    @contextmanager
    def serving(self) -> Iterator[None]:
        address, port = self.host.split(":")
        with ExitStack() as stack:
            server = stack.enter_context(ThreadingHTTPServer((address, int(port)), _handler(self)))
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            yield


def _handler(front: Front) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An idle connection ends here, so that no thread outlives its test for long.
        timeout = 5

        def do_GET(self) -> None:
            status, headers, body = front.answer(self.command, self.path, self.headers.get("Accept", "*/*"))
            self.send_response(status)
            for name, value in headers:
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            self.wfile.write(body)

        do_HEAD = do_GET  # noqa: N815 - the name is the base class's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    return Handler


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


def free_host(address: str) -> str:
    """An address with a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return f"{address}:{probe.getsockname()[1]}"


def is_listening(host: str) -> bool:
    address, port = host.split(":")
    with socket.socket() as probe:
        return probe.connect_ex((address, int(port))) == 0
