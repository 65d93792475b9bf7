"""One request and its answer, byte for byte as asked: urllib3, requests and httpx would rewrite the path."""

from __future__ import annotations

import http.client
import io
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlsplit

from talos_registry.about import __version__
from talos_registry.masking import mask_url
from talos_registry.probing.connection import Failure, connected, cut_off, failure_of

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable
    from typing import BinaryIO

    from talos_registry.probing.connection import Deadline

__all__ = ["MOST_BYTES", "Answer", "Request", "exchange", "is_url", "redirects", "shown"]

MOST_BYTES = 64 * 1024
"""How much of a body is read."""

MOST_HEAD_BYTES = 10 * 1024 * 1024
"""How much Go reads before the body."""


class Request(NamedTuple):
    """What is sent; ``url`` has the scheme, the host and the target as they are to be sent."""

    method: str
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | None = None

    @property
    def scheme(self) -> str:
        """The scheme of the URL."""
        return self.url.partition("://")[0]

    @property
    def host(self) -> str:
        """The host, as written, with its port."""
        return _AFTER_HOST.split(self.url.partition("://")[2], maxsplit=1)[0].rpartition("@")[2]

    @property
    def target(self) -> str:
        """Path and query."""
        target = self.url.partition("://")[2].partition("#")[0]
        begin = _AFTER_HOST.search(target)
        target = target[begin.start() :] if begin else ""
        return target if target.startswith("/") else f"/{target}"

    def header(self, name: str) -> str:
        """The value of a header, empty if it is not there."""
        return next((value for own, value in self.headers if own == name), "")

    def without(self, name: str) -> Request:
        """The request without a header."""
        return self._replace(headers=tuple(pair for pair in self.headers if pair[0] != name))

    def in_plain(self) -> Request:
        """The request over plain http."""
        return self._replace(url=f"http{self.url.removeprefix(self.scheme)}")


_AFTER_HOST = re.compile(r"[/?#]")


class Answer(NamedTuple):
    """What came back; ``body`` is cut at MOST_BYTES, and empty where HEAD was asked."""

    request: Request
    status: int
    reason: str
    headers: http.client.HTTPMessage
    body: bytes

    def header(self, name: str) -> str:
        """The value of a header, empty if it is not there."""
        return self.headers.get(name, "")

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in the case it has: containerd compares it so."""
        return self.header("Content-Type").partition(";")[0]


def redirects(answer: Answer) -> bool:
    """Whether an answer names another place to ask, in a way that Go follows."""
    return answer.status in {301, 302, 303, 307, 308} and bool(answer.header("Location"))


def exchange(request: Request, context: Callable[[], ssl.SSLContext], deadline: Deadline) -> Answer:
    """Send a request over a connection of its own, and read the answer; ``context`` is asked for where TLS is spoken.

    Raises:
        Failure: if no answer comes, or one that is not HTTP.
    """
    connection = http.client.HTTPConnection("in.use", blocksize=MOST_BYTES)
    connection.response_class = _Response
    connection.sock = connected(request.host, request.scheme, context, deadline)
    try:
        answer = _exchanged(connection, request)
    except http.client.RemoteDisconnected:
        raise deadline.passed() if deadline.is_over else cut_off() from None
    except http.client.BadStatusLine as error:
        raise _no_http(str(error), request) from None
    except (http.client.InvalidURL, UnicodeError):
        raise Failure(
            "not-a-registry", "it is asked for something that cannot be sent: the URL, or the token"
        ) from None
    except http.client.HTTPException:
        raise Failure("not-a-registry", "an answer that no client reads") from None
    except (OSError, ValueError) as error:
        raise failure_of(error, deadline) from None
    finally:
        connection.close()
    deadline.left()  # what was cut off can look like an answer
    return answer


def _exchanged(connection: http.client.HTTPConnection, request: Request) -> Answer:
    connection.putrequest(request.method, request.target, skip_host=True, skip_accept_encoding=True)
    connection.putheader("Host", request.host)
    connection.putheader("User-Agent", f"talos-registry/{__version__}")
    for name, value in request.headers:
        connection.putheader(name, value)
    if request.body is not None:
        connection.putheader("Content-Length", str(len(request.body)))
    connection.endheaders(request.body)
    with connection.getresponse() as response:
        body = response.read(MOST_BYTES)
        return Answer(request, response.status, response.reason, response.headers, body)


class _Response(http.client.HTTPResponse):
    """A response whose head is read as Go reads it: the base class minds 100 headers, but not a head that is cut off."""

    def begin(self, **settings: Any) -> None:
        stream: Any = self.fp
        self.fp = io.BufferedReader(io.BytesIO(_head(stream)))
        try:
            super().begin(**settings)
        finally:
            self.fp = stream


_ANNOUNCING = re.compile(rb"HTTP/\S+\s+1(?!01)\d\d\b").match
_USED = re.compile(
    rb"(?:Connection|Content-Length|Content-Type|Docker-Content-Digest|Docker-Distribution-Api-Version|Keep-Alive|Location|Proxy-Connection"
    rb"|Retry-After|Transfer-Encoding|WWW-Authenticate)\s*:",
    re.IGNORECASE,
).match


def _head(stream: BinaryIO) -> bytes:
    """The status line and the headers that matter here, of the first answer that is more than an announcement (1xx).

    Raises:
        http.client.HTTPException: if it is too long, or cut off.
    """
    kept, is_used, left = list[bytes](), True, MOST_HEAD_BYTES
    while True:
        line = stream.readline(left + 1)
        left -= len(line)
        if left < 0:
            raise http.client.HTTPException("more than 10 MiB of headers")
        if not kept and not line.startswith(b"HTTP/"):
            return line
        if not line.endswith(b"\n"):
            raise http.client.RemoteDisconnected("the head is cut off")
        if line in {b"\r\n", b"\n"}:
            if not _ANNOUNCING(kept[0]):
                return b"".join([*kept, line])
            kept.clear()
            continue
        is_continued = line[:1] in {b" ", b"\t"}
        is_used = not kept or (is_used if is_continued else _USED(line) is not None)
        kept += [line] if is_used else []


def _no_http(line: str, request: Request) -> Failure:
    if request.scheme == "http" and line.startswith("\x15\x03"):
        return Failure("speaks-tls", "it speaks TLS on this port, so it is asked in the wrong scheme")
    return Failure("not-a-registry", "what answers does not speak HTTP")


def shown(url: str) -> str:
    """A URL for people: without user, password and a query, which can hold a signature; but ``?ns=`` stays."""
    before, mark, query = url.partition("?")
    is_namespace = query.startswith("ns=") and "&" not in query
    return mask_url(before) + (f"?{query}" if is_namespace else mark and "?...")


def is_url(text: str) -> bool:
    """Whether a text is a URL that can be asked."""
    try:
        split = urlsplit(text)
        return split.scheme in {"http", "https"} and bool(split.hostname)
    except ValueError:
        return False
