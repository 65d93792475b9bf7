"""Proxies set up by what ``cache registry`` writes, in real registries: nodes with its documents pull through them."""

from __future__ import annotations

import http.client
import json
import ssl
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias
from urllib.parse import urlsplit

import pytest

from talos_registry.caches import RegistryCache
from talos_registry.documents import RegistryMirrorConfig, emit
from tests.e2e.containers import Proxy, composed, said_to_docker
from tests.e2e.processes import wait_until
from tests.e2e.scenario import REPOSITORY
from tests.e2e.servers import HTPASSWD, PASSWORD, USERNAME, Asked, Registry, TokenAuth, free_host, passed_on
from tests.e2e.tokens import Account, Signer, TokenServer
from tests.servers import Request, Response, Web

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from talos_registry.resolution import Puller
    from tests.e2e.image import Image
    from tests.e2e.scenario import Scenario

    ImageName: TypeAlias = Literal["registry:2", "registry:3"]

pytestmark = pytest.mark.e2e
images = pytest.mark.parametrize("name", ["registry:2", "registry:3"])
PULLERS: tuple[Puller, ...] = ("talos", "cri")
HOST, UPSTREAM, ADDRESS = "registry.test", "127.0.0.2", "127.0.0.3"
HELLO, ABSENT = f"{HOST}/{REPOSITORY}:1.0", f"{HOST}/{REPOSITORY}:2.0"
HOUR, WEEK = timedelta(hours=1), timedelta(days=7)
ACCOUNT = Account(USERNAME, PASSWORD, "")
# What proxies call themselves, and what they ask an upstream for an image they have.
PROXY = "Go-http-client"
RESOLVED = {Asked("GET", "/v2/", 200), Asked("HEAD", f"/v2/{REPOSITORY}/manifests/1.0", 200)}


class Site:
    """A machine for the proxy of one registry host, and a registry with the images of that host, which can be stopped."""

    def __init__(self, scenario: Scenario, directory: Path, storage: Path) -> None:
        self.scenario = scenario
        self.directory = directory
        directory.mkdir(exist_ok=True)
        self.upstream = Registry(directory, free_host(UPSTREAM), storage=storage)

    def described(
        self, upstream: str = "", form: Literal["run", "compose"] = "compose", **settings: Any
    ) -> RegistryCache:
        hosts = (f"{HOST}={upstream or self.upstream.url}",)
        port = int(free_host(ADDRESS).rpartition(":")[2])
        return RegistryCache(hosts=hosts, address=ADDRESS, port=port, form=form, **settings)

    def set_up(self, cache: RegistryCache, **variables: str) -> Proxy:
        """The proxy as the generated file says, not started."""
        file = self.directory / cache.setup_file
        file.write_text(cache.setup, encoding="utf-8")
        read = said_to_docker(file, **variables) if cache.form == "run" else composed(file, self._compose, **variables)
        (container,) = read
        proxy = Proxy(container, ADDRESS, self.scenario.components, self.directory)
        self.scenario.servers.append(proxy)
        return proxy

    def file(self, name: str, content: str) -> str:
        path = self.directory / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    @contextmanager
    def serving(self, proxy: Proxy) -> Iterator[Callable[[], None]]:
        """The upstream and the proxy, and what stops the upstream alone."""
        with ExitStack() as stack, ExitStack() as upstream:
            upstream.enter_context(self.upstream.serving(self.scenario.components.docker_registry))
            stack.enter_context(proxy.serving())
            yield upstream.close

    @property
    def _compose(self) -> Path:
        return self.scenario.components.docker_compose


@pytest.fixture
def site(scenario: Scenario, tmp_path: Path, storage: Path) -> Site:
    return Site(scenario, tmp_path, storage)


@images
@pytest.mark.parametrize("order", [PULLERS, PULLERS[::-1]], ids="-".join)
def test_an_image_is_fetched_once_and_its_tag_is_asked_of_the_upstream_each_time(
    site: Site, image: Image, name: ImageName, order: tuple[Puller, ...]
) -> None:
    cache = site.described(image=name)
    proxy = site.set_up(cache)
    with site.serving(proxy):
        first, second = order
        site.scenario.prove(first, HELLO, documents(cache), image)
        assert fetched(site.upstream.asked(PROXY)) == everything(image)
        proxy.wait_for(image)
        before = len(site.upstream.asked(PROXY))
        site.scenario.prove(second, HELLO, documents(cache), image)
        assert set(site.upstream.asked(PROXY)[before:]) == RESOLVED
        assert status(f"http://{proxy.host}/v2/{REPOSITORY}/blobs/uploads/", "POST") == 405
        assert status(proxy.container.health.replace("127.0.0.1:5000", proxy.host)) == 200


@images
@pytest.mark.parametrize("with_login", [False, True])
def test_nodes_verify_a_proxy_by_its_ca_and_log_in(site: Site, image: Image, name: ImageName, with_login: bool) -> None:
    pair, ca = site.scenario.authority.issue(ADDRESS), site.scenario.authority.pem
    tls = (site.file("the cache's $.crt", pair.cert), site.file('the "key".pem', pair.key))
    login: dict[str, Any] = {"htpasswd": site.file("htpasswd", HTPASSWD), "username": USERNAME} if with_login else {}
    cache = site.described(image=name, tls=tls, ca=ca, **login)
    proxy = site.set_up(cache)
    with site.serving(proxy):
        for puller in PULLERS:
            challenging = {proxy.host} if with_login else ()
            site.scenario.prove(puller, HELLO, documents(cache), image, challenging=challenging)
        assert fetched(site.upstream.asked(PROXY)) == everything(image)
        assert status(f"https://{proxy.host}/v2/", ca=ca) == (401 if with_login else 200)
        assert status(proxy.container.health.replace("127.0.0.1:5000", proxy.host), ca=ca) == 200


@images
def test_while_the_upstream_is_down_what_is_cached_is_pulled_and_what_is_not_is_asked_elsewhere(
    site: Site, image: Image, name: ImageName
) -> None:
    cache = site.described(image=name)
    proxy, alone = site.set_up(cache), without_fallback(cache)
    with site.serving(proxy) as stop_upstream:
        site.scenario.prove("talos", HELLO, documents(cache), image)
        proxy.wait_for(image)
        stop_upstream()
        for puller in PULLERS:
            site.scenario.prove(puller, HELLO, alone, image)
            stopped = site.scenario.prove(puller, ABSENT, alone, image, missing={proxy.host})
            assert "not found" in stopped.error
            site.scenario.prove(puller, ABSENT, documents(cache), image, missing={proxy.host}, down={HOST})


@images
def test_a_proxy_stops_while_its_upstream_is_down_and_keeps_its_images(
    site: Site, image: Image, name: ImageName
) -> None:
    cache = site.described(image=name)
    proxy = site.set_up(cache)
    assert proxy.container.restart == "always"
    with site.serving(proxy):
        site.scenario.prove("talos", HELLO, documents(cache), image)
        proxy.wait_for(image)
    assert f"dial tcp {site.upstream.host}: connect: connection refused" in proxy.started_in_vain()
    with site.serving(proxy):
        site.scenario.prove("cri", HELLO, documents(cache), image)
        assert set(site.upstream.asked(PROXY)) == RESOLVED


def test_registry_3_deletes_what_it_fetched_after_its_time_though_it_is_pulled(site: Site, image: Image) -> None:
    cache = site.described(image="registry:3", ttl="2s")
    proxy = site.set_up(cache)
    (layer,) = image.layers
    again = Asked("GET", f"/v2/{REPOSITORY}/blobs/{layer}", 200)
    with site.serving(proxy) as stop_upstream:
        site.scenario.prove("talos", HELLO, documents(cache), image)
        assert site.upstream.asked(PROXY).count(again) == 1
        wait_until(
            lambda: status(f"http://{proxy.host}{again.target}") == 200 and site.upstream.asked(PROXY).count(again) > 1,
            "a layer that is pulled all the time to be fetched again",
        )
        site.scenario.prove("cri", HELLO, documents(cache), image)
        stop_upstream()
        wait_until(lambda: not proxy.stored(), "everything to be deleted")
        assert status(f"http://{proxy.host}/v2/{REPOSITORY}/manifests/1.0") == 500


def test_registry_2_deletes_what_it_fetched_after_a_week_where_it_is_told_to(
    scenario: Scenario, image: Image, tmp_path: Path, storage: Path
) -> None:
    told, untold = (Site(scenario, tmp_path / form, storage) for form in ("compose", "run"))
    caches = [told.described(form="compose"), untold.described(form="run")]
    with_delete, without = told.set_up(caches[0]), untold.set_up(caches[1])
    with told.serving(with_delete), untold.serving(without):
        for cache in caches:
            scenario.prove("talos", HELLO, documents(cache), image)
        for proxy in (with_delete, without):
            wait_until(partial(has_written_down, proxy, 4), "it to be written down when four objects will be deleted")
    for proxy in (with_delete, without):
        assert all(WEEK - HOUR < until - datetime.now(UTC) < WEEK for until in scheduled(proxy))
        let_a_week_pass(proxy)
    with told.serving(with_delete), untold.serving(without):
        # Of manifests it deletes the links alone.
        left = {image.top, image.manifest}
        wait_until(lambda: not with_delete.stored() and with_delete.on_disk() == left, "everything to be deleted")
        wait_until(lambda: without.said("Scheduler error returned from OnExpire") == 4, "it to try to delete")
        without.wait_for(image)


@pytest.mark.parametrize(
    ("name", "wants", "gets_in"),
    [
        ("registry:2", "tokens of another host", True),
        ("registry:3", "tokens of another host", False),
        ("registry:2", "tokens of its own", True),
        ("registry:3", "tokens of its own", True),
        ("registry:2", "a password", False),
        ("registry:3", "a password", True),
    ],
)
def test_a_proxy_logs_in_upstream(
    site: Site, image: Image, storage: Path, name: ImageName, wants: str, gets_in: bool
) -> None:
    with guarded(site.scenario, storage, wants) as upstream:
        cache = site.described(upstream, image=name, upstream_usernames=[f"{HOST}={USERNAME}"])
        proxy = site.set_up(cache, REGISTRY_TEST_PASSWORD=PASSWORD)
        with proxy.serving():
            for puller in PULLERS:
                missing = () if gets_in else {proxy.host}
                site.scenario.prove(puller, HELLO, without_fallback(cache), image, missing=missing)


@contextmanager
def guarded(scenario: Scenario, storage: Path, wants: str) -> Iterator[str]:
    """The URL of a registry that gives images to one account alone."""
    if wants == "a password":
        yield scenario.registry(UPSTREAM, storage=storage, with_password=True).url
        return
    signer = Signer()
    tokens = TokenServer(signer, ACCOUNT)
    own = f"http://{free_host(UPSTREAM)}"
    realm = tokens.realm if wants == "tokens of another host" else f"{own}/token"
    registry = scenario.registry(UPSTREAM, storage=storage, tokens=TokenAuth(realm, signer.pem))

    def answer(request: Request) -> Response:
        return tokens.answer(request) if request.target.startswith("/token") else passed_on(request, registry.host)

    front = Web(own.removeprefix("http://"), answer)
    # What a proxy asks of these is no business of the pull.
    with tokens.serving(), front.serving():
        yield front.url


def documents(cache: RegistryCache) -> str:
    """The generated documents, with the password put in where they say so."""
    return cache.files["talos.yaml"].replace("${REGISTRY_PASSWORD}", PASSWORD)


def without_fallback(cache: RegistryCache) -> str:
    mirrors = [one for one in cache.documents if isinstance(one, RegistryMirrorConfig)]
    return emit(one.model_copy(update={"skip_fallback": True}) for one in mirrors)


def fetched(asked: list[Asked]) -> set[str]:
    return {target for method, target, _ in asked if method == "GET" and target != "/v2/"}


def everything(image: Image) -> set[str]:
    blobs = {f"blobs/{digest}" for digest in (image.config, *image.layers)}
    return {f"/v2/{REPOSITORY}/{one}" for one in blobs | {"manifests/1.0", f"manifests/{image.manifest}"}}


def status(url: str, method: str = "GET", ca: str = "") -> int:
    """What a request is answered with."""
    parts = urlsplit(url)
    connection = (
        http.client.HTTPSConnection(parts.netloc, context=ssl.create_default_context(cadata=ca))
        if ca
        else http.client.HTTPConnection(parts.netloc)
    )
    try:
        connection.request(method, parts.path)
        return connection.getresponse().status
    finally:
        connection.close()


def scheduled(proxy: Proxy) -> list[datetime]:
    """When a proxy will delete each object, as far as it has been written down."""
    state = proxy.storage / "scheduler-state.json"
    entries = json.loads(state.read_bytes()) if state.exists() else {}
    return [datetime.fromisoformat(entry["ExpiryData"]) for entry in entries.values()]


def has_written_down(proxy: Proxy, count: int) -> bool:
    return len(scheduled(proxy)) == count


def let_a_week_pass(proxy: Proxy) -> None:
    """In what a proxy has written down."""
    state = proxy.storage / "scheduler-state.json"
    entries = json.loads(state.read_bytes())
    for entry in entries.values():
        entry["ExpiryData"] = (datetime.fromisoformat(entry["ExpiryData"]) - WEEK).isoformat()
    state.write_text(json.dumps(entries), encoding="utf-8")
