"""Pulls by both pullers ask exactly what we predict."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from talos_registry import parse
from talos_registry.resolution import Puller, resolve
from tests.e2e.documents import auth, identity, mirror, no_verification, trust
from tests.e2e.image import make_image
from tests.e2e.scenario import REPOSITORY, TOLERANCE
from tests.e2e.servers import PASSWORD, USERNAME, Asked, free_host

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.e2e.image import Image
    from tests.e2e.node import Pull
    from tests.e2e.scenario import Scenario

pytestmark = pytest.mark.e2e
both = pytest.mark.parametrize("puller", ["talos", "cri"])
HELLO = f"docker.io/{REPOSITORY}:1.0"
HUB = "registry-1.docker.io"


@both
def test_the_first_mirror_has_it(scenario: Scenario, image: Image, puller: Puller) -> None:
    first, second = scenario.registry("127.0.0.2", image), scenario.registry("127.0.0.3", image)
    scenario.prove(puller, HELLO, mirror("docker.io", first.url, second.url), image)
    assert second.asked() == []


@both
def test_each_object_is_asked_of_every_host_again(scenario: Scenario, image: Image, puller: Puller) -> None:
    down, empty, full = free_host("127.0.0.2"), scenario.registry("127.0.0.3"), scenario.registry("127.0.0.4", image)
    config = mirror("docker.io", f"http://{down}", empty.url, full.url)
    scenario.prove(puller, HELLO, config, image, down={down}, missing={empty.host})


@both
def test_a_digest_is_asked_for_as_a_manifest(scenario: Scenario, image: Image, puller: Puller) -> None:
    empty, full = scenario.registry("127.0.0.2"), scenario.registry("127.0.0.3", image)
    config = mirror("docker.io", empty.url, full.url)
    scenario.prove(puller, f"docker.io/{REPOSITORY}@{image.top}", config, image, missing={empty.host})


@both
def test_a_digest_that_nobody_has_is_asked_for_as_a_blob_too(scenario: Scenario, image: Image, puller: Puller) -> None:
    down, empty = free_host("127.0.0.2"), scenario.registry("127.0.0.3")
    config = mirror("docker.io", f"http://{down}", empty.url, skip_fallback=True)
    reference = f"docker.io/{REPOSITORY}@{image.top}"
    pull = scenario.prove(puller, reference, config, image, down={down}, missing={empty.host})
    assert len(pull.sent) == 4
    assert "not found" in pull.error


@both
def test_a_digest_is_asked_for_as_a_blob_even_when_all_hosts_are_down(
    scenario: Scenario, image: Image, puller: Puller
) -> None:
    down = free_host("127.0.0.2")
    config = mirror("docker.io", f"http://{down}", skip_fallback=True)
    pull = scenario.prove(puller, f"docker.io/{REPOSITORY}@{image.top}", config, image, down={down})
    assert "connection refused" in pull.error


@both
def test_skip_fallback_stops_at_the_mirrors(scenario: Scenario, image: Image, puller: Puller) -> None:
    empty, upstream = scenario.registry("127.0.0.2"), scenario.registry("127.0.0.3", image, tls=True)
    config = mirror(upstream.host, empty.url, skip_fallback=True) + trust(upstream.host, scenario.authority.pem)
    pull = scenario.prove(puller, f"{upstream.host}/{REPOSITORY}:1.0", config, image, missing={empty.host})
    assert upstream.asked() == []
    assert "not found" in pull.error


@both
def test_without_it_upstream_is_asked_last_and_without_ns(scenario: Scenario, image: Image, puller: Puller) -> None:
    empty, upstream = scenario.registry("127.0.0.2"), scenario.registry("127.0.0.3", image, tls=True)
    config = mirror(upstream.host, empty.url) + trust(upstream.host, scenario.authority.pem)
    scenario.prove(puller, f"{upstream.host}/{REPOSITORY}:1.0", config, image, missing={empty.host})
    assert upstream.asked()[0] == Asked("HEAD", f"/v2/{REPOSITORY}/manifests/1.0", 200)


@both
def test_upstream_of_docker_io_is_registry_1(scenario: Scenario, image: Image, puller: Puller) -> None:
    empty = scenario.registry("127.0.0.2")
    config = mirror("docker.io", empty.url)
    pull = scenario.prove(puller, HELLO, config, image, missing={empty.host}, down={HUB})
    assert pull.sent[-1].url == f"https://{HUB}/v2/{REPOSITORY}/manifests/1.0"


@both
def test_the_catch_all_is_told_which_registry_is_meant(scenario: Scenario, image: Image, puller: Puller) -> None:
    cache = scenario.registry("127.0.0.2", image)
    scenario.prove(puller, f"quay.example:8443/{REPOSITORY}:1.0", mirror("*", cache.url), image)
    assert cache.asked()[0].target.endswith("?ns=quay.example%3A8443")


def test_a_tls_document_hides_the_catch_all_from_containerd_alone(scenario: Scenario, image: Image) -> None:
    cache = scenario.registry("127.0.0.2", image)
    config = mirror("*", cache.url) + no_verification("quay.example")
    reference = f"quay.example/{REPOSITORY}:1.0"
    scenario.prove("talos", reference, config, image)
    before = len(cache.asked())
    scenario.prove("cri", reference, config, image, down={"quay.example"})
    assert len(cache.asked()) == before


@both
@pytest.mark.parametrize(("layers", "indexed"), [(3, True), (1, False)])
def test_other_images(scenario: Scenario, puller: Puller, tmp_path: Path, layers: int, indexed: bool) -> None:
    other = make_image(tmp_path, layers=layers, indexed=indexed)
    empty, full = scenario.registry("127.0.0.2"), scenario.registry("127.0.0.3", other)
    scenario.prove(puller, HELLO, mirror("docker.io", empty.url, full.url), other, missing={empty.host})


@both
def test_a_second_pull_only_resolves(scenario: Scenario, image: Image, puller: Puller) -> None:
    full = scenario.registry("127.0.0.2", image)
    config = mirror("docker.io", full.url)
    plan, node = resolve(HELLO, parse(config).registries, puller=puller), scenario.node(config)
    assert len(node.pull(plan, HELLO).sent) == 5
    assert node.pull(plan, HELLO).sent == [("HEAD", f"{full.url}/v2/{REPOSITORY}/manifests/1.0?ns=docker.io")]


@both
def test_only_the_last_host_is_asked_again_when_it_fails(scenario: Scenario, image: Image, puller: Puller) -> None:
    first, last = scenario.front("127.0.0.2", status=503), scenario.front("127.0.0.3", status=503)
    config = mirror("docker.io", f"http://{first.host}", f"http://{last.host}", skip_fallback=True)
    pull = scenario.prove(puller, HELLO, config, image, failing={first.host, last.host})
    assert "503 Service Unavailable" in pull.error


@both
def test_a_failing_host_before_one_that_has_it(scenario: Scenario, image: Image, puller: Puller) -> None:
    failing, full = scenario.front("127.0.0.2", status=503), scenario.registry("127.0.0.3", image)
    config = mirror("docker.io", f"http://{failing.host}", full.url)
    scenario.prove(puller, HELLO, config, image, failing={failing.host})


@both
def test_a_failing_host_ends_the_search_for_a_digest(scenario: Scenario, image: Image, puller: Puller) -> None:
    failing, empty = scenario.front("127.0.0.2", status=503), scenario.registry("127.0.0.3")
    config = mirror("docker.io", f"http://{failing.host}", empty.url, skip_fallback=True)
    reference = f"docker.io/{REPOSITORY}@{image.top}"
    scenario.prove(puller, reference, config, image, failing={failing.host}, missing={empty.host})


@both
def test_harbor_is_asked_below_its_project(scenario: Scenario, image: Image, puller: Puller) -> None:
    behind = scenario.registry("127.0.0.2", image)
    harbor = scenario.front("127.0.0.3", registry=behind.host, prefix="/v2/proxy-docker.io")
    config = mirror("docker.io", f"http://{harbor.host}/v2/proxy-docker.io", override_path=True, skip_fallback=True)
    scenario.prove(puller, HELLO, config, image)
    assert harbor.asked()[0].target == f"/v2/proxy-docker.io/{REPOSITORY}/manifests/1.0?ns=docker.io"


@both
def test_harbor_is_missed_without_override_path(scenario: Scenario, image: Image, puller: Puller) -> None:
    behind = scenario.registry("127.0.0.2", image)
    harbor = scenario.front("127.0.0.3", registry=behind.host, prefix="/v2/proxy-docker.io")
    config = mirror("docker.io", f"http://{harbor.host}/v2/proxy-docker.io", skip_fallback=True)
    scenario.prove(puller, HELLO, config, image, missing={harbor.host})
    assert harbor.asked()[0].target == f"/v2/proxy-docker.io/v2/{REPOSITORY}/manifests/1.0?ns=docker.io"


@both
def test_the_cache_pulls_through_once(scenario: Scenario, image: Image, puller: Puller) -> None:
    upstream = scenario.registry("127.0.0.2", image)
    cache = scenario.registry("127.0.0.3", upstream=upstream.url)
    config = mirror("docker.io", cache.url, skip_fallback=True)
    scenario.prove(puller, HELLO, config, image)
    blobs = blobs_asked(upstream.asked)
    assert blobs >= {image.config, *image.layers}
    before = len(upstream.asked("Go-http-client"))
    scenario.prove(puller, HELLO, config, image)
    again = upstream.asked("Go-http-client")[before:]
    assert again
    assert not blobs_asked(lambda _: again)


def blobs_asked(asked: Callable[[str], list[Asked]]) -> set[str]:
    return {one.target.rpartition("/blobs/")[2] for one in asked("Go-http-client") if "/blobs/" in one.target}


@both
def test_credentials_follow_a_challenge_in_each_phase(scenario: Scenario, image: Image, puller: Puller) -> None:
    private = scenario.registry("127.0.0.2", image, with_password=True)
    config = mirror("docker.io", private.url) + auth(private.host, USERNAME, PASSWORD)
    scenario.prove(puller, HELLO, config, image, challenging={private.host})


@both
def test_wrong_credentials_are_tried_four_times(scenario: Scenario, image: Image, puller: Puller) -> None:
    private = scenario.registry("127.0.0.2", image, with_password=True)
    config = mirror("docker.io", private.url, skip_fallback=True) + auth(private.host, USERNAME, "wrong")
    plan = resolve(HELLO, parse(config).registries, puller=puller)
    pull = scenario.node(config).pull(plan, HELLO)
    assert pull.sent == [("HEAD", plan.attempts[0].manifest_url)] * 5
    assert "401 Unauthorized" in pull.error


@both
def test_a_private_ca_is_trusted(scenario: Scenario, image: Image, puller: Puller) -> None:
    secure = scenario.registry("127.0.0.2", image, tls=True)
    config = mirror("docker.io", secure.url) + trust(secure.host, scenario.authority.pem)
    scenario.prove(puller, HELLO, config, image)


@both
def test_without_its_document_it_is_not(scenario: Scenario, image: Image, puller: Puller) -> None:
    secure = scenario.registry("127.0.0.2", image, tls=True)
    config = mirror("docker.io", secure.url, skip_fallback=True)
    plan = resolve(HELLO, parse(config).registries, puller=puller)
    pull = scenario.node(config).pull(plan, HELLO)
    assert "certificate signed by unknown authority" in pull.error
    assert secure.asked() == []


@both
@pytest.mark.parametrize("with_identity", [True, False])
def test_a_client_certificate_is_shown(scenario: Scenario, image: Image, puller: Puller, with_identity: bool) -> None:
    seeded = scenario.registry("127.0.0.2", image)
    ca = scenario.authority.pem
    strict = scenario.registry("127.0.0.3", tls=True, client_ca=ca, storage=seeded.storage)
    config = mirror("docker.io", strict.url, skip_fallback=True) + trust(strict.host, ca)
    config += identity(scenario.authority.issue("127.0.0.9")) if with_identity else ""
    scenario.prove(puller, HELLO, config, image, down=() if with_identity else {strict.host})


@pytest.mark.parametrize("tls", [True, False])
def test_https_comes_first_where_an_http_endpoint_has_a_tls_document(
    scenario: Scenario, image: Image, tls: bool
) -> None:
    either = scenario.registry("127.0.0.2", image, tls=tls)
    config = mirror("docker.io", f"http://{either.host}", skip_fallback=True) + no_verification(either.host)
    pull = scenario.prove("cri", HELLO, config, image)
    assert all(one.url.startswith("https://") for one in pull.sent)
    plan = resolve(HELLO, parse(config).registries, puller="talos")
    assert plan.error == f'TLS config specified for non-HTTPS registry: "{either.host}"'


def test_https_comes_first_at_a_loopback_upstream(scenario: Scenario, image: Image) -> None:
    plain = scenario.registry("127.0.0.2", image)
    scenario.prove("cri", f"{plain.host}/{REPOSITORY}:1.0", "", image)


def test_silent_hosts_are_waited_for(scenarios: Callable[[], Scenario], image: Image) -> None:
    """With the real time-outs. The pulls wait side by side, so that all take as long as the longest, 90 s."""
    pulls: list[tuple[Puller, Callable[[Scenario, Image], Callable[[Puller], Pull]]]] = [
        ("talos", before_an_empty_registry),
        ("cri", before_an_empty_registry),
        ("cri", in_http_after_https),
        ("talos", before_a_full_registry),
        ("cri", before_a_full_registry),
        ("talos", at_the_end),
        ("cri", at_the_end),
    ]
    prepared = [(puller, case(scenarios(), image)) for puller, case in pulls]
    with ThreadPoolExecutor(len(prepared)) as pool:
        done = [pool.submit(prove, puller) for puller, prove in prepared]
        longest = [max(pull.result().seconds) for pull in done]
    # Every wait has been compared with what we predict; this says what that is.
    assert longest == pytest.approx([90, 30, 40, 10, 10, 10, 10], abs=TOLERANCE)


def before_an_empty_registry(scenario: Scenario, image: Image) -> Callable[[Puller], Pull]:
    """So that the image is not fetched, and its objects not waited for."""
    silent, empty = scenario.silent("127.0.0.2"), scenario.registry("127.0.0.3")
    config = mirror("docker.io", f"http://{silent.host}", empty.url, skip_fallback=True)
    return lambda puller: scenario.prove(puller, HELLO, config, image, silent={silent.host}, missing={empty.host})


def in_http_after_https(scenario: Scenario, image: Image) -> Callable[[Puller], Pull]:
    silent, empty = scenario.silent("127.0.0.2"), scenario.registry("127.0.0.3")
    config = mirror("docker.io", f"http://{silent.host}", empty.url, skip_fallback=True)
    config += no_verification(silent.host)
    return lambda puller: scenario.prove(puller, HELLO, config, image, silent={silent.host}, missing={empty.host})


def before_a_full_registry(scenario: Scenario, image: Image) -> Callable[[Puller], Pull]:
    """Each object is waited for, but for the TLS handshake alone."""
    silent, full = scenario.silent("127.0.0.2"), scenario.registry("127.0.0.3", image)
    config = mirror("docker.io", f"https://{silent.host}", full.url)
    return lambda puller: scenario.prove(puller, HELLO, config, image, silent={silent.host})


def at_the_end(scenario: Scenario, image: Image) -> Callable[[Puller], Pull]:
    """The last host is asked again and again."""
    silent = scenario.silent("127.0.0.2")
    config = mirror("docker.io", f"https://{silent.host}", skip_fallback=True)
    return lambda puller: scenario.prove(puller, HELLO, config, image, silent={silent.host})


def test_ctr_goes_by_the_same_hosts_directory(scenario: Scenario, image: Image) -> None:
    empty, full = scenario.registry("127.0.0.2"), scenario.registry("127.0.0.3", image)
    config = mirror("docker.io", empty.url, full.url)
    by_ctr = scenario.node(config).fetch_with_ctr(HELLO)
    by_cri = scenario.prove("cri", HELLO, config, image, missing={empty.host})
    assert sorted(by_ctr.sent) == sorted(by_cri.sent)
