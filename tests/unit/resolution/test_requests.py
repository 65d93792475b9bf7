from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from talos_registry.documents import (
    RegistryDocument,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
)
from talos_registry.resolution import request_sequence, resolve

if TYPE_CHECKING:
    from collections.abc import Collection

    from talos_registry.resolution import Plan, Puller, Request

DIGEST = f"sha256:{'a' * 64}"
CACHE, HARBOR, HUB = "10.0.0.1:5000", "h", "registry-1.docker.io"
AT_CACHE = f"http://{CACHE}/v2/library/nginx"
AT_HARBOR = f"https://{HARBOR}/v2/proxy-hub/library/nginx"
AT_HUB = f"https://{HUB}/v2/library/nginx"
NS = "?ns=docker.io"

Waits: TypeAlias = "tuple[list[tuple[str, float]], bool]"

both = pytest.mark.parametrize("puller", ["talos", "cri"])


def hub(*, skip_fallback: bool | None = None) -> RegistryMirrorConfig:
    """The mirror of the first worked prediction."""
    endpoints = (
        RegistryEndpoint(url=f"http://{CACHE}"),
        RegistryEndpoint(url=f"https://{HARBOR}/v2/proxy-hub", override_path=True),
    )
    return RegistryMirrorConfig(name="docker.io", endpoints=endpoints, skip_fallback=skip_fallback)


def plan(puller: Puller, reference: str, *documents: RegistryDocument) -> Plan:
    return resolve(reference, RegistrySet.of(*documents), puller=puller)


def shown(requests: Collection[Request]) -> list[str]:
    return [f"{request.method} {request.url}" for request in requests]


def heads(puller: Puller, reference: str, **outcomes: Collection[str]) -> list[str]:
    found = plan(puller, reference, hub(skip_fallback=True))
    return shown(request_sequence(found, **outcomes, talos_version=None))


@both
def test_the_first_host_has_everything(puller: Puller) -> None:
    requests = request_sequence(plan(puller, "nginx:1", hub()))
    assert [(request.method, request.url, request.purpose) for request in requests] == [
        ("HEAD", f"{AT_CACHE}/manifests/1{NS}", "resolve"),
        ("GET", f"{AT_CACHE}/manifests/<index-digest>{NS}", "index"),
        ("GET", f"{AT_CACHE}/manifests/<platform-manifest-digest>{NS}", "platform-manifest"),
        ("GET", f"{AT_CACHE}/blobs/<config-digest>{NS}", "config"),
        ("GET", f"{AT_CACHE}/blobs/<layer-digest>{NS}", "layers"),
    ]
    assert {(request.attempt, request.host, request.outcome) for request in requests} == {(0, CACHE, "found")}


@both
def test_every_object_starts_at_the_first_host_again(puller: Puller) -> None:
    requests = request_sequence(plan(puller, "nginx:1", hub()), down={CACHE}, missing={HARBOR})
    assert [request.attempt for request in requests] == [0, 1, 2] * 5
    assert [request.outcome for request in requests] == ["refused", "missing", "found"] * 5
    assert shown(requests)[:6] == [
        f"HEAD {AT_CACHE}/manifests/1{NS}",
        f"HEAD {AT_HARBOR}/manifests/1{NS}",
        f"HEAD {AT_HUB}/manifests/1",
        f"GET {AT_CACHE}/manifests/<index-digest>{NS}",
        f"GET {AT_HARBOR}/manifests/<index-digest>{NS}",
        f"GET {AT_HUB}/manifests/<index-digest>",
    ]


@both
def test_a_tag_that_nobody_has_ends_with_the_last_host(puller: Puller) -> None:
    assert heads(puller, "nginx:1", missing={CACHE, HARBOR}) == [
        f"HEAD {AT_CACHE}/manifests/1{NS}",
        f"HEAD {AT_HARBOR}/manifests/1{NS}",
    ]


@both
def test_a_digest_is_known_before_it_is_fetched(puller: Puller) -> None:
    requests = request_sequence(plan(puller, f"nginx@{DIGEST}", hub()))
    assert shown(requests)[:2] == [f"{method} {AT_CACHE}/manifests/{DIGEST}{NS}" for method in ("HEAD", "GET")]


@both
@pytest.mark.parametrize(
    "outcomes", [{"missing": {CACHE, HARBOR}}, {"down": {CACHE, HARBOR}}, {"down": {CACHE}, "missing": {HARBOR}}]
)
def test_a_digest_is_looked_for_among_blobs_next(puller: Puller, outcomes: dict[str, set[str]]) -> None:
    assert heads(puller, f"nginx@{DIGEST}", **outcomes) == [
        f"HEAD {AT_CACHE}/manifests/{DIGEST}{NS}",
        f"HEAD {AT_HARBOR}/manifests/{DIGEST}{NS}",
        f"HEAD {AT_CACHE}/blobs/{DIGEST}{NS}",
        f"HEAD {AT_HARBOR}/blobs/{DIGEST}{NS}",
    ]


@both
def test_a_failing_host_ends_that(puller: Puller) -> None:
    assert heads(puller, f"nginx@{DIGEST}", failing={CACHE}, missing={HARBOR}) == [
        f"HEAD {AT_CACHE}/manifests/{DIGEST}{NS}",
        f"HEAD {AT_HARBOR}/manifests/{DIGEST}{NS}",
    ]


@both
def test_only_the_last_host_is_asked_again_when_it_fails(puller: Puller) -> None:
    assert heads(puller, "nginx:1", failing={CACHE, HARBOR}) == [
        f"HEAD {AT_CACHE}/manifests/1{NS}",
        f"HEAD {AT_HARBOR}/manifests/1{NS}",
        f"HEAD {AT_HARBOR}/manifests/1{NS}",
    ]


@both
def test_a_host_that_is_tried_twice_is_asked_twice(puller: Puller) -> None:
    twice = RegistryMirrorConfig(name="ghcr.io", endpoints=(RegistryEndpoint(url="https://ghcr.io"),))
    requests = request_sequence(plan(puller, "ghcr.io/a/b:1", twice), missing={"ghcr.io"})
    assert shown(requests) == ["HEAD https://ghcr.io/v2/a/b/manifests/1"] * 2
    assert [request.attempt for request in requests] == [0, 1]


@both
@pytest.mark.parametrize(
    ("name", "url", "reference", "first"),
    [
        (
            "*",
            "https://cache:443/oci/",
            f"quay.io/a/b@{DIGEST}",
            f"HEAD https://cache:443/oci/v2/a/b/manifests/{DIGEST}?ns=quay.io",
        ),
        ("reg:5000", "http://reg:5000", "reg:5000/x", "HEAD http://reg:5000/v2/x/manifests/latest"),
    ],
)
def test_worked_predictions(puller: Puller, name: str, url: str, reference: str, first: str) -> None:
    mirror = RegistryMirrorConfig(name=name, endpoints=(RegistryEndpoint(url=url),), skip_fallback=name != "*")
    assert shown(request_sequence(plan(puller, reference, mirror)))[0] == first


@both
def test_the_image_cache_is_asked_first(puller: Puller) -> None:
    found = resolve("registry.k8s.io/pause:3.10", RegistrySet.of().with_image_cache(), puller=puller)
    assert shown(request_sequence(found, missing={"127.0.0.1:3172"}))[:3] == [
        "HEAD http://127.0.0.1:3172/v2/pause/manifests/3.10?ns=registry.k8s.io",
        "HEAD https://registry.k8s.io/v2/pause/manifests/3.10",
        "GET http://127.0.0.1:3172/v2/pause/manifests/<index-digest>?ns=registry.k8s.io",
    ]


def test_hosts_that_may_not_resolve_are_asked_for_content_only() -> None:
    found = plan("cri", "nginx:1", hub())
    first = found.attempts[0]
    pull_only = first._replace(tried=first.tried._replace(capabilities=frozenset({"pull"})))
    requests = request_sequence(found._replace(attempts=(pull_only, *found.attempts[1:])))
    assert [request.attempt for request in requests] == [1, 0, 0, 0, 0]


def waits(
    puller: Puller, *documents: RegistryDocument, version: str | None = None, **outcomes: Collection[str]
) -> Waits:
    """Host and seconds of every request for a tag that is not answered, and whether the pull succeeds."""
    found = resolve("nginx:1", RegistrySet.of(*documents), puller=puller, talos_version=version)
    requests = request_sequence(found, **outcomes, talos_version=version)
    assert [request.seconds is None for request in requests] == [request.outcome != "silent" for request in requests]
    silences = [(request.host, request.seconds) for request in requests if request.seconds is not None]
    return silences, requests[-1].outcome == "found"


def mirror(*urls: str) -> RegistryMirrorConfig:
    endpoints = tuple(RegistryEndpoint(url=url) for url in urls)
    return RegistryMirrorConfig(name="docker.io", endpoints=endpoints, skip_fallback=True)


@pytest.mark.parametrize(("puller", "seconds"), [("talos", 90.0), ("cri", 30.0)])
def test_each_object_waits_for_a_silent_host(puller: Puller, seconds: float) -> None:
    assert waits(puller, hub(), silent={CACHE}) == ([(CACHE, seconds)] * 5, True)


@both
@pytest.mark.parametrize("version", ["1.13", "1.14"])
def test_with_https_only_the_handshake_is_waited_for(puller: Puller, version: str) -> None:
    assert waits(puller, hub(), silent={HARBOR}, missing={CACHE}, version=version) == ([(HARBOR, 10.0)] * 5, True)


@both
def test_the_last_host_is_asked_again_when_it_is_silent(puller: Puller) -> None:
    expected = [(HARBOR, 10.05)] * 4 + [(HARBOR, 10.0)]
    assert waits(puller, hub(skip_fallback=True), silent={HARBOR}, down={CACHE}) == (expected, False)


@both
def test_not_so_before_1_14(puller: Puller) -> None:
    expected = [(HARBOR, 10.0)]
    assert waits(puller, hub(skip_fallback=True), silent={HARBOR}, down={CACHE}, version="1.13.9") == (expected, False)


@pytest.mark.parametrize(("puller", "seconds"), [("talos", 1200.0), ("cri", 300.0)])
@pytest.mark.parametrize("version", ["1.12", "1.13.9"])
def test_before_1_14_a_pull_does_not_leave_a_silent_host(puller: Puller, seconds: float, version: str) -> None:
    assert waits(puller, hub(), silent={CACHE}, version=version) == ([(CACHE, seconds)], False)


def test_a_host_that_is_asked_in_http_next_is_waited_for_in_both_once_in_each_phase() -> None:
    tls = RegistryTLSConfig(name=CACHE, insecure_skip_verify=True)
    expected = [(CACHE, seconds) for seconds in (40.0, 40.0, 30.0, 30.0, 30.0)]
    assert waits("cri", hub(), tls, silent={CACHE}) == (expected, True)
    assert waits("cri", mirror(f"http://{CACHE}"), tls, silent={CACHE}) == (
        [(CACHE, seconds) for seconds in (40.05, 30.05, 30.05, 30.05, 30.0)],
        False,
    )


@both
def test_a_digest_is_looked_for_among_blobs_of_silent_hosts_too(puller: Puller) -> None:
    requests = request_sequence(plan(puller, f"nginx@{DIGEST}", mirror("https://a", "https://b")), silent={"a", "b"})
    assert [(request.host, "/blobs/" in request.url) for request in requests] == [
        (host, is_blob) for is_blob in (False, True) for host in "abbbbb"
    ]


def test_containerd_cancels_a_pull_when_no_content_comes_for_five_minutes() -> None:
    found = mirror(*(f"http://m{number}" for number in range(7)))
    silences, succeeds = waits("cri", found, silent={f"m{number}" for number in range(6)})
    assert ([seconds for _, seconds in silences], succeeds) == ([30.0] * 10, False)
    assert silences[-1][0] == "m3"
    assert waits("cri", found, silent={f"m{number}" for number in range(4)})[1]


def test_talos_cancels_a_pull_after_twenty_minutes() -> None:
    silences, succeeds = waits("talos", mirror("http://a", "http://b", "http://c", "http://d"), silent={"a", "b", "c"})
    assert (sum(seconds for _, seconds in silences), succeeds) == (1200.0, False)
    assert silences[-1] == ("b", 30.0)


def test_a_host_that_is_down_too_is_not_waited_for() -> None:
    assert waits("cri", hub(), silent={CACHE}, down={CACHE}) == ([], True)
    assert waits("cri", hub(), silent={CACHE}, missing={CACHE}, failing={CACHE})[0] == [(CACHE, 30.0)] * 5


@pytest.mark.parametrize("reference", ["nginx:1", f"nginx@{DIGEST}"])
def test_no_host_is_no_request(reference: str) -> None:
    nobody = RegistryMirrorConfig(name="docker.io", endpoints=(), skip_fallback=True)
    assert request_sequence(plan("talos", reference, nobody)) == ()


@both
def test_a_question_mark_in_a_path_is_where_it_was(puller: Puller) -> None:
    endpoint = RegistryEndpoint(url="https://h.example/%3F")
    mirror = RegistryMirrorConfig(name="h.example", endpoints=(endpoint,), skip_fallback=True)
    requests = request_sequence(plan(puller, f"h.example/x@{DIGEST}", mirror), missing={"h.example"})
    assert shown(requests) == [f"HEAD https://h.example/?/v2/x/{place}/{DIGEST}" for place in ("manifests", "blobs")]
