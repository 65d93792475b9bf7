"""Endpoints as a puller may find them: how each is made, and what a node does there."""

from __future__ import annotations

import shutil
from ipaddress import ip_address
from typing import TYPE_CHECKING, Literal, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from tests.certificates import Issuer, KeyPair, certificate, certificate_pem, key_pem, new_key
from tests.e2e.certificates import Authority
from tests.e2e.documents import auth, identity, identity_token, no_verification, trust
from tests.e2e.scenario import REPOSITORY
from tests.e2e.servers import PASSWORD, USERNAME, Registry, TokenAuth, passed_on
from tests.e2e.tokens import SERVICE, Account, Signer, TokenServer
from tests.servers import Request, Response, Talker, Web, free_host

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import Any, TypeAlias

    from talos_registry.resolution import Puller
    from tests.certificates import Key
    from tests.e2e.image import Image
    from tests.e2e.scenario import Scenario

FIRST, SECOND, OTHER = "127.0.0.2", "127.0.0.3", "127.0.0.5"
DIGEST = "Docker-Content-Digest"
ACCOUNT = Account(USERNAME, PASSWORD, "the token of an identity")
# Containerd takes a manifest of 4 MiB and some; and Go reads 10 MiB of headers.
TOO_LARGE, HUGE = 4_500_000, 11_000_000


class Endpoint(NamedTuple):
    """The URL to put first, and the documents beside the mirror's."""

    url: str
    documents: str = ""


class Stage:
    """Makes endpoints: ``storage`` holds the image, and so does ``second``, the registry that is asked next."""

    def __init__(self, scenario: Scenario, image: Image, storage: Path, scratch: Path) -> None:
        self.image = image
        self.scenario = scenario
        self.second = scenario.registry(SECOND, storage=storage)
        self._storage = storage
        self._scratch = scratch

    @property
    def ca(self) -> str:
        return self.scenario.authority.pem

    def full(self, address: str = FIRST, **settings: Any) -> Registry:
        return self.scenario.registry(address, **{"storage": self._storage} | settings)

    def cache(self, *, full: bool, modern: bool) -> Endpoint:
        """A pull-through cache whose upstream went down once the cache had started."""
        storage = self._scratch / "cache"
        if full:
            shutil.copytree(self._storage, storage)
        upstream = Web(free_host(OTHER), lambda _: Response(200))
        with upstream.serving():
            cache = self.scenario.registry(FIRST, storage=storage, upstream=upstream.url, modern=modern)
        return Endpoint(cache.url)

    def secure(self, pair: KeyPair | None = None, **settings: Any) -> Registry:
        return self.full(tls=pair or True, **settings)

    def web(self, answer: Callable[[Request], Response], address: str = FIRST, pair: KeyPair | None = None) -> Web:
        return self.scenario.serve(Web(free_host(address), answer, pair=pair))

    def always(self, status: int, *headers: tuple[str, str], body: bytes = b"") -> Endpoint:
        response = Response(status, (*headers, ("Content-Length", str(len(body)))), body)
        return Endpoint(self.web(lambda _: response).url)

    def passing(self, change: Callable[[Request, Response], Response]) -> Endpoint:
        """Before a registry that has the image, with its answers changed."""
        behind = self.full(OTHER)
        return Endpoint(self.web(lambda request: change(request, passed_on(request, behind.host))).url)

    def redirecting(self, status: int, location: str) -> Endpoint:
        """A redirect from every path to the same one below ``location``."""

        def redirect(request: Request) -> Response:
            return Response(status, (("Location", f"{location}{request.target}"), ("Content-Length", "0")))

        return Endpoint(self.web(redirect).url)

    def hops(self, count: int) -> Endpoint:
        """So many redirects before a registry that has the image."""
        behind = self.full(OTHER)

        def redirect(request: Request) -> Response:
            _, first, rest = request.target.split("/", 2)
            left, target = (int(first), f"/{rest}") if first.isdigit() else (count, request.target)
            location = f"/{left - 1}{target}" if left > 1 else f"{behind.url}{target}"
            return Response(307, (("Location", location), ("Content-Length", "0")))

        return Endpoint(self.web(redirect).url)

    def with_tokens(
        self,
        *,
        password: str = PASSWORD,
        identity: bool = False,
        anonymous: bool = False,
        signer: Signer | None = None,
        modern: bool = True,
        **settings: Any,
    ) -> Endpoint:
        """A registry that wants tokens, with the credentials for them."""
        trusted = Signer()
        server = self.scenario.serve(TokenServer(signer or trusted, ACCOUNT, **settings))
        registry = self.full(tokens=TokenAuth(server.realm, trusted.pem), modern=modern)
        if anonymous:
            return Endpoint(registry.url)
        if identity:
            return Endpoint(registry.url, identity_token(registry.host, ACCOUNT.identity_token))
        return Endpoint(registry.url, auth(registry.host, USERNAME, password))

    def sent_for_a_token(self, realm: str) -> Endpoint:
        challenge = f'Bearer realm="{realm}",service="{SERVICE}",scope="repository:{REPOSITORY}:pull"'
        endpoint = self.always(401, ("WWW-Authenticate", challenge))
        return Endpoint(endpoint.url, auth(endpoint.url.removeprefix("http://"), USERNAME, PASSWORD))


Make: TypeAlias = "Callable[[Stage], Endpoint]"


class Situation(NamedTuple):
    """``outcome`` and ``node`` are what ``probe`` must say; ``node`` is also what containerd must do.

    ``by_digest``: the image is asked for by its digest. ``said``: what ``probe`` says instead of ``node``, because HEAD
    does not show it.
    """

    name: str
    make: Make
    outcome: str
    node: str
    pullers: tuple[Puller, ...] = ("talos", "cri")
    by_digest: bool = False
    said: str = ""


def trusting(stage: Stage, registry: Registry, ca: str = "") -> Endpoint:
    return Endpoint(registry.url, trust(registry.host, ca or stage.ca))


def plain(stage: Stage) -> Endpoint:
    return Endpoint(stage.full().url)


def modern(stage: Stage) -> Endpoint:
    return Endpoint(stage.full(modern=True).url)


def empty(stage: Stage) -> Endpoint:
    return Endpoint(stage.scenario.registry(FIRST).url)


def empty_modern(stage: Stage) -> Endpoint:
    return Endpoint(stage.scenario.registry(FIRST, modern=True).url)


def basic(password: str | None = PASSWORD, *, modern: bool = False) -> Make:
    def make(stage: Stage) -> Endpoint:
        registry = stage.full(with_password=True, modern=modern)
        return Endpoint(registry.url, "" if password is None else auth(registry.host, USERNAME, password))

    return make


def basic_over_tls(stage: Stage) -> Endpoint:
    url, documents = trusting(stage, registry := stage.secure(with_password=True, modern=True))
    return Endpoint(url, documents + auth(registry.host, USERNAME, PASSWORD))


def dated(days: int) -> Make:
    return lambda stage: trusting(stage, stage.secure(stage.scenario.authority.issue(FIRST, days=days)))


def private_ca(stage: Stage) -> Endpoint:
    return trusting(stage, stage.secure())


def private_ca_modern(stage: Stage) -> Endpoint:
    return trusting(stage, stage.secure(modern=True))


def private_ca_unknown(stage: Stage) -> Endpoint:
    return Endpoint(stage.secure().url)


def private_ca_other(stage: Stage) -> Endpoint:
    return trusting(stage, stage.secure(), Authority().pem)


def self_signed(*, trusted: bool) -> Make:
    def make(stage: Stage) -> Endpoint:
        key = new_key()
        pair = KeyPair(certificate_pem(certificate(key, subject="self", extensions=[names(FIRST)])), key_pem(key))
        registry = stage.secure(pair)
        return trusting(stage, registry, pair.cert) if trusted else Endpoint(registry.url)

    return make


def issued(
    trusted: Literal["root", "intermediate", "no CA"] = "root",
    *,
    key: Callable[[], Key] = new_key,
    extensions: tuple[x509.ExtensionType, ...] = (),
) -> Make:
    """A certificate whose issuer is trusted; or the issuer of that one; or an issuer that must not be one."""

    def make(stage: Stage) -> Endpoint:
        root, middle, own = Issuer("root", new_key()), Issuer("intermediate", new_key()), key()
        is_ca = x509.BasicConstraints(ca=trusted != "no CA", path_length=None)
        of_root = certificate(root.key, subject=root.name, extensions=[is_ca])
        of_middle = certificate(middle.key, subject=middle.name, extensions=[is_ca], issuer=root)
        leaf = certificate(own, subject="registry", extensions=extensions or [names(FIRST)], issuer=middle)
        ca = certificate_pem(of_root if trusted == "root" else of_middle)
        return trusting(stage, stage.secure(KeyPair(certificate_pem(leaf), key_pem(own))), ca)

    return make


def names(*addresses: str) -> x509.SubjectAlternativeName:
    return x509.SubjectAlternativeName([x509.IPAddress(ip_address(address)) for address in addresses])


def short_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 1024)  # noqa: S505 - some still have it


def wrong_name(stage: Stage) -> Endpoint:
    return trusting(stage, stage.secure(stage.scenario.authority.issue("127.0.0.9")))


def expired_but_not_verified(stage: Stage) -> Endpoint:
    registry = stage.secure(stage.scenario.authority.issue(FIRST, days=-9))
    return Endpoint(registry.url, no_verification(registry.host))


def client_certificate(*, shown: bool, known: bool = True, modern: bool = False) -> Make:
    def make(stage: Stage) -> Endpoint:
        url, documents = trusting(stage, stage.secure(client_ca=stage.ca, modern=modern))
        authority = stage.scenario.authority if known else Authority()
        return Endpoint(url, documents + (identity(authority.issue("127.0.0.9")) if shown else ""))

    return make


def tokens(**settings: Any) -> Make:
    return lambda stage: stage.with_tokens(**settings)


def tokens_of_another(stage: Stage) -> Endpoint:
    return stage.with_tokens(signer=Signer())


def realm_down(stage: Stage) -> Endpoint:
    return stage.sent_for_a_token(f"http://{free_host(OTHER)}/token")


def realm_of_unknown_ca(stage: Stage) -> Endpoint:
    pair = stage.scenario.authority.issue(OTHER)
    return stage.sent_for_a_token(f"{stage.web(lambda _: Response(200), OTHER, pair).url}/token")


def realm_html(stage: Stage) -> Endpoint:
    page = Response(200, (("Content-Type", "text/html"),), b"<html>")
    return stage.sent_for_a_token(f"{stage.web(lambda _: page, OTHER).url}/token")


def token_server(stage: Stage, **settings: Any) -> tuple[TokenServer, TokenAuth]:
    signer = Signer()
    server = stage.scenario.serve(TokenServer(signer, ACCOUNT, **settings))
    return server, TokenAuth(server.realm, signer.pem)


def realm_redirects(stage: Stage) -> Endpoint:
    server, trusted = token_server(stage)
    moved = stage.web(lambda request: Response(307, (("Location", f"{server.url}{request.target}"),)), OTHER)
    registry = stage.full(tokens=trusted._replace(realm=f"{moved.url}/token?scope=&x=1"), modern=True)
    return Endpoint(registry.url, auth(registry.host, USERNAME, PASSWORD))


def basic_or_bearer(*, in_one: bool) -> Make:
    """Both are offered, Basic first, but only a token is taken."""

    def make(stage: Stage) -> Endpoint:
        _, trusted = token_server(stage)
        behind = stage.full(OTHER, tokens=trusted, modern=True)

        def offer(request: Request) -> Response:
            response = passed_on(request, behind.host)
            values = ['Basic realm="e2e"', dict(response.headers).get("Www-Authenticate", "")]
            shown = (
                [("WWW-Authenticate", ", ".join(values))] if in_one else [("WWW-Authenticate", one) for one in values]
            )
            return response if response.status != 401 else response._replace(headers=tuple(shown))

        web = stage.web(offer)
        return Endpoint(web.url, auth(web.host, USERNAME, PASSWORD))

    return make


def no_head_and_htpasswd(stage: Stage) -> Endpoint:
    behind = stage.full(OTHER, with_password=True)
    web = stage.web(lambda one: Response(405) if one.method == "HEAD" else passed_on(one, behind.host))
    return Endpoint(web.url, auth(web.host, USERNAME, PASSWORD))


def redirect_to_htpasswd(*, in_url: bool) -> Make:
    """With the credentials in a document for where it goes, or in the URL."""

    def make(stage: Stage) -> Endpoint:
        private = stage.full(OTHER, with_password=True)
        login = f"{USERNAME}:{PASSWORD.replace(' ', '%20')}@" if in_url else ""
        url, documents = stage.redirecting(307, f"http://{login}{private.host}")
        return Endpoint(url, documents if in_url else auth(private.host, USERNAME, PASSWORD))

    return make


def challenge(value: str) -> Make:
    return lambda stage: stage.always(401, ("WWW-Authenticate", value))


def http_to_tls(stage: Stage) -> Endpoint:
    return Endpoint(f"http://{stage.secure().host}")


def http_to_tls_modern(stage: Stage) -> Endpoint:
    return Endpoint(f"http://{stage.secure(modern=True).host}")


def tls_to_http(stage: Stage) -> Endpoint:
    return Endpoint(f"https://{stage.full().host}")


def https_first(*, tls: bool) -> Make:
    def make(stage: Stage) -> Endpoint:
        host = stage.full(tls=tls).host
        return Endpoint(f"http://{host}", no_verification(host))

    return make


def always(status: int, content_type: str = "", body: bytes = b"") -> Make:
    headers = [("Content-Type", content_type)] if content_type else []
    return lambda stage: stage.always(status, *headers, body=body)


def talking(said: bytes, *, heard: bool = True) -> Make:
    return lambda stage: Endpoint(stage.scenario.serve(Talker(free_host(FIRST), said, heard=heard)).url)


def with_header(*added: tuple[str, str], without: tuple[str, ...] = ()) -> Make:
    """The answers for manifests with headers taken away and added."""
    names = {name.lower() for name in without} | {name.lower() for name, _ in added}

    def change(request: Request, response: Response) -> Response:
        if "/manifests/" not in request.target or response.status != 200:
            return response
        kept = tuple(header for header in response.headers if header[0].lower() not in names)
        return response._replace(headers=kept + added)

    return lambda stage: stage.passing(change)


def no_head(stage: Stage) -> Endpoint:
    return stage.passing(lambda request, response: Response(405) if request.method == "HEAD" else response)


def poor_head(stage: Stage) -> Endpoint:
    return stage.passing(lambda one, response: Response(200) if one.method == "HEAD" else response)


def announced(stage: Stage) -> Endpoint:
    return stage.passing(lambda _, response: response._replace(announced=True))


def redirect_to(make: Make, status: int = 307) -> Make:
    return lambda stage: stage.redirecting(status, make(stage).url)


def at_other(**settings: Any) -> Make:
    return lambda stage: Endpoint(stage.full(OTHER, **settings).url)


def nobody(address: str) -> Make:
    return lambda _: Endpoint(f"http://{free_host(address)}")


def redirect_loop(stage: Stage) -> Endpoint:
    return stage.redirecting(302, "")


def redirect_to_ftp(stage: Stage) -> Endpoint:
    return stage.redirecting(302, "ftp://127.0.0.5")


def hops(count: int) -> Make:
    return lambda stage: stage.hops(count)


OTHER_DIGEST = (DIGEST, f"sha256:{'0' * 64}")
FOR_CLIENTS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
FOR_SERVERS = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
INDEX = "application/vnd.oci.image.index.v1+json"
PAGE = b"<html><body>Welcome</body></html>"

SITUATIONS = (
    Situation("a registry", plain, "ok", "pulls"),
    Situation("a registry, 3.1", modern, "ok", "pulls"),
    Situation("a registry, by digest", plain, "ok", "pulls", by_digest=True),
    Situation("without the image", empty, "not-found", "next"),
    Situation("without the image, 3.1", empty_modern, "not-found", "next"),
    Situation("without the image, by digest", empty, "not-found", "next", by_digest=True),
    Situation("a cache without its upstream", lambda stage: stage.cache(full=False, modern=False), "not-found", "next"),
    Situation("a cache without its upstream, 3.1", lambda stage: stage.cache(full=False, modern=True), "not-found", "next"),
    Situation("a cache that has it, without its upstream", lambda stage: stage.cache(full=True, modern=False), "ok", "pulls"),
    Situation("a cache that has it, without its upstream, 3.1", lambda stage: stage.cache(full=True, modern=True), "ok", "pulls"),
    # Credentials
    Situation("htpasswd", basic(), "ok", "pulls"),
    Situation("htpasswd, 3.1", basic(modern=True), "ok", "pulls"),
    Situation("htpasswd over TLS, 3.1", basic_over_tls, "ok", "pulls"),
    Situation("htpasswd, wrong password", basic("wrong"), "unauthorized", "next"),
    Situation("htpasswd, wrong password, 3.1", basic("wrong", modern=True), "unauthorized", "next"),
    Situation("htpasswd, no credentials", basic(None), "unauthorized", "next"),
    Situation("tokens", tokens(), "ok", "pulls"),
    Situation("tokens, 2.8", tokens(modern=False), "ok", "pulls"),
    Situation("tokens, POST answered 404", tokens(post=404), "ok", "pulls"),
    Situation("tokens, POST answered 405", tokens(post=405), "ok", "pulls"),
    Situation("tokens, POST answered 401", tokens(post=401), "ok", "pulls"),
    Situation("tokens, POST answered 400", tokens(post=400), "ok", "pulls"),
    Situation("tokens, POST answered 403", tokens(post=403), "unauthorized", "next"),
    Situation("tokens, POST answered 500", tokens(post=500), "unauthorized", "next"),
    Situation("tokens for everybody", tokens(anonymous=True, public=True), "ok", "pulls"),
    Situation("tokens, no credentials", tokens(anonymous=True), "unauthorized", "next"),
    Situation("tokens, wrong password", tokens(password="wrong"), "unauthorized", "next"),
    Situation("tokens for an identity token", tokens(identity=True), "ok", "pulls"),
    Situation("tokens for an identity token, POST answered 405", tokens(identity=True, post=405), "unauthorized", "next"),
    Situation("tokens that the registry does not know", tokens_of_another, "unauthorized", "next"),
    Situation("a token server that is down", realm_down, "refused", "next"),
    Situation("a token server of an unknown CA", realm_of_unknown_ca, "certificate", "next"),
    Situation("a token server that shows a page", realm_html, "unauthorized", "next"),
    Situation("a token server that redirects", realm_redirects, "ok", "pulls"),
    Situation("a token or Basic", basic_or_bearer(in_one=False), "ok", "pulls"),
    Situation("a token or Basic, in one header", basic_or_bearer(in_one=True), "unauthorized", "next"),
    Situation("401 without a challenge", always(401), "unauthorized", "next"),
    Situation("401 with Digest", challenge('Digest realm="e2e", nonce="1"'), "unauthorized", "next"),
    Situation("401 with a Bearer without realm", challenge('Bearer service="e2e"'), "unauthorized", "next"),
    # TLS
    Situation("a private CA", private_ca, "ok", "pulls"),
    Situation("a private CA, 3.1", private_ca_modern, "ok", "pulls"),
    Situation("a private CA that is not trusted", private_ca_unknown, "certificate", "next"),
    Situation("another private CA is trusted", private_ca_other, "certificate", "next"),
    Situation("a self-signed certificate", self_signed(trusted=False), "certificate", "next"),
    Situation("a self-signed certificate, trusted itself", self_signed(trusted=True), "ok", "pulls"),
    Situation("a chain without its intermediate", issued("root"), "certificate", "next"),
    Situation("a trusted intermediate", issued("intermediate"), "ok", "pulls"),
    Situation("a trusted issuer that is no CA", issued("no CA"), "certificate", "next"),
    Situation("a key of 1024 bits", issued("intermediate", key=short_key), "ok", "pulls"),
    Situation("a certificate for clients", issued("intermediate", extensions=(names(FIRST), FOR_CLIENTS)), "certificate", "next"),
    Situation("a certificate without names", issued("intermediate", extensions=(FOR_SERVERS,)), "certificate", "next"),
    Situation("an expired certificate", dated(-9), "certificate", "next"),
    Situation("a certificate of the future", dated(9), "certificate", "next"),
    Situation("a certificate for another name", wrong_name, "certificate", "next"),
    Situation("an expired certificate, not verified", expired_but_not_verified, "ok", "pulls"),
    Situation("a client certificate", client_certificate(shown=True), "ok", "pulls"),
    Situation("a client certificate, 3.1", client_certificate(shown=True, modern=True), "ok", "pulls"),
    Situation("no client certificate", client_certificate(shown=False), "client-certificate", "next"),
    Situation("no client certificate, 3.1", client_certificate(shown=False, modern=True), "client-certificate", "next"),
    Situation("a client certificate of another CA", client_certificate(shown=True, known=False), "client-certificate", "next"),
    Situation("http to a TLS port", http_to_tls, "speaks-tls", "next"),
    Situation("http to a TLS port, 3.1", http_to_tls_modern, "speaks-tls", "next"),
    Situation("TLS to an http port", tls_to_http, "speaks-http", "next"),
    Situation("http and a TLS document, where http is spoken", https_first(tls=False), "ok", "pulls", ("cri",)),
    Situation("http and a TLS document, where TLS is spoken", https_first(tls=True), "ok", "pulls", ("cri",)),
    # Nobody there
    Situation("nobody listens", nobody(FIRST), "refused", "next"),
    Situation("a name without address", lambda _: Endpoint("http://mirror.invalid:5000"), "no-address", "next"),
    # Answers that no registry gives
    Situation("200 with a page", always(200, "text/html", PAGE), "not-a-registry", "stops"),
    Situation("200 with a page, by digest", always(200, "text/html", PAGE), "not-a-registry", "stops", by_digest=True),
    Situation("200 with text", always(200, "text/plain", b"Welcome"), "not-a-registry", "stops"),
    Situation("200 with JSON", always(200, "application/json", b"{}"), "not-a-registry", "stops"),
    Situation("204", always(204), "not-a-registry", "stops"),
    Situation("404 with a page", always(404, "text/html", PAGE), "not-found", "next"),
    Situation("403", always(403), "forbidden", "next"),
    Situation("429", always(429), "rate-limited", "next"),
    Situation("500", always(500), "server-error", "next"),
    Situation("502", always(502), "server-error", "next"),
    Situation("503", always(503), "server-error", "next"),
    Situation("504", always(504), "server-error", "next"),
    Situation("405 to HEAD", no_head, "ok", "pulls"),
    Situation("405 to HEAD, and htpasswd", no_head_and_htpasswd, "ok", "pulls"),
    Situation("405 to everything", always(405), "not-a-registry", "next"),
    Situation("400 to everything", always(400), "not-a-registry", "next"),
    Situation("408 to everything", always(408), "timeout", "next"),
    Situation("not http", talking(b"SSH-2.0-OpenSSH_9.2\r\n", heard=False), "not-a-registry", "next"),
    Situation("hangs up", talking(b""), "refused", "next"),
    Situation("hangs up amid the headers", talking(b"HTTP/1.1 200 OK\r\nContent-Le"), "refused", "next"),
    Situation("103 before the answer", announced, "ok", "pulls"),
    Situation("a header of 100 kB", with_header(("X-Long", "x" * 100_000)), "ok", "pulls"),
    Situation("150 headers", with_header(*((f"X-{number}", "x") for number in range(150))), "ok", "pulls"),
    Situation("headers of 11 MB", talking(b"HTTP/1.1 200 OK\r\nX-Long: " + b"x" * HUGE + b"\r\n\r\n"), "not-a-registry", "next"),
    Situation("no digest", with_header(without=(DIGEST,)), "ok", "pulls"),
    Situation("no digest and no type to HEAD", poor_head, "not-a-registry", "pulls", said="stops"),
    Situation("a type with a charset", with_header(("Content-Type", f"{INDEX}; charset=utf-8")), "ok", "pulls"),
    Situation("a type in capitals", with_header(("Content-Type", INDEX.upper())), "not-a-registry", "stops"),
    Situation("a file server's type", with_header(("Content-Type", "application/octet-stream")), "not-a-registry", "stops"),
    Situation("no type", with_header(without=("Content-Type",)), "not-a-registry", "stops"),
    Situation("no length", with_header(without=("Content-Length",)), "ok", "pulls"),
    Situation("no digest in the header", with_header((DIGEST, "none")), "not-a-registry", "stops"),
    Situation("another digest", with_header(OTHER_DIGEST), "ok", "stops", said="pulls"),
    Situation("another digest, by digest", with_header(OTHER_DIGEST), "ok", "pulls", by_digest=True),
    Situation("too large a manifest", with_header(("Content-Length", str(TOO_LARGE))), "not-a-registry", "next"),
    # Redirects
    Situation("a redirect to a registry", redirect_to(at_other()), "ok", "pulls"),
    Situation("a redirect to a registry, 301", redirect_to(at_other(), 301), "ok", "pulls"),
    Situation("a redirect to a registry, 303", redirect_to(at_other(), 303), "ok", "pulls"),
    Situation("a redirect to a registry, 308", redirect_to(at_other(), 308), "ok", "pulls"),
    Situation("a redirect to where nobody listens", redirect_to(nobody(OTHER)), "refused", "next"),
    Situation("a redirect to an unknown CA", redirect_to(at_other(tls=True)), "certificate", "next"),
    Situation("a redirect to htpasswd", redirect_to(at_other(with_password=True)), "unauthorized", "next"),
    Situation("a redirect to htpasswd, with credentials for it", redirect_to_htpasswd(in_url=False), "ok", "pulls", ("cri",)),
    Situation("a redirect to htpasswd, with credentials for it, Talos", redirect_to_htpasswd(in_url=False), "unauthorized", "next", ("talos",)),
    Situation("a redirect to htpasswd, with credentials in it", redirect_to_htpasswd(in_url=True), "ok", "pulls"),
    Situation("nine redirects", hops(9), "ok", "pulls"),
    Situation("ten redirects", hops(10), "bad-redirect", "next"),
    Situation("a redirect loop", redirect_loop, "bad-redirect", "next"),
    Situation("a redirect to ftp", redirect_to_ftp, "bad-redirect", "next"),
    Situation("302 without Location", always(302), "bad-redirect", "stops"),
    Situation("300", always(300), "bad-redirect", "stops"),
    Situation("304", always(304), "bad-redirect", "stops"),
)  # fmt: skip
