"""The configuration part of Talos' guide to pull-through caches, sentence by sentence, as checks.

Source: docs.siderolabs.com, Pull Through Image Cache. The samples are equal to the guide's in content.
"""

from __future__ import annotations

from typing import get_args

import pytest

from talos_registry import (
    Diagnostic,
    Plan,
    Reference,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    parse,
    resolve,
)
from talos_registry.resolution import Puller
from tests.guide.samples import AUTH, CA, FOUR_CACHES, HARBOR, HARBOR_AUTH, NO_FALLBACK, OVERRIDE_PATH

PULLERS: tuple[Puller, ...] = get_args(Puller)
both_pullers = pytest.mark.parametrize("puller", PULLERS)


def plan(reference: str, config: str, puller: Puller) -> Plan:
    parsed = parse(config)
    parsed.raise_for_errors()
    return resolve(reference, parsed.registries, puller=puller)


def urls(reference: str, config: str, puller: Puller) -> list[str]:
    return [attempt.manifest_url for attempt in plan(reference, config, puller).attempts]


def mirror(name: str, *endpoints: str) -> str:
    listed = "".join(f"  - url: {endpoint}\n" for endpoint in endpoints)
    return f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: {name}\nendpoints:\n{listed}"


@pytest.mark.parametrize("sample", [FOUR_CACHES, NO_FALLBACK, OVERRIDE_PATH, AUTH, HARBOR, HARBOR_AUTH])
def test_talos_accepts_the_samples(sample: str) -> None:
    config = parse(sample)
    assert (config.talos_error, config.diagnostics) == (None, ())


# What a mirror is named after


@pytest.mark.parametrize(
    ("image", "registry_host"),
    [
        ("docker.io/library/nginx:latest", "docker.io"),
        ("myregistrydomain.com:5000/app", "myregistrydomain.com:5000"),
        ("ghcr.io/a/b/c", "ghcr.io"),
        ("library/nginx:latest", "docker.io"),
        ("nginx", "docker.io"),
    ],
)
def test_registry_host_is_the_leftmost_part_with_its_port(image: str, registry_host: str) -> None:
    assert Reference.parse(image).registry_host == registry_host


@both_pullers
def test_a_port_in_the_image_belongs_to_the_name_of_the_mirror(puller: Puller) -> None:
    with_port = mirror("myregistrydomain.com:5000", "http://10.5.0.1:5000")
    without_port = mirror("myregistrydomain.com", "http://10.5.0.1:5000")
    image = "myregistrydomain.com:5000/app"
    assert plan(image, with_port, puller).mirror == "myregistrydomain.com:5000"
    assert plan(image, without_port, puller).mirror is None


# Endpoints


@both_pullers
def test_endpoints_are_tried_in_order_and_upstream_is_last(puller: Puller) -> None:
    config = mirror("ghcr.io", "http://10.5.0.1:5003", "https://second.example")
    assert urls("ghcr.io/a/b:1", config, puller) == [
        "http://10.5.0.1:5003/v2/a/b/manifests/1?ns=ghcr.io",
        "https://second.example/v2/a/b/manifests/1?ns=ghcr.io",
        "https://ghcr.io/v2/a/b/manifests/1",
    ]


def found(config: str) -> list[tuple[str, int | None]]:
    diagnostics: tuple[Diagnostic, ...] = parse(config).diagnostics
    return [(one.code, one.line) for one in diagnostics]


@pytest.mark.parametrize("endpoint", ["10.5.0.1:5000", "10.5.0.1", "cache.example:5000/path", "localhost"])
def test_an_endpoint_needs_its_protocol(endpoint: str) -> None:
    assert found(mirror("docker.io", endpoint)) == [("endpoint-without-scheme", 5)]


@pytest.mark.parametrize("endpoint", ["http://10.5.0.1:5000", "https://10.5.0.1:5000"])
def test_both_protocols_are_accepted(endpoint: str) -> None:
    assert found(mirror("docker.io", endpoint)) == []


@pytest.mark.parametrize("endpoint", ["ftp://10.5.0.1:5000", "oci://10.5.0.1"])
def test_no_other_protocol_is(endpoint: str) -> None:
    assert found(mirror("docker.io", endpoint)) == [("unsupported-scheme", 5)]


# The four caches


@both_pullers
@pytest.mark.parametrize(
    ("image", "expected"),
    [
        (
            "nginx",
            [
                "http://10.5.0.1:5000/v2/library/nginx/manifests/latest?ns=docker.io",
                "https://registry-1.docker.io/v2/library/nginx/manifests/latest",
            ],
        ),
        (
            "registry.k8s.io/pause:3.10",
            [
                "http://10.5.0.1:5001/v2/pause/manifests/3.10?ns=registry.k8s.io",
                "https://registry.k8s.io/v2/pause/manifests/3.10",
            ],
        ),
        ("gcr.io/a/b:1", ["http://10.5.0.1:5002/v2/a/b/manifests/1?ns=gcr.io", "https://gcr.io/v2/a/b/manifests/1"]),
        ("ghcr.io/a/b:1", ["http://10.5.0.1:5003/v2/a/b/manifests/1?ns=ghcr.io", "https://ghcr.io/v2/a/b/manifests/1"]),
        ("quay.io/a/b:1", ["https://quay.io/v2/a/b/manifests/1"]),
    ],
)
def test_each_cache_stands_before_its_upstream(image: str, expected: list[str], puller: Puller) -> None:
    assert urls(image, FOUR_CACHES, puller) == expected


def test_the_four_documents() -> None:
    assert parse(FOUR_CACHES).documents == tuple(
        RegistryMirrorConfig(name=name, endpoints=(RegistryEndpoint(url=f"http://10.5.0.1:{port}"),))
        for name, port in [("docker.io", 5000), ("registry.k8s.io", 5001), ("gcr.io", 5002), ("ghcr.io", 5003)]
    )


# Fallback and path


@both_pullers
def test_skip_fallback_leaves_the_upstream_out(puller: Puller) -> None:
    assert urls("nginx", NO_FALLBACK, puller) == ["http://10.5.0.1:5000/v2/library/nginx/manifests/latest?ns=docker.io"]


@both_pullers
@pytest.mark.parametrize(
    ("endpoint", "path"),
    [
        ("http://10.5.0.1:5000", "/v2"),
        ("http://cache.example/oci", "/oci/v2"),
        ("http://my-harbor/v2/docker.io", "/v2/docker.io/v2"),
    ],
)
def test_v2_is_appended(endpoint: str, path: str, puller: Puller) -> None:
    assert plan("nginx", mirror("docker.io", endpoint), puller).attempts[0].path == path


@both_pullers
def test_override_path_takes_the_path_as_it_is(puller: Puller) -> None:
    first = plan("nginx", OVERRIDE_PATH, puller).attempts[0]
    assert (first.override_path, first.path) == (True, "/v2/docker.io")
    assert first.manifest_url == "http://my-harbor/v2/docker.io/library/nginx/manifests/latest?ns=docker.io"


# Credentials and TLS settings


@both_pullers
def test_a_registry_without_mirror_takes_the_credentials_of_its_own_name(puller: Puller) -> None:
    (only,) = plan("my-private-registry.io/app", AUTH, puller).attempts
    assert (only.host, only.auth) == ("my-private-registry.io", "my-private-registry.io")


@both_pullers
def test_credentials_go_by_the_endpoint_host_not_by_the_image(puller: Puller) -> None:
    first, upstream = plan(
        "docker.io/library/nginx", mirror("docker.io", "https://my-private-registry.io") + "---\n" + AUTH, puller
    ).attempts
    assert (first.host, first.auth) == ("my-private-registry.io", "my-private-registry.io")
    assert (upstream.role, upstream.auth) == ("fallback", None)


@both_pullers
def test_credentials_named_by_the_image_do_not_reach_the_endpoint(puller: Puller) -> None:
    config = mirror("ghcr.io", "https://cache.example") + "---\n" + AUTH.replace("my-private-registry.io", "ghcr.io")
    assert [attempt.auth for attempt in plan("ghcr.io/a/b", config, puller).attempts] == [None, "ghcr.io"]


@both_pullers
@pytest.mark.parametrize(("name", "used"), [("my-private-registry.io:5000", True), ("my-private-registry.io", False)])
def test_a_port_in_the_endpoint_belongs_to_the_name(name: str, used: bool, puller: Puller) -> None:
    endpoint = mirror("docker.io", "https://my-private-registry.io:5000")
    auth = AUTH.replace("my-private-registry.io", name)
    tls = f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: {name}\ninsecureSkipVerify: true\n"
    first = plan("nginx", f"{endpoint}---\n{auth}---\n{tls}", puller).attempts[0]
    assert (first.auth, first.tls) == ((name, name) if used else (None, None))


def test_the_credentials() -> None:
    (auth,) = parse(AUTH).documents
    assert isinstance(auth, RegistryAuthConfig)
    assert (auth.name, auth.username, auth.password.get_secret_value()) == (
        "my-private-registry.io",
        "username",
        "****",
    )


@both_pullers
def test_a_ca_is_used_for_the_registry_it_is_named_after(puller: Puller, ca_pem: str) -> None:
    tls = RegistryTLSConfig(name="my-private-registry.io", ca=ca_pem)
    assert tls.validate_talos() == ()
    config = f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: {tls.name}\nca: |-\n{indented(ca_pem)}"
    assert parse(config).documents == (tls.model_copy(update={"ca": ca_pem.strip()}),)
    assert [attempt.tls for attempt in plan(f"{tls.name}/app", config, puller).attempts] == [tls.name]


def indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())


def test_trap_the_shortened_ca_of_the_guide_is_no_certificate() -> None:
    config = parse(CA)
    assert [one.code for one in config.diagnostics] == ["invalid-ca"]
    assert config.talos_error is not None
    assert "ca must be a valid PEM-encoded certificate" in config.talos_error


# Harbor


@both_pullers
@pytest.mark.parametrize(
    ("image", "first", "upstream"),
    [
        ("nginx:1", "proxy-docker.io/library/nginx/manifests/1?ns=docker.io", "registry-1.docker.io/v2/library/nginx"),
        ("ghcr.io/a/b:1", "proxy-ghcr.io/a/b/manifests/1?ns=ghcr.io", "ghcr.io/v2/a/b"),
        ("gcr.io/a/b:1", "proxy-gcr.io/a/b/manifests/1?ns=gcr.io", "gcr.io/v2/a/b"),
        ("registry.k8s.io/x:1", "proxy-registry.k8s.io/x/manifests/1?ns=registry.k8s.io", "registry.k8s.io/v2/x"),
    ],
)
def test_harbor_has_the_project_in_the_path(image: str, first: str, upstream: str, puller: Puller) -> None:
    assert urls(image, HARBOR, puller) == [f"http://harbor/v2/{first}", f"https://{upstream}/manifests/1"]


@both_pullers
def test_harbor_takes_credentials_at_its_own_host(puller: Puller) -> None:
    attempts = plan("nginx", f"{HARBOR}---\n{HARBOR_AUTH}", puller).attempts
    assert [attempt.auth for attempt in attempts] == ["harbor", None]


HARBOR_TLS = "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: harbor\ninsecureSkipVerify: true\n"


def test_trap_custom_tls_for_an_http_harbor_stops_talos_own_puller() -> None:
    broken = plan("nginx", f"{HARBOR}---\n{HARBOR_TLS}", "talos")
    assert broken.error == 'TLS config specified for non-HTTPS registry: "harbor"'
    assert broken.attempts == ()


def test_trap_containerd_tries_https_first_there() -> None:
    first = plan("nginx", f"{HARBOR}---\n{HARBOR_TLS}", "cri").attempts[0]
    assert (first.scheme, first.https_first, first.tls) == ("https", True, "harbor")


@both_pullers
def test_custom_tls_works_for_an_https_harbor(puller: Puller) -> None:
    config = f"{HARBOR}---\n{HARBOR_TLS}".replace("http://harbor", "https://harbor")
    first = plan("nginx", config, puller).attempts[0]
    assert (first.scheme, first.https_first, first.tls, first.skip_verify) == ("https", False, "harbor", True)
