from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from talos_registry.documents import RegistryDocument, RegistryEndpoint, RegistryMirrorConfig, RegistrySet
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
    return shown(request_sequence(plan(puller, reference, hub(skip_fallback=True)), **outcomes))


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
