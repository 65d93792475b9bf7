from __future__ import annotations

from typing import Literal

import pytest

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.documents import (
    ClientIdentity,
    RegistryAuthConfig,
    RegistryDocument,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
)
from talos_registry.resolution import Plan, Reference, resolve
from tests.certificates import CERTIFICATE

Puller = Literal["talos", "cri"]
DIGEST = f"sha256:{'a' * 64}"
HUB = "https://registry-1.docker.io"


def mirror(
    name: str, *endpoints: str, override_path: bool | None = None, skip_fallback: bool | None = None
) -> RegistryMirrorConfig:
    found = tuple(RegistryEndpoint(url=url, override_path=override_path) for url in endpoints)
    return RegistryMirrorConfig(name=name, endpoints=found, skip_fallback=skip_fallback)


def plan(puller: Puller, reference: str, *documents: RegistryDocument) -> Plan:
    return resolve(reference, RegistrySet.of(*documents), puller=puller)


def endpoints(puller: Puller, reference: str, *documents: RegistryDocument) -> list[str]:
    found = plan(puller, reference, *documents)
    assert found.error is None
    return [attempt.endpoint for attempt in found.attempts]


PULLERS: tuple[Puller, Puller] = ("talos", "cri")
both = pytest.mark.parametrize("puller", PULLERS)


@both
@pytest.mark.parametrize(
    ("reference", "documents", "name", "expected"),
    [
        ("nginx", [], None, [HUB]),
        ("nginx", [mirror("docker.io", "http://m:5000")], "docker.io", ["http://m:5000", HUB]),
        ("nginx", [mirror("docker.io", "http://m"), mirror("*", "http://x")], "docker.io", ["http://m", HUB]),
        ("ghcr.io/a", [mirror("docker.io", "http://m"), mirror("*", "http://x")], "*", ["http://x", "https://ghcr.io"]),
        ("ghcr.io/a", [mirror("ghcr.io"), mirror("*", "http://x")], "ghcr.io", ["https://ghcr.io"]),
        ("ghcr.io/a", [mirror("ghcr.io", "http://m", skip_fallback=True)], "ghcr.io", ["http://m"]),
        ("reg:5000/a", [mirror("reg", "http://m"), mirror("Reg:5000", "http://m")], None, ["https://reg:5000"]),
        ("nginx", [mirror("registry-1.docker.io", "http://m")], None, [HUB]),
        ("ghcr.io/a", [mirror("ghcr.io", "https://ghcr.io")], "ghcr.io", ["https://ghcr.io", "https://ghcr.io"]),
        ("[::1]:5000/a", [mirror("[::1]:5000", "http://[::1]:5001")], "[::1]:5000", ["http://[::1]:5001", "https://[::1]:5000"]),
    ],
)  # fmt: skip
def test_which_endpoints(
    puller: Puller, reference: str, documents: list[RegistryDocument], name: str | None, expected: list[str]
) -> None:
    found = plan(puller, reference, *documents)
    assert found.mirror == name
    assert [attempt.endpoint for attempt in found.attempts] == expected


@pytest.mark.parametrize(
    ("reference", "documents", "talos", "cri"),
    [
        pytest.param("nginx", [mirror("docker.io", "https://x", "https://x")], ["https://x", "https://x", HUB], [HUB], id="duplicate endpoint"),
        pytest.param("nginx", [mirror("docker.io", "https://x", "https://x", skip_fallback=True)], ["https://x", "https://x"], ["https://x", "https://x"], id="duplicate of the last endpoint without fallback"),
        pytest.param("ghcr.io/a", [mirror("ghcr.io", skip_fallback=True)], [], ["https://ghcr.io"], id="no endpoints and no fallback"),
        pytest.param("ghcr.io/a", [mirror("*", "https://x"), RegistryTLSConfig(name="ghcr.io", insecure_skip_verify=True)], ["https://x", "https://ghcr.io"], ["https://ghcr.io"], id="TLS document hides the catch-all"),
        pytest.param("ghcr.io/a", [mirror("_default", "https://x")], ["https://ghcr.io"], ["https://x", "https://ghcr.io"], id="mirror named _default"),
        pytest.param("reg:5000/a", [mirror("reg_5000_", "https://x")], ["https://reg:5000"], ["https://x", "https://reg:5000"], id="mirror named as a directory"),
        pytest.param("ghcr.io/a", [mirror("*", "https://x"), mirror("ghcr.io/foo", "https://y")], ["https://x", "https://ghcr.io"], ["https://ghcr.io"], id="mirror named with a path"),
    ],
)  # fmt: skip
def test_where_the_pullers_differ(
    reference: str, documents: list[RegistryDocument], talos: list[str], cri: list[str]
) -> None:
    assert endpoints("talos", reference, *documents) == talos
    assert endpoints("cri", reference, *documents) == cri


def test_roles() -> None:
    registries = RegistrySet.of(mirror("docker.io", "https://x")).with_image_cache()
    for puller in PULLERS:
        attempts = resolve("nginx", registries, puller=puller).attempts
        assert [attempt.role for attempt in attempts] == ["image-cache", "mirror", "fallback"]


@both
def test_last_endpoint_without_fallback_is_a_mirror(puller: Puller) -> None:
    found = plan(puller, "nginx", mirror("docker.io", "https://x", skip_fallback=True))
    assert [attempt.role for attempt in found.attempts] == ["mirror"]


def test_capabilities() -> None:
    documents = (mirror("docker.io", "https://x"),)
    talos = [attempt.capabilities for attempt in plan("talos", "nginx", *documents).attempts]
    cri = [attempt.capabilities for attempt in plan("cri", "nginx", *documents).attempts]
    assert talos == [{"pull", "resolve", "referrers"}] * 2
    assert cri == [{"pull", "resolve"}, {"pull", "resolve", "push", "referrers"}]


@pytest.mark.parametrize(
    ("talos_version", "asks"),
    [
        ("1.9", False),
        ("1.12.7", False),
        ("1.13", False),
        ("1.13.5", False),
        ("1.13.6", True),
        ("1.14", True),
        ("1.15", True),
    ],
)
def test_talos_asks_for_referrers_since_1_14(talos_version: str, asks: bool) -> None:
    """And since a fix to 1.13 that came with 1.13.6."""
    registries = RegistrySet.of(mirror("docker.io", "https://x"))
    for version in ("1.14", talos_version, "1.12", talos_version):
        found = resolve("nginx", registries, puller="talos", talos_version=version)
    assert {"referrers" in attempt.capabilities for attempt in found.attempts} == {asks}
    assert all({"pull", "resolve"} <= attempt.capabilities for attempt in found.attempts)


def test_containerd_is_the_same_for_every_version() -> None:
    registries = RegistrySet.of(mirror("docker.io", "https://x"))
    old, new = (resolve("nginx", registries, puller="cri", talos_version=version) for version in ("1.12", "1.14"))
    assert old == new


def test_no_talos_version() -> None:
    with pytest.raises(ValueError, match=r"not a Talos version: 'v1\.14'"):
        resolve("nginx", RegistrySet.of(), puller="talos", talos_version="v1.14")


@pytest.mark.parametrize(
    ("names", "talos", "cri"),
    [
        (["docker.io"], None, "docker.io"),
        (["registry-1.docker.io"], "registry-1.docker.io", "registry-1.docker.io"),
        (["registry-1.docker.io", "docker.io"], "registry-1.docker.io", "registry-1.docker.io"),
        (["registry-1.docker.io:443", "*"], None, None),
    ],
)
def test_auth_document_of_the_hub(names: list[str], talos: str | None, cri: str | None) -> None:
    documents = [RegistryAuthConfig(name=name) for name in names]
    assert [attempt.auth for attempt in plan("talos", "nginx", *documents).attempts] == [talos]
    assert [attempt.auth for attempt in plan("cri", "nginx", *documents).attempts] == [cri]


def test_a_colon_without_a_port_is_left_out_of_requests() -> None:
    documents = (mirror("docker.io", "https://x:/y"), RegistryAuthConfig(name="x:"), RegistryAuthConfig(name="x"))
    (talos, _), (cri, _) = (plan(puller, "nginx", *documents).attempts for puller in ("talos", "cri"))
    assert talos.host == cri.host == "x:"
    assert talos.manifest_url == cri.manifest_url == "https://x/y/v2/library/nginx/manifests/latest?ns=docker.io"
    assert (talos.auth, cri.auth) == (None, "x")


@both
def test_auth_document_of_an_endpoint_goes_by_host_and_port(puller: Puller) -> None:
    found = plan(
        puller, "nginx", mirror("docker.io", "https://u:p@x:5000/y", "https://x"), RegistryAuthConfig(name="x:5000")
    )
    assert [attempt.auth for attempt in found.attempts] == ["x:5000", None, None]


@pytest.mark.parametrize(
    ("reference", "documents", "talos", "cri"),
    [
        pytest.param("nginx", [RegistryTLSConfig(name="docker.io", insecure_skip_verify=True)], [None], ["docker.io"], id="TLS document docker.io"),
        pytest.param("nginx", [RegistryTLSConfig(name="registry-1.docker.io", insecure_skip_verify=True)], ["registry-1.docker.io"], [None], id="TLS document of the hub"),
        pytest.param("ghcr.io/a", [mirror("ghcr.io", "https://x"), RegistryTLSConfig(name="ghcr.io", insecure_skip_verify=True)], [None, "ghcr.io"], [None, None], id="fallback of a mirror"),
        pytest.param("ghcr.io/a", [mirror("ghcr.io", "https://x"), RegistryTLSConfig(name="x", insecure_skip_verify=True)], ["x", None], ["x", None], id="endpoint"),
        pytest.param("ghcr.io/a", [RegistryTLSConfig(name="ghcr.io")], ["ghcr.io"], [None], id="TLS document without settings"),
    ],
)  # fmt: skip
def test_tls_document(
    reference: str, documents: list[RegistryDocument], talos: list[str | None], cri: list[str | None]
) -> None:
    for puller, expected in zip(PULLERS, (talos, cri), strict=True):
        attempts = plan(puller, reference, *documents).attempts
        assert [attempt.tls for attempt in attempts] == expected


def test_every_certificate_beside_a_broken_file_becomes_a_ca_of_the_upstream() -> None:
    documents = (mirror("ghcr.io", "https://x", "https://x"), RegistryTLSConfig(name="x", ca=CERTIFICATE))
    (attempt,) = plan("cri", "ghcr.io/a", *documents).attempts
    assert (attempt.role, attempt.endpoint, attempt.tls) == ("fallback", "https://ghcr.io", "x")


@both
def test_skip_verify(puller: Puller) -> None:
    tls = RegistryTLSConfig(name="x", insecure_skip_verify=True)
    found = plan(puller, "nginx", mirror("docker.io", "https://x"), tls)
    assert [attempt.skip_verify for attempt in found.attempts] == [True, False]


@pytest.mark.parametrize(
    ("endpoint", "insecure_skip_verify", "scheme", "https_first"),
    [
        ("http://m:5000", True, "https", True),
        ("http://m", True, "https", True),
        ("http://m:80", True, "http", False),
        ("http://m:5000", None, "http", False),
    ],
)
def test_tls_document_of_a_plain_http_endpoint(
    endpoint: str, insecure_skip_verify: bool | None, scheme: str, https_first: bool
) -> None:
    host = endpoint.removeprefix("http://")
    documents = (mirror("docker.io", endpoint), RegistryTLSConfig(name=host, insecure_skip_verify=insecure_skip_verify))
    talos = plan("talos", "nginx", *documents)
    assert talos.error == f'TLS config specified for non-HTTPS registry: "{host}"'
    assert talos.attempts == ()
    first = plan("cri", "nginx", *documents).attempts[0]
    assert (first.endpoint, first.scheme, first.https_first) == (endpoint, scheme, https_first)


def test_loopback_upstream() -> None:
    (talos,) = plan("talos", "localhost:5000/a").attempts
    assert (talos.endpoint, talos.skip_verify, talos.https_first) == ("https://localhost:5000", False, False)
    (cri,) = plan("cri", "localhost:5000/a").attempts
    assert (cri.endpoint, cri.skip_verify, cri.https_first, cri.tls) == ("https://localhost:5000", True, True, None)


@pytest.mark.parametrize(
    ("documents", "talos", "cri"),
    [
        pytest.param(
            [mirror("ghcr.io", "https://x", "127.0.0.1:5000")],
            'error parsing endpoint "127.0.0.1:5000" for host "ghcr.io": parse "127.0.0.1:5000": first path segment in URL cannot contain colon',
            'error parsing endpoint {"127.0.0.1:5000" %!q(bool=false)} for host "ghcr.io": parse "127.0.0.1:5000": first path segment in URL cannot contain colon',
            id="no URL",
        ),
        pytest.param(
            [mirror("quay.io", "127.0.0.1:5000")],
            None,
            'error parsing endpoint {"127.0.0.1:5000" %!q(bool=false)} for host "quay.io": parse "127.0.0.1:5000": first path segment in URL cannot contain colon',
            id="no URL elsewhere",
        ),
        pytest.param(
            [RegistryTLSConfig(name="*", insecure_skip_verify=True)],
            None,
            "wildcard host TLS configuration is not supported",
            id="catch-all TLS",
        ),
        pytest.param(
            [RegistryTLSConfig(name="ghcr.io", client_identity=ClientIdentity(cert="junk"))],
            'error preparing TLS config for "ghcr.io": error parsing client identity: tls: failed to find any PEM data in certificate input',
            "failed to load X509 key pair: tls: failed to find any PEM data in certificate input",
            id="client identity",
        ),
        pytest.param(
            [mirror("ghcr.io", "https://x"), RegistryTLSConfig(name="x", ca="junk")],
            None,
            'unable to load CA cert "/etc/cri/conf.d/hosts/ghcr.io/x-ca.crt"',
            id="CA",
        ),
    ],
)  # fmt: skip
def test_error_of_a_config(documents: list[RegistryDocument], talos: str | None, cri: str | None) -> None:
    for puller, expected in zip(PULLERS, (talos, cri), strict=True):
        found = plan(puller, "ghcr.io/a", *documents)
        assert found.error == expected
        assert bool(found.attempts) == (expected is None)


@both
@pytest.mark.parametrize(
    ("endpoint", "override_path", "expected"),
    [
        ("http://m", None, "http://m/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/", None, "http://m/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/v2/", None, "http://m/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/v2/", True, "http://m/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m", True, "http://m/library/r/manifests/t?ns=docker.io"),
        ("http://m/a/b/", None, "http://m/a/b/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/v2/proj", None, "http://m/v2/proj/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/v2/proj/", True, "http://m/v2/proj/library/r/manifests/t?ns=docker.io"),
        ("http://m//x//y/../z", None, "http://m/x/z/v2/library/r/manifests/t?ns=docker.io"),
        ("http://m/a%2Fb/c%20d", None, "http://m/a/b/c%20d/v2/library/r/manifests/t?ns=docker.io"),
        ("http://u:p@m/x?foo=bar#f", None, "http://m/x/v2/library/r/manifests/t?ns=docker.io"),
        (HUB, None, f"{HUB}/v2/library/r/manifests/t"),
        (f"{HUB}:443", None, f"{HUB}:443/v2/library/r/manifests/t?ns=docker.io"),
    ],
)  # fmt: skip
def test_manifest_url(puller: Puller, endpoint: str, override_path: bool | None, expected: str) -> None:
    first = plan(puller, "r:t", mirror("docker.io", endpoint, override_path=override_path)).attempts[0]
    assert first.manifest_url == expected


@both
@pytest.mark.parametrize(
    ("reference", "expected"),
    [
        ("nginx:1", [f"{HUB}/v2/library/nginx/manifests/1"]),
        (f"quay.io/a/b:1@{DIGEST}", [f"https://quay.io/v2/a/b/manifests/{DIGEST}"]),
        ("reg:5000/x", ["http://reg:5000/v2/x/manifests/latest"]),
        ("m:5001/x", ["http://reg:5000/v2/x/manifests/latest?ns=m%3A5001", "https://m:5001/v2/x/manifests/latest"]),
    ],
)
def test_manifest_urls(puller: Puller, reference: str, expected: list[str]) -> None:
    documents = [mirror("reg:5000", "http://reg:5000", skip_fallback=True), mirror("m:5001", "http://reg:5000")]
    assert [attempt.manifest_url for attempt in plan(puller, reference, *documents).attempts] == expected


def test_manifest_url_that_go_would_refuse_to_request() -> None:
    first = plan("talos", "r:t", mirror("docker.io", "http://m/%25zz")).attempts[0]
    assert first.manifest_url == "http://m/%zz/v2/library/r/manifests/t?ns=docker.io"


def test_reference_may_be_parsed_already() -> None:
    registries = RegistrySet.of()
    assert resolve(Reference.parse("nginx"), registries, puller="talos") == resolve("nginx", registries, puller="talos")


def test_invalid_reference() -> None:
    with pytest.raises(InvalidReferenceError, match=r"^invalid reference format$"):
        plan("talos", "http://ghcr.io/a/b")


def test_unknown_puller() -> None:
    with pytest.raises(ValueError, match="not a puller: 'docker'"):
        plan("docker", "nginx")  # type: ignore[arg-type] # the subject


def test_plans_of_one_registry_host_share_what_was_worked_out() -> None:
    registries = RegistrySet.of(mirror("docker.io", "https://x"))
    resolve("nginx", registries, puller="talos")
    resolve("redis", registries, puller="talos")
    assert len(registries.derived) == 1
