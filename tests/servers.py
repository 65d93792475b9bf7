"""Small servers on loopback, for what no registry does: real sockets that answer as they are told."""

from __future__ import annotations

import socket
import ssl
import tempfile
import threading
from contextlib import ExitStack, contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.certificates import KeyPair

__all__ = ["Asked", "Request", "Response", "Talker", "Web", "free_host", "free_ports", "is_listening"]


class Asked(NamedTuple):
    """One line of an access log; ``target`` is path and query as sent."""

    method: str
    target: str
    status: int


class Request(NamedTuple):
    """A request as it came; the names of ``headers`` are lower case, and several values are one list."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


class Response(NamedTuple):
    """An answer; where it is ``announced``, after a 103."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    announced: bool = False


Answer: TypeAlias = "Callable[[Request], Response]"


class Web:
    """An http server that answers every request as ``answer`` says; a body to HEAD is only counted.

    Each answer closes its connection. ``pair`` makes it speak TLS.
    """

    def __init__(self, host: str, answer: Answer, *, pair: KeyPair | None = None) -> None:
        self.host = host
        self.url = f"{'https' if pair else 'http'}://{host}"
        self.requests: list[Request] = []
        self._answer = answer
        self._pair = pair
        self._asked: list[Asked] = []

    def asked(self) -> list[Asked]:
        return list(self._asked)

    def answer(self, request: Request) -> Response:
        self.requests.append(request)
        response = self._answer(request)
        self._asked.append(Asked(request.method, request.target, response.status))
        return response

    @contextmanager
    def serving(self) -> Iterator[None]:
        with ExitStack() as stack:
            server = stack.enter_context(_Listener(_address(self.host), _handler(self)))
            if self._pair:
                server.socket = _tls(self._pair).wrap_socket(
                    server.socket, server_side=True, do_handshake_on_connect=False
                )
            thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
            thread.start()
            stack.callback(thread.join)
            stack.callback(server.shutdown)
            yield


class Talker:
    """A server that sends ``said`` to whoever connects, and then closes, or says nothing more where it ``hangs``.

    ``heard``: it first waits for the end of a request's head.
    """

    def __init__(self, host: str, said: bytes = b"", *, hangs: bool = False, heard: bool = True) -> None:
        self.host = host
        self.url = f"http://{host}"
        self._said = said
        self._hangs = hangs
        self._heard = heard
        self._closing = threading.Event()

    def asked(self) -> list[Asked]:
        return []

    @contextmanager
    def serving(self) -> Iterator[None]:
        with socket.create_server(_address(self.host)) as listener:
            listener.settimeout(0.02)
            threads: list[threading.Thread] = []
            accepting = threading.Thread(target=self._accept, args=(listener, threads))
            accepting.start()
            try:
                yield
            finally:
                self._closing.set()
                accepting.join()
                for thread in threads:
                    thread.join()

    def _accept(self, listener: socket.socket, threads: list[threading.Thread]) -> None:
        while not self._closing.is_set():
            with suppress(TimeoutError):
                connection, _ = listener.accept()
                threads.append(threading.Thread(target=self._talk, args=(connection,)))
                threads[-1].start()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(5)
        with connection, suppress(OSError):
            head = b""
            while self._heard and b"\r\n\r\n" not in head:
                received = connection.recv(65536)
                if not received:
                    return
                head += received
            connection.sendall(self._said)
            if self._hangs:
                self._closing.wait()


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up, or does not speak TLS, is no error of the server."""


def _handler(web: Web) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        # An idle connection ends here, so that no thread outlives its test for long.
        timeout = 5

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
            headers = {name.lower(): ", ".join(self.headers.get_all(name, [])) for name in self.headers}
            response = web.answer(Request(self.command, self.path, headers, body))
            if response.announced:
                self.send_response_only(103)
                self.end_headers()
            self.send_response(response.status)
            for name, value in response.headers:
                self.send_header(name, value)
            self.send_header("Connection", "close")
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)

        do_HEAD = do_POST = do_PUT = do_PATCH = do_GET  # noqa: N815 - the names are the base class's

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base class's
            pass

    return Handler


def _tls(pair: KeyPair) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as directory:
        both = Path(directory, "pair.pem")
        both.write_text(pair.cert + pair.key, encoding="utf-8")
        context.load_cert_chain(both)
    return context


def free_host(address: str = "127.0.0.1") -> str:
    """An address with a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind((address, 0))
        return f"{address}:{probe.getsockname()[1]}"


def free_ports(address: str, count: int) -> range:
    """So many ports in a row that nothing listens at."""
    while True:
        first = int(free_host(address).rpartition(":")[2])
        ports = range(first, first + count)
        if ports[-1] < 65536 and not any(is_listening(f"{address}:{port}") for port in ports):
            return ports


def is_listening(host: str) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(_address(host)) == 0


def _address(host: str) -> tuple[str, int]:
    address, port = host.split(":")
    return address, int(port)
