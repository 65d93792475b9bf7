from __future__ import annotations

import pytest

from talos_registry.linting.hostnames import (
    NearHosts,
    is_docker_config_key,
    is_docker_hub,
    is_docker_site,
    is_loopback,
    is_public,
    without_url,
)


@pytest.mark.parametrize(
    ("name", "hosts", "nearest"),
    [
        ("cache.example", ["cache.example:5000"], "cache.example:5000"),
        ("cache.example:443", ["cache.example"], "cache.example"),
        ("Cache.example", ["cache.example"], "cache.example"),
        ("https://cache.example/v2", ["cache.example"], "cache.example"),
        ("gitlab.example", ["registry.gitlab.example:5050"], "registry.gitlab.example:5050"),
        ("www.cache.example", ["cache.example"], "cache.example"),
        ("harbor.example.com", ["cache.example.com"], None),
        ("com", ["cache.example.com"], None),
        ("cache:5000", ["cache.example.com:5000"], "cache.example.com:5000"),
        ("registry:5000", ["registry.k8s.io"], None),
        ("10", ["10.0.0.1"], None),
        ("10.0.0.1", ["10.0.0.1:5000"], "10.0.0.1:5000"),
        ("0.0.1", ["10.0.0.1"], None),
        ("[::1]:5000", ["[::1]:5001"], "[::1]:5001"),
        ("ghcr.io", [], None),
        ("gcr.io", ["mirror.gcr.io"], None),
        ("gcr.io", ["gcr.io:443"], "gcr.io:443"),
        ("k8s.io", ["registry.k8s.io"], "registry.k8s.io"),
    ],
)
def test_a_name_is_near_a_host_that_differs_by_port_case_scheme_or_a_label_in_front(
    name: str, hosts: list[str], nearest: str | None
) -> None:
    assert NearHosts(hosts).nearest(name) == nearest


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST:5000", True),
        ("127.0.0.1:80", True),
        ("127.1.2.3", True),
        ("[::1]:5000", True),
        ("localhost.example", False),
        ("128.0.0.1", False),
    ],
)
def test_the_loopback_host_has_many_names(host: str, expected: bool) -> None:
    assert is_loopback(host) is expected


@pytest.mark.parametrize(
    ("name", "host"),
    [("https://a.b:1/v2/x", "a.b:1"), ("http://u:p@a.b", "a.b"), ("a.b/c", "a.b"), ("a.b", "a.b"), ("//a.b", "a.b")],
)
def test_what_only_urls_have_is_taken_off_a_name(name: str, host: str) -> None:
    assert without_url(name) == host


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("https://index.docker.io/v1/", True),
        ("index.docker.io/v1/", True),
        ("https://ghcr.io/v2/", True),
        ("https://ghcr.io/v2", False),
        ("index.docker.io/v2", True),
        ("https://ghcr.io", False),
        ("ghcr.io/siderolabs", False),
    ],
)
def test_keys_of_docker_config_files_are_recognised(name: str, expected: bool) -> None:
    assert is_docker_config_key(name) is expected


@pytest.mark.parametrize(
    ("host", "is_hub", "is_site"),
    [
        ("docker.io", True, True),
        ("Hub.Docker.com:443", True, True),
        ("registry-1.docker.io", True, False),
        ("index.docker.io", True, False),
        ("registry.hub.docker.com", True, False),
        ("docker.io.cache.example", False, False),
        ("docker.elastic.co", False, False),
    ],
)
def test_hosts_of_docker_serve_images_or_web_pages(host: str, is_hub: bool, is_site: bool) -> None:
    assert (is_docker_hub(host), is_docker_site(host)) == (is_hub, is_site)


@pytest.mark.parametrize(
    ("host", "expected"),
    [("ghcr.io", True), ("eu.gcr.io:443", True), ("docker.io", True), ("io", False), ("gcr.io.example", False)],
)
def test_public_registries_are_known(host: str, expected: bool) -> None:
    assert is_public(host) is expected
