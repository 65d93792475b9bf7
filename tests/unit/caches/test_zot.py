"""What is written for a zot: whole, as compared with files written by hand, and each thing that would break pulls."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cryptography.x509 import BasicConstraints

from talos_registry import RegistryAuthConfig, RegistryTLSConfig, Severity, lint, parse, resolve
from talos_registry.caches import ZotCache
from talos_registry.diagnostic import CacheError
from tests.certificates import CERTIFICATE, certificate, certificate_pem, new_key

if TYPE_CHECKING:
    from talos_registry.resolution import Puller

HERE = Path(__file__).parent
PATHS = ("/etc/ssl/zot.crt", "/etc/ssl/zot.key")


def described(**changed: Any) -> ZotCache:
    return ZotCache(**{"url": "https://zot.example", "zot_version": "2.1.22"} | changed)


def read(cache: ZotCache) -> Any:
    return json.loads(cache.setup)


FULL = described(
    url="https://zot.example:8443",
    zot_version="2.1.21",
    hosts=("docker.io", "reg.example:5000=http://10.0.0.9:5000"),
    tls=PATHS,
    htpasswd="/etc/zot/htpasswd",
    username="puller",
)


@pytest.mark.parametrize(
    ("name", "by_hand"), [("config.json", "zot.json"), ("talos.yaml", "zot.yaml"), ("README.md", "zot.md")]
)
def test_every_file_is_what_was_written_by_hand(name: str, by_hand: str) -> None:
    assert FULL.files[name] == (HERE / by_hand).read_text(encoding="utf-8")


def test_files_begin_with_the_set_up() -> None:
    assert list(FULL.files) == ["config.json", "talos.yaml", "README.md"]


def test_without_options_the_guides_registries_are_cached_and_anybody_may_pull() -> None:
    assert read(described()) == {
        "distSpecVersion": "1.1.1",
        "storage": {
            "rootDirectory": "/var/lib/registry",
            "retention": {"policies": [{"repositories": ["**"], "deleteReferrers": False, "deleteUntagged": False}]},
        },
        "http": {
            "address": "0.0.0.0",  # noqa: S104 - as the image's own configuration
            "port": "5000",
            "compat": ["docker2s2"],
            "accessControl": {"repositories": {"**": {"anonymousPolicy": ["read"]}}},
        },
        "log": {"level": "info"},
        "extensions": {
            "sync": {
                "enable": True,
                "registries": [
                    {
                        "urls": [url],
                        "onDemand": True,
                        "tlsVerify": True,
                        "content": [{"prefix": "**", "destination": path}],
                    }
                    for url, path in (
                        ("https://registry-1.docker.io", "/docker.io"),
                        ("https://registry.k8s.io", "/registry.k8s.io"),
                        ("https://gcr.io", "/gcr.io"),
                        ("https://ghcr.io", "/ghcr.io"),
                    )
                ],
            }
        },
    }


# from the structs of zot 2.1.3 and 2.1.20: pkg/api/config/config.go and pkg/extensions/config/sync/config.go
KNOWN_KEYS = {
    "": {"distSpecVersion", "goVersion", "commit", "binaryType", "http", "storage", "log", "extensions"},
    "storage": {"rootDirectory", "dedupe", "gc", "gcDelay", "gcInterval", "retention"},
    "retention": {"dryRun", "delay", "policies"},
    "policies": {"repositories", "deleteReferrers", "deleteUntagged", "keepTags"},
    "http": {"address", "externalUrl", "port", "allowOrigin", "tls", "auth", "accessControl", "realm", "compat"},
    "tls": {"cert", "key", "caCert"},
    "auth": {"failDelay", "htpasswd", "ldap", "openid", "apiKey"},
    "htpasswd": {"path"},
    "accessControl": {"repositories", "adminPolicy", "groups", "metrics"},
    "repositories": {"**"},
    "**": {"policies", "defaultPolicy", "anonymousPolicy"},
    "log": {"level", "output", "audit"},
    "extensions": {"search", "sync", "metrics", "scrub", "lint", "ui", "mgmt"},
    "sync": {"enable", "credentialsFile", "downloadDir", "registries"},
    "registries": {
        *("urls", "pollInterval", "content", "tlsVerify", "onDemand", "certDir", "maxRetries", "retryDelay"),
        *("onlySigned", "credentialHelper", "preserveDigest"),
    },
    "content": {"prefix", "tags", "destination", "stripPrefix"},
}


def unknown_keys(value: Any, place: str = "") -> set[str]:
    if isinstance(value, list):
        return {key for item in value for key in unknown_keys(item, place)}
    if not isinstance(value, dict):
        return set()
    return (value.keys() - KNOWN_KEYS[place]).union(*(unknown_keys(item, key) for key, item in value.items()))


@pytest.mark.parametrize("cache", [FULL, described(), described(zot_version="2.1.3")])
def test_there_is_no_key_that_zot_does_not_know_for_it_would_not_start(cache: ZotCache) -> None:
    assert unknown_keys(read(cache)) == set()


@pytest.mark.parametrize("version", ["2.1.3", "v2.1.20", "2.1.21"])
def test_before_2_1_22_every_upstream_needs_preserve_digest_and_that_needs_compat(version: str) -> None:
    configuration = read(described(zot_version=version))
    assert [one["preserveDigest"] for one in configuration["extensions"]["sync"]["registries"]] == [True] * 4
    assert configuration["http"]["compat"] == ["docker2s2"]


@pytest.mark.parametrize("version", ["2.1.22", "v2.1.22", "2.1.100", "2.2.0", "3.0.0"])
def test_from_2_1_22_on_compat_is_needed_and_preserve_digest_is_not(version: str) -> None:
    cache = described(zot_version=version)
    assert "preserveDigest" not in cache.setup
    assert read(cache)["http"]["compat"] == ["docker2s2"]


def test_the_note_says_which_version_it_is_for_and_how_to_check() -> None:
    check = "Check it with: zot verify config.json"
    assert described(zot_version="v2.1.21").notes == (
        f"config.json is for zot 2.1.21, which needs preserveDigest; from 2.1.22 on it is not. {check}",
    )
    assert described().notes == (
        f"config.json is for zot 2.1.22, which keeps digests by itself; before 2.1.22 preserveDigest is needed. {check}",
    )


@pytest.mark.parametrize("version", ["2.1.2", "2.0.4", "1.4.3", "v0.0.0"])
def test_a_zot_that_cannot_keep_digests_is_refused(version: str) -> None:
    with pytest.raises(CacheError, match=r"other digests, and pulls by digest find nothing; take 2\.1\.3 or newer"):
        described(zot_version=version)


@pytest.mark.parametrize(
    "version", ["", "2", "2.1", "2.1.22-rc1", "2.1.22.1", "02.1.22", "latest", "vv2.1.22", "٢.1.22"]
)
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(CacheError, match="the version of zot is three numbers"):
        described(zot_version=version)


@pytest.mark.parametrize(
    ("url", "tls", "port"),
    [
        ("https://zot.example", PATHS, "443"),
        ("https://zot.example:8443", PATHS, "8443"),
        ("https://zot.example", None, "5000"),
        ("https://zot.example:8443", None, "5000"),
        ("http://zot.example", None, "80"),
        ("http://10.5.0.1:5000", None, "5000"),
    ],
)
def test_zot_listens_where_nodes_ask_unless_something_is_in_front_and_the_port_is_a_text(
    url: str, tls: tuple[str, str] | None, port: str
) -> None:
    cache = described(url=url, tls=tls)
    assert read(cache)["http"]["port"] == port
    assert f"-p {port}:{port}" in cache.files["README.md"]


def test_an_https_url_without_a_certificate_needs_something_in_front() -> None:
    said = "It listens on port 5000 and speaks http: something in front of it has to end TLS for https://zot.example."
    assert said in described().files["README.md"]
    assert "something in front" not in described(tls=PATHS).files["README.md"]
    assert "It listens on port 80 and speaks http.\n" in described(url="http://zot.example").files["README.md"]


def test_an_ipv6_url_is_listened_to() -> None:
    cache = described(url="http://[2001:db8::1]:5000")
    assert read(cache)["http"]["address"] == "[::]"
    assert read(cache)["http"]["port"] == "5000"


def test_nobody_may_push_and_bearer_is_never_there() -> None:
    assert read(described())["http"]["accessControl"] == {"repositories": {"**": {"anonymousPolicy": ["read"]}}}
    with_login = read(FULL)["http"]
    assert with_login["accessControl"] == {"repositories": {"**": {"defaultPolicy": ["read"]}}}
    assert with_login["auth"] == {"htpasswd": {"path": "/etc/zot/htpasswd"}}
    assert "Everybody may pull, and nobody may push." in described().files["README.md"]
    assert "bearer" not in described().files["README.md"]


@pytest.mark.parametrize(
    ("version", "said"), [("2.1.5", "- `/v2/` answers while"), ("2.1.6", "- `/livez` answers while")]
)
def test_health_is_asked_where_that_version_tells_it(version: str, said: str) -> None:
    assert said in described(zot_version=version).files["README.md"]


def test_paths_are_quoted_where_a_shell_reads_them_and_whole_in_the_set_up() -> None:
    cache = described(htpasswd='/a b/"c"', username="u")
    assert read(cache)["http"]["auth"]["htpasswd"]["path"] == '/a b/"c"'
    assert """    -v '/a b/"c":/a b/"c":ro' \\\n""" in cache.files["README.md"]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"url": "https://zot.example/v2"}, "is the root of a host, without a path"),
        ({"url": "https://zot.example?a=b"}, "is the root of a host, without a path"),
        ({"url": "https://u:s3cret@zot.example"}, "the URL of zot takes no user and password"),
        ({"url": "zot.example"}, "the URL of zot needs http:// or https:// and a host"),
        ({"url": "ftp://zot.example"}, "the URL of zot needs http:// or https:// and a host"),
        ({"url": "https://zot.example:65536"}, "the URL of zot has port 65536, and ports go from 1 to 65535"),
        ({"url": "https://zot.example:0"}, "the URL of zot has port 0, and ports go from 1 to 65535"),
        ({"url": "http://zot.example", "tls": PATHS}, "a certificate is for a zot that speaks https"),
        ({"url": "http://zot.example", "ca": CERTIFICATE}, "a CA is for a cache that speaks https"),
        ({"htpasswd": "/etc/zot/htpasswd"}, "an htpasswd file and the user by which nodes log in go together"),
        ({"username": "u"}, "an htpasswd file and the user by which nodes log in go together"),
        ({"hosts": ("zot.example",)}, "the upstream of zot.example, https://zot.example, is this zot itself"),
        ({"hosts": ("[::2]:5000",)}, r"\[::2\]:5000 would be served at /v2/--2-5000, which is no path in zot"),
        ({"hosts": ("a.example:5000", "a.example-5000")}, '"a.example:5000" and "a.example-5000" would both be called'),
        ({"hosts": ("*",)}, "name the hosts"),
        ({"hosts": ("registry-1.docker.io",)}, "say docker.io"),
        ({"hosts": ("docker.io=https://h/v2",)}, "the upstream of docker.io is the root of a host"),
    ],
)
def test_what_makes_no_working_cache_is_refused_with_the_reason(changed: dict[str, Any], message: str) -> None:
    with pytest.raises(CacheError, match=message) as refused:
        described(**changed)
    assert "s3cret" not in str(refused.value)


CA = certificate_pem(certificate(new_key(), extensions=[BasicConstraints(ca=True, path_length=None)]))
CACHES = {
    "as it is": described(),
    "full": FULL,
    "with its own CA": described(ca=CA, tls=PATHS, htpasswd="/h", username="u"),
    "in plain http": described(url="http://10.5.0.1:5000", hosts=("docker.io", "quay.io")),
    "IPv6": described(url="https://[2001:db8::1]:5000", hosts=("[2001:db8::2]:5000", "reg.example:5000")),
}


@pytest.mark.parametrize("cache", CACHES.values(), ids=CACHES)
def test_documents_are_accepted_and_clean(cache: ZotCache) -> None:
    config = parse(cache.files["talos.yaml"])
    assert config.diagnostics == ()
    assert [finding for finding in lint(config) if finding.severity is not Severity.INFO] == []


def test_credentials_in_clear_text_are_all_that_is_said_of_http() -> None:
    cache = described(url="http://10.5.0.1:5000", htpasswd="/h", username="u")
    findings = lint(parse(cache.files["talos.yaml"]))
    assert {one.code for one in findings if one.severity is not Severity.INFO} == {"cleartext-credentials"}


def test_credentials_and_the_ca_are_for_the_host_of_zot() -> None:
    documents = CACHES["with its own CA"].documents
    assert documents[-2:] == (
        RegistryAuthConfig(name="zot.example", username="u", password="${ZOT_PASSWORD}"),
        RegistryTLSConfig(name="zot.example", ca=CA),
    )


@pytest.mark.parametrize("puller", ["talos", "cri"])
@pytest.mark.parametrize(
    ("cache", "image", "url"),
    [
        ("as it is", "nginx", "https://zot.example/v2/docker.io/library/nginx/manifests/latest?ns=docker.io"),
        ("as it is", "gcr.io/a/b:c", "https://zot.example/v2/gcr.io/a/b/manifests/c?ns=gcr.io"),
        (
            "as it is",
            "registry.k8s.io/a",
            "https://zot.example/v2/registry.k8s.io/a/manifests/latest?ns=registry.k8s.io",
        ),
        ("as it is", "ghcr.io/a/b:c", "https://zot.example/v2/ghcr.io/a/b/manifests/c?ns=ghcr.io"),
        (
            "full",
            "reg.example:5000/a:c",
            "https://zot.example:8443/v2/reg.example-5000/a/manifests/c?ns=reg.example%3A5000",
        ),
        ("with its own CA", "gcr.io/a:c", "https://zot.example/v2/gcr.io/a/manifests/c?ns=gcr.io"),
        ("in plain http", "quay.io/a:c", "http://10.5.0.1:5000/v2/quay.io/a/manifests/c?ns=quay.io"),
        (
            "IPv6",
            "[2001:db8::2]:5000/a:c",
            "https://[2001:db8::1]:5000/v2/2001-db8--2-5000/a/manifests/c?ns=%5B2001%3Adb8%3A%3A2%5D%3A5000",
        ),
    ],
)
def test_a_node_asks_zot_below_the_path_of_the_host_first(cache: str, image: str, url: str, puller: Puller) -> None:
    plan = resolve(image, parse(CACHES[cache].files["talos.yaml"]), puller=puller)
    assert plan.attempts[0].manifest_url == url
    assert [attempt.role for attempt in plan.attempts] == ["mirror", "fallback"]
