"""Asking servers that listen: what is sent, what comes back, and what that means for a node."""

from __future__ import annotations

import pickle
import socket
import ssl
import threading
import time
from base64 import b64encode
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote, quote_plus

import pytest

from talos_registry import Probe, Reference, RegistrySet, parse, probe, resolve
from talos_registry.probing.asking import Manner
from talos_registry.probing.connection import Deadline
from talos_registry.probing.hearing import Hearing
from talos_registry.probing.prober import Prober, Scope, endpoint_url
from talos_registry.resolution.resolver import hosts
from tests.servers import Request, Response, Talker, Web, free_host

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

DIGEST = f"sha256:{'a' * 64}"
INDEX = "application/vnd.oci.image.index.v1+json"
FOUND = Response(200, (("Content-Type", INDEX), ("Content-Length", "5"), ("Docker-Content-Digest", DIGEST)))
MIRROR = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: docker.io\nskipFallback: true\nendpoints:\n"


def mirror(*urls: str) -> str:
    return MIRROR + "".join(f"  - url: {url}\n" for url in urls)


def auth(host: str, username: str = "user", password: str = "s3cret") -> str:  # noqa: S107 - of a test
    fields = f"name: {host}\nusername: {username}\npassword: {password}\n"
    return f"---\napiVersion: v1alpha1\nkind: RegistryAuthConfig\n{fields}"


@contextmanager
def web(answer: Callable[[Request], Response]) -> Iterator[Web]:
    server = Web(free_host(), answer)
    with server.serving():
        yield server


def asked(config: str, image: str | None = "nginx", **settings: object) -> Probe:
    parsed = parse(config)
    assert parsed.diagnostics == ()
    (found,) = probe(parsed, [image] if image else [], pullers=["cri"], timeout=30, **settings)  # type: ignore[arg-type]
    return found


class Said(NamedTuple):
    """How a server answers, and what is to be said of it."""

    response: Response
    outcome: str
    node: str


OTHER = Response(200, (("Content-Type", "text/html; charset=utf-8"), ("Content-Length", "5")))


@pytest.mark.parametrize(
    "said",
    [
        Said(FOUND, "ok", "pulls"),
        Said(Response(200, (("Content-Type", INDEX),)), "ok", "pulls"),
        Said(
            Response(200, (("Content-Type", INDEX), ("Content-Length", "5"), ("Docker-Content-Digest", "x"))),
            "not-a-registry",
            "stops",
        ),
        Said(Response(200, (("Content-Type", INDEX), ("Docker-Content-Digest", "x"))), "ok", "pulls"),
        Said(Response(200, (("Content-Type", INDEX), ("Content-Length", "9" * 5000))), "ok", "pulls"),
        Said(OTHER, "not-a-registry", "stops"),
        Said(Response(200, (("Content-Type", INDEX.upper()),)), "not-a-registry", "stops"),
        Said(Response(204), "not-a-registry", "stops"),
        Said(Response(200, (("Content-Type", INDEX), ("Content-Length", "5000000"))), "not-a-registry", "next"),
        Said(Response(404), "not-found", "next"),
        Said(Response(401), "unauthorized", "next"),
        Said(Response(401, (("WWW-Authenticate", "Basic"),)), "unauthorized", "next"),
        Said(Response(403), "forbidden", "next"),
        Said(Response(418), "not-a-registry", "next"),
        Said(Response(429, (("Retry-After", "7"),)), "rate-limited", "next"),
        Said(Response(500), "server-error", "next"),
        Said(Response(503), "server-error", "next"),
        Said(Response(302), "bad-redirect", "stops"),
        Said(Response(304), "bad-redirect", "stops"),
        Said(Response(302, (("Location", "ftp://a"),)), "bad-redirect", "next"),
        Said(Response(302, (("Location", "http://["),)), "bad-redirect", "next"),
        Said(Response(302, (("Location", "/again"),)), "bad-redirect", "next"),
        Said(Response(302, (("Location", "http://127.0.0.1:1/"),)), "refused", "next"),
    ],
    ids=lambda said: f"{said.response.status} {said.outcome} {said.node}",
)
def test_what_an_answer_means(said: Said) -> None:
    with web(lambda _: said.response) as server:
        (attempt,) = asked(mirror(server.url)).attempts
    assert (attempt.outcome, attempt.node) == (said.outcome, said.node)


@pytest.mark.parametrize(
    ("talk", "outcome"),
    [
        (b"", "refused"),
        (b"SSH-2.0-OpenSSH\r\n", "not-a-registry"),
        (b"\x15\x03\x01\x00\x02\x02\x46", "speaks-tls"),
        (b"HTTP/1.1 200 OK\r\nA: " + b"b" * 11_000_000 + b"\r\n\r\n", "not-a-registry"),
        (b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 2_000_000 + b"\r\n", "not-a-registry"),
        (b"HTTP/1.1 200 OK\r\nA: b\r\n", "refused"),
        (b"HTTP/1.1 200 OK\r\nA: b", "refused"),
        (b"HTTP/1.1 200", "refused"),
        (b"HTTP/1.1 999999 OK\r\n\r\n", "not-a-registry"),
        (b"\0" * 1000, "not-a-registry"),
    ],
)
def test_what_is_no_answer(talk: bytes, outcome: str) -> None:
    server = Talker(free_host(), talk)
    with server.serving():
        (attempt,) = asked(mirror(server.url)).attempts
    assert (attempt.outcome, attempt.status, attempt.node) == (outcome, None, "next")


HEAD = f"HTTP/1.1 200 OK\r\nContent-Type: {INDEX}\r\ndocker-content-digest: {DIGEST}\r\n".encode()


@pytest.mark.parametrize(
    "talk",
    [
        HEAD + b"A: b\r\n" * 200 + b"\r\n",
        HEAD + b"A: " + b"b" * 70_000 + b"\r\n\r\n",
        HEAD + b"A: b\r\n Content-Type: text/html\r\n\r\n",
        HEAD.replace(b"\r\n", b"\n") + b"\n",
        b"HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\n\r\n" + HEAD + b"\r\n",
        b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n" + HEAD + b"\r\n",
    ],
    ids=["many headers", "a long one", "folded", "LF", "103", "100 and 102"],
)
def test_answers_that_go_reads_too(talk: bytes) -> None:
    server = Talker(free_host(), talk)
    with server.serving():
        (attempt,) = asked(mirror(server.url)).attempts
    assert (attempt.outcome, attempt.status, attempt.digest) == ("ok", 200, DIGEST)


@pytest.mark.parametrize(("count", "outcome"), [(9, "ok"), (10, "bad-redirect")])
def test_go_gives_up_on_the_tenth_redirect(count: int, outcome: str) -> None:
    """Each hop adds a character to the path."""

    def answer(request: Request) -> Response:
        hops = request.target.count("+")
        return FOUND if hops == count else Response(307, (("Location", f"/{'+' * (hops + 1)}"),))

    with web(answer) as server:
        (attempt,) = asked(mirror(server.url)).attempts
    assert (attempt.outcome, len(server.requests)) == (outcome, 10)


def test_user_and_password_in_the_url_of_a_redirect_are_sent() -> None:
    with web(Registry("Basic realm=x", "Basic dXNlcjpzMyByZXQ=")) as target, ExitStack() as stack:
        location = f"http://user:s3%20ret@{target.host}/there"
        server = stack.enter_context(web(lambda _: Response(307, (("Location", location),))))
        found = asked(mirror(server.url))
    assert (found.end, target.requests[0].headers["host"]) == ("pulled", target.host)
    assert "s3%20ret" not in repr(found) + str(found.to_dict())


def test_what_goes_out_is_what_the_plan_has() -> None:
    with web(lambda _: FOUND) as server:
        config = mirror(f"{server.url}/a//b%2Fc/x%7E")
        asked(config, "nginx:1.2")
        (attempt,) = resolve("nginx:1.2", parse(config), puller="cri").attempts
    (request,) = server.requests
    assert (request.method, f"{server.url}{request.target}") == ("HEAD", attempt.manifest_url)
    assert request.headers["host"] == server.host
    assert request.headers["accept"].endswith("application/vnd.oci.image.index.v1+json, */*")
    assert "authorization" not in request.headers


@pytest.mark.parametrize(
    ("path", "asks"),
    [
        ("", "/v2/"),
        ("/", "/v2/"),
        ("/v2", "/v2/"),
        ("/v2/proxy-docker.io", "/v2/"),
        ("/repository/x", "/repository/x/v2/"),
        ("/repository/x/v2/y", "/repository/x/v2/"),
        ("/v2ray", "/v2ray/v2/"),
    ],
)
def test_without_an_image_the_nearest_v2_is_asked(path: str, asks: str) -> None:
    registries = parse(mirror(f"http://a{path}")).registries
    (host,) = hosts("docker.io", registries, "cri").hosts
    assert endpoint_url(host) == f"http://a{asks}"


@pytest.mark.parametrize(("path", "asks"), [("/a", "/a/"), ("", "/"), ("/v2/x", "/v2/"), ("/v20", "/v20/")])
def test_with_override_path_nothing_is_added(path: str, asks: str) -> None:
    registries = parse(mirror(f"http://a{path}\n    overridePath: true")).registries
    (host,) = hosts("docker.io", registries, "cri").hosts
    assert endpoint_url(host) == f"http://a{asks}"


@pytest.mark.parametrize(
    ("response", "outcome"),
    [
        (Response(200, (("Content-Type", "application/json"),), b"{}"), "ok"),
        (Response(200, (("Docker-Distribution-Api-Version", "registry/2.0"), ("Content-Type", "text/plain"))), "ok"),
        (Response(200, (("Content-Type", "text/plain"),), b"nginx ok"), "not-a-registry"),
        (Response(401, (("WWW-Authenticate", "Basic realm=x"),)), "ok"),
        (Response(401, (("WWW-Authenticate", "Bearer realm=x"),)), "ok"),
        (Response(404), "not-a-registry"),
        (OTHER, "not-a-registry"),
        (Response(503), "server-error"),
    ],
)
def test_whether_a_registry_answers(response: Response, outcome: str) -> None:
    with web(lambda _: response) as server:
        found = asked(mirror(server.url), None)
    assert (found.reference, found.mirror, found.end) == (None, "docker.io", "unknown")
    assert [attempt.outcome for attempt in found.attempts] == [outcome]
    assert [(one.method, one.target) for one in server.requests] == [("GET", "/v2/")]


def test_the_catch_all_has_no_upstream_to_ask() -> None:
    config = "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '*'\nendpoints: [{url: 'http://127.0.0.1:1'}]\n"
    for found in probe(parse(config), fallback=True, timeout=1):
        assert [attempt.outcome for attempt in found.attempts] == ["refused"], found.puller


def test_get_is_asked_where_head_is_not_known() -> None:
    def answer(request: Request) -> Response:
        return Response(405) if request.method == "HEAD" else Response(200, (("Content-Type", INDEX),), b"{}")

    with web(answer) as server:
        (attempt,) = asked(mirror(server.url)).attempts
    assert [request.method for request in server.requests] == ["HEAD", "GET"]
    assert attempt.outcome == "ok"
    assert attempt.digest == "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"


class Registry:
    """A registry with login: what it wants, and what it was sent."""

    def __init__(self, challenge: str, wanted: str) -> None:
        self.challenge = challenge
        self.wanted = wanted

    def __call__(self, request: Request) -> Response:
        if request.headers.get("authorization") == self.wanted:
            return FOUND
        return Response(401, (("WWW-Authenticate", self.challenge),))


def test_credentials_are_sent_when_they_are_asked_for_and_shown_nowhere() -> None:
    with web(Registry('Basic realm="user s3cret dXNlcjpzM2NyZXQ="', "Basic dXNlcjpzM2NyZXQ=")) as server:
        found = asked(mirror(server.url) + auth(server.host))
        wrong = asked(mirror(server.url) + auth(server.host, password="s4cret"))
    assert [attempt.outcome for attempt in found.attempts] == ["ok"]
    assert ["authorization" in one.headers for one in server.requests] == [False, True, False, True]
    assert [attempt.outcome for attempt in wrong.attempts] == ["unauthorized"]
    assert "s4cret" not in f"{wrong.to_dict()}{wrong!r}{wrong}"


def test_the_realm_may_be_elsewhere() -> None:
    token = Response(200, (), b'{"access_token": "t0ken"}')
    with web(lambda _: token) as realm, ExitStack() as stack:
        challenge = f'Bearer realm="{realm.url}/token",service=s,scope="repository:p/library/nginx:pull"'
        server = stack.enter_context(web(Registry(challenge, "Bearer t0ken")))
        found = asked(mirror(server.url) + auth(server.host))
        assert found.end == "pulled"
        assert f"sends logins to {realm.url}/token" in found.attempts[0].detail
        (request,) = realm.requests
        assert (request.method, request.target) == ("POST", "/token")
        assert b"password=s3cret" in request.body
        anonymous = asked(mirror(server.url))
        assert (anonymous.end, anonymous.attempts[0].detail) == ("pulled", "")


@pytest.mark.parametrize("status", [307, 308])
def test_where_a_realm_sends_credentials_on_to_is_said(status: int) -> None:
    with web(lambda _: Response(200, (), b'{"access_token": "t0ken"}')) as elsewhere, ExitStack() as stack:
        realm = stack.enter_context(web(lambda _: Response(status, (("Location", f"{elsewhere.url}/steal"),))))
        server = stack.enter_context(web(Registry(f'Bearer realm="{realm.url}"', "Bearer t0ken")))
        (attempt,) = asked(mirror(server.url) + auth(server.host)).attempts
        assert f"{realm.host} sends logins to {elsewhere.url}/steal" in attempt.detail
        assert b"s3cret" in elsewhere.requests[0].body
        told: list[str] = []
        prober = Prober(parse(mirror(server.url) + auth(server.host)), ["nginx"], ["cri"], "", Scope())
        prober.run(Manner(30, False, told.append, lambda _: None), 1)
        (refused,) = prober.probes()
    assert (len(elsewhere.requests), told) == (1, [])
    assert (refused.attempts[0].outcome, refused.attempts[0].node, refused.end) == ("unauthorized", None, "unknown")


def test_what_logs_in_goes_along_to_other_ports_of_a_host() -> None:
    """Go compares the names of hosts, without their ports."""
    with web(Registry("Basic realm=x", "Basic dXNlcjpzM2NyZXQ=")) as target, ExitStack() as stack:
        wants = Response(401, (("WWW-Authenticate", "Basic realm=x"),))
        goes_on = Response(307, (("Location", f"{target.url}/there"),))
        server = stack.enter_context(web(lambda one: goes_on if "authorization" in one.headers else wants))
        assert asked(mirror(server.url) + auth(server.host)).end == "pulled"


SECRET = "p@ss/w:rd 1é"
SPELLINGS = [
    SECRET,
    SECRET.encode().decode("latin-1"),
    quote(SECRET),
    quote(SECRET, safe=""),
    quote_plus(SECRET),
    quote_plus(SECRET).lower(),
    b64encode(SECRET.encode()).decode(),
    b64encode(f"user:{SECRET}".encode()).decode().rstrip("="),
    f"Basic {b64encode(f'user:{SECRET}'.encode()).decode()}",
]


@pytest.mark.parametrize("spelt", SPELLINGS)
def test_a_secret_that_a_host_repeats_is_not_shown(spelt: str) -> None:
    hearing = Hearing()
    hearing.keep_secret(SECRET)
    hearing.keep_secret(b64encode(f"user:{SECRET}".encode()).decode())
    assert hearing.shown(f"Basic realm={spelt}") == "***"
    assert hearing.shown("Basic realm=x") == "Basic realm=x"


def test_a_short_password_spoils_no_sentence() -> None:
    with web(lambda _: OTHER) as server:
        (attempt,) = asked(mirror(server.url) + auth(server.host, password="p")).attempts
    assert attempt.detail == "a manifest is wanted, and it answers text/html: a wrong path, or a web page"


@pytest.mark.parametrize("scheme", ["Basic", "Digest", "Bearer"])
def test_a_password_in_a_realm_is_not_shown(scheme: str) -> None:
    challenge = f'{scheme} realm="http://us:hidden@127.0.0.1:1/x"'
    with web(lambda _: Response(401, (("WWW-Authenticate", challenge),))) as server:
        lines: list[tuple[str, ...]] = []
        prober = Prober(parse(mirror(server.url)), ["nginx"], ["cri"], "", Scope())
        prober.run(Manner(30, True, lambda _: None, lines.append), 1)
    assert "hidden" not in f"{lines}{[probe.to_dict() for probe in prober.probes()]}"


def test_a_tls_socket_that_is_cut_off_stays_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """SSLSocket.shutdown forgets TLS first: what another thread sends then would go out in clear."""
    cut: list[type] = []
    monkeypatch.setattr(ssl.SSLSocket, "shutdown", lambda self, _: cut.append(type(self)))
    deadline = Deadline(30)
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as plain:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        secure = context.wrap_socket(plain, server_hostname="a", do_handshake_on_connect=False)
        deadline.watch(secure)
        deadline.end()
        with pytest.raises(OSError):
            socket.socket.sendall(secure, b"a")
        secure.close()
    deadline.close()
    assert cut == []


@pytest.mark.parametrize("body", [b"[" * 60_000, b'{"access_token": "t", "expires_in": "300"}', b"", b"\xff"])
def test_answers_that_hold_no_token(body: bytes) -> None:
    with web(lambda _: Response(200, (), body)) as realm, ExitStack() as stack:
        server = stack.enter_context(web(Registry(f'Bearer realm="{realm.url}"', "Bearer t")))
        found = asked(mirror(server.url) + auth(server.host))
    assert [(one.outcome, one.node) for one in found.attempts] == [("unauthorized", "next")]


@pytest.mark.parametrize("url", ["ftp://x", "x", "//x/y", "unix:///x", "http://", "''"])
def test_an_endpoint_that_talos_refuses_can_be_asked_for(url: str) -> None:
    for puller in ("talos", "cri"):
        probe(parse(mirror(url)), ["nginx"], pullers=[puller], timeout=2)


@pytest.mark.parametrize(("statuses", "end"), [([429, 408, 429, 429], "pulled"), ([429] * 5, "not-pulled")])
def test_too_many_requests_are_asked_again_at_once(statuses: list[int], end: str) -> None:
    left = [*statuses]
    with web(lambda _: Response(left.pop(0)) if left else FOUND) as server:
        assert asked(mirror(server.url)).end == end
    assert len(server.requests) == 5


def test_the_last_host_is_asked_once_more_after_a_503() -> None:
    first, last = [503, 503], [503]
    with (
        web(lambda _: Response(first.pop(0)) if first else FOUND) as one,
        web(lambda _: Response(last.pop(0)) if last else FOUND) as other,
    ):
        found = asked(mirror(one.url, other.url))
    assert ([attempt.outcome for attempt in found.attempts], found.end) == (["server-error", "ok"], "pulled")
    assert (len(one.requests), len(other.requests)) == (1, 2)


def test_a_manifest_that_is_cut_off_stops_a_pull() -> None:
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {INDEX}\r\nContent-Length: 10\r\nConnection: close\r\n\r\n"
    short = Talker(free_host(), head.encode() + b"{}")

    def answer(request: Request) -> Response:
        return Response(
            405 if "/v2" in request.target and request.method == "HEAD" else 307, (("Location", short.url),)
        )

    with web(answer) as server, short.serving():
        (attempt,) = asked(mirror(server.url)).attempts
    assert (attempt.outcome, attempt.node, attempt.detail) == ("not-a-registry", "stops", "the manifest is cut off")


def test_a_digest_that_is_asked_for_needs_no_header() -> None:
    headers = (("Content-Type", INDEX), ("Content-Length", "5"), ("Docker-Content-Digest", "x"))
    with web(lambda _: Response(200, headers)) as server:
        (attempt,) = asked(mirror(server.url), f"nginx@{DIGEST}").attempts
    assert (attempt.outcome, attempt.node, attempt.digest) == ("ok", "pulls", None)


def test_no_thread_is_left() -> None:
    before = threading.active_count()
    with web(lambda _: FOUND) as server:
        asked(mirror(*(f"{server.url}/{at}" for at in range(50))), jobs=16)
        deadline = time.monotonic() + 10
        while threading.active_count() > before + 1 and time.monotonic() < deadline:
            time.sleep(0.01)
    assert threading.active_count() <= before + 1


def test_talos_sends_credentials_to_the_host_of_the_endpoint_alone() -> None:
    """D17 of the differences between the pullers."""
    with web(Registry("Basic realm=x", "Basic dXNlcjpzM2NyZXQ=")) as target, ExitStack() as stack:
        location = (("Location", f"{target.url}/there"),)
        server = stack.enter_context(web(lambda _: Response(307, location)))
        talos, cri = probe(parse(mirror(server.url) + auth(target.host)), ["nginx"], timeout=3)
    assert (talos.puller, talos.attempts[0].outcome, talos.end) == ("talos", "unauthorized", "not-pulled")
    assert (cri.puller, cri.attempts[0].outcome, cri.end) == ("cri", "ok", "pulled")


def test_equal_questions_are_asked_once() -> None:
    with web(lambda _: FOUND) as server:
        talos, cri = probe(parse(mirror(server.url) + auth("elsewhere:5000")), ["nginx"], timeout=3)
    assert len(server.requests) == 1
    assert talos.attempts[0].outcome == cri.attempts[0].outcome == "ok"


@pytest.mark.parametrize("drip", [b"", b"HTTP/1.1 200 OK\r\n"])
def test_the_deadline_holds_however_slowly_a_host_goes_on(drip: bytes) -> None:
    server = Talker(free_host(), drip, hangs=True)
    started = time.monotonic()
    with server.serving():
        (found,) = probe(parse(mirror(server.url)), ["nginx"], pullers=["cri"], timeout=0.5)
    assert time.monotonic() - started < 3
    assert (found.attempts[0].outcome, found.attempts[0].node, found.end) == ("timeout", "next", "not-pulled")
    assert found.attempts[0].detail == "no answer within 0.5 s"


def test_many_answers_come_in_the_order_of_the_plan() -> None:
    with web(lambda request: Response(404 if "/1" in request.target else 500)) as server:
        urls = [f"{server.url}/{at % 2}{at}" for at in range(40)]
        found = asked(mirror(*urls), jobs=5)
    assert [attempt.url.partition("/v2")[0] for attempt in found.attempts] == urls
    assert [attempt.outcome for attempt in found.attempts] == ["server-error", "not-found"] * 20


def test_hosts_with_odd_names() -> None:
    urls = ["http://[::1]:1", "http://no.such.invalid", f"http://{'a' * 70}", "http://a:70000"]
    found = asked(mirror(*(f"'{url}'" for url in urls)))
    assert found.error is None
    assert [attempt.outcome for attempt in found.attempts] == ["refused", *["no-address"] * 3]


def test_a_plan_with_an_error_asks_nothing() -> None:
    tls = "---\napiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: 127.0.0.1:1\ninsecureSkipVerify: true\n"
    (found,) = probe(parse(mirror("http://127.0.0.1:1") + tls), ["nginx"], pullers=["talos"])
    assert found.error == 'TLS config specified for non-HTTPS registry: "127.0.0.1:1"'
    assert (found.attempts, found.end, found.is_bad) == ((), "not-pulled", True)


def test_upstream_is_asked_with_fallback_alone() -> None:
    config = mirror("http://127.0.0.1:1").replace("skipFallback: true\n", "").replace("docker.io", "127.0.0.1:2")
    unasked, asked_too = (probe(parse(config), ["127.0.0.1:2/a"], fallback=one, timeout=1)[0] for one in (False, True))
    assert (unasked.end, unasked.attempts[1].outcome, unasked.attempts[1].node) == ("unknown", None, None)
    assert unasked.attempts[1].detail == "not asked: the upstream registry"
    assert (asked_too.end, asked_too.attempts[1].outcome) == ("not-pulled", "refused")


def test_results_are_values() -> None:
    found = asked(mirror("http://127.0.0.1:1"))
    copied = pickle.loads(pickle.dumps(found))  # noqa: S301 - its own
    assert copied == found
    assert hash(copied) == hash(found)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: probe("a"), TypeError, "probe takes a RegistrySet or a MachineConfig, not str"),  # type: ignore[arg-type]
        (lambda: probe(RegistrySet.of(), "nginx"), TypeError, "references as a collection of images"),
        (lambda: probe(RegistrySet.of(), pullers="cri"), TypeError, "pullers as a collection"),  # type: ignore[arg-type]
        (lambda: probe(RegistrySet.of(), timeout=0), ValueError, "a timeout above 0 s"),
        (lambda: probe(RegistrySet.of(), timeout=float("nan")), ValueError, "a timeout above 0 s"),
        (lambda: probe(RegistrySet.of(), timeout=float("inf")), ValueError, "not above 3600 s"),
        (lambda: probe(RegistrySet.of(), timeout="1"), TypeError, "timeout as a number of seconds, not str"),  # type: ignore[arg-type]
        (lambda: probe(RegistrySet.of(), jobs=1.5), TypeError, "jobs as a whole number, not float"),  # type: ignore[arg-type]
        (lambda: probe(RegistrySet.of(), extra_roots=b""), TypeError, "extra_roots as PEM text, not bytes"),  # type: ignore[arg-type]
        (lambda: probe(RegistrySet.of(), jobs=0), ValueError, "at least one job"),
        (lambda: probe(RegistrySet.of(), [Reference.parse("a")], pullers=["x"]), ValueError, "not a puller"),  # type: ignore[list-item]
    ],
)
def test_wrong_arguments_are_said(call: Callable[[], object], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
