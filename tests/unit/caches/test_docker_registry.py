from __future__ import annotations

import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from talos_registry import CacheError, RegistryCache, emit, lint, parse, resolve
from tests.certificates import CA, KEY
from tests.guide.samples import FOUR_CACHES

GUIDE = Path(__file__).parents[2] / "guide"
HERE = Path(__file__).parent
WHOLE = RegistryCache(
    hosts=("docker.io", "reg.example:5000=http://10.0.0.9:8080"),
    address="fd00::1",
    port=6000,
    image="registry:3",
    ttl="24h",
    form="compose",
    tls=("/srv/it's $HOME/tls.crt", "/srv/tls.key"),
    ca=CA,
    htpasswd="/srv/htpasswd",
    username="talos",
    upstream_usernames=["docker.io=pull $er"],
)


def test_the_commands_of_the_guide() -> None:
    assert RegistryCache(address="10.5.0.1").setup == (GUIDE / "four-caches.sh").read_text()


def test_the_documents_of_the_guide() -> None:
    assert emit(RegistryCache(address="10.5.0.1").documents) == FOUR_CACHES


def test_a_whole_compose_file() -> None:
    assert WHOLE.setup == (HERE / "compose.yaml").read_text()


def test_a_whole_command() -> None:
    cache = RegistryCache(
        hosts=("docker.io",),
        address="cache.example",
        image="registry:3",
        ttl="0",
        tls=("/srv/it's $HOME/tls.crt", "/srv/tls.key"),
        htpasswd="/srv/htpasswd",
        username="talos",
        upstream_usernames=["docker.io=pull $er"],
    )
    assert cache.setup == (HERE / "whole.sh").read_text()


def test_files_are_the_set_up_the_documents_and_what_to_do() -> None:
    cache = RegistryCache(address="10.5.0.1")
    assert list(cache.files) == ["run.sh", "talos.yaml", "README.md"]
    assert cache.files["run.sh"] == cache.setup
    assert cache.files["talos.yaml"] == FOUR_CACHES
    assert WHOLE.files["README.md"] == (HERE / "registry.md").read_text()


def test_credentials_and_ca_are_for_each_port() -> None:
    documents = {(document.kind, document.name) for document in WHOLE.documents}
    assert documents == {
        ("RegistryMirrorConfig", "docker.io"),
        ("RegistryMirrorConfig", "reg.example:5000"),
        ("RegistryAuthConfig", "[fd00::1]:6000"),
        ("RegistryAuthConfig", "[fd00::1]:6001"),
        ("RegistryTLSConfig", "[fd00::1]:6000"),
        ("RegistryTLSConfig", "[fd00::1]:6001"),
    }
    assert "password: ${REGISTRY_PASSWORD}\n" in WHOLE.files["talos.yaml"]


@pytest.mark.parametrize("version", ["1.12.7", "1.13.9", "1.14.1"])
@pytest.mark.parametrize("cache", [RegistryCache(address="10.5.0.1"), RegistryCache(address="cache.example"), WHOLE])
def test_rules_find_nothing_in_the_documents(cache: RegistryCache, version: str) -> None:
    config = parse(emit(cache.documents), talos_version=version)
    assert config.diagnostics == ()
    assert [finding for finding in lint(config) if finding.severity >= "warning"] == []


def test_each_host_is_tried_at_its_own_port() -> None:
    registries = parse(emit(RegistryCache(address="10.5.0.1").documents)).registries
    first = [
        resolve(f"{host}/a/b", registries, puller="cri").attempts[0].manifest_url for host in ("docker.io", "ghcr.io")
    ]
    assert first == [
        "http://10.5.0.1:5000/v2/a/b/manifests/latest?ns=docker.io",
        "http://10.5.0.1:5003/v2/a/b/manifests/latest?ns=ghcr.io",
    ]


def test_registry_2_is_told_to_delete() -> None:
    def environment(**options: Any) -> dict[str, str]:
        compose = yaml.safe_load(RegistryCache(address="a", form="compose", **options).setup)
        environment: dict[str, str] = compose["services"]["registry-gcr.io"]["environment"]
        return environment

    upstream = {"REGISTRY_PROXY_REMOTEURL": "https://gcr.io"}
    assert environment() == {**upstream, "REGISTRY_STORAGE_DELETE_ENABLED": "true"}
    assert environment(image="registry:3") == upstream


REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"hosts": ["*"]}, "a cache has one upstream for each registry host, and * stands for all; name the hosts"),
    ({"hosts": ["https://ghcr.io"]}, '"https://ghcr.io" is no registry host; name it alone, such as docker.io or reg.example:5000'),
    ({"hosts": ["ghcr.io/siderolabs"]}, '"ghcr.io/siderolabs" is no registry host; name it alone, such as docker.io or reg.example:5000'),
    ({"hosts": ["registry-1.docker.io"]}, '"registry-1.docker.io" is where docker.io lives; images are named docker.io/..., so say docker.io'),
    ({"hosts": ["siderolabs"]}, '"siderolabs" is no registry host; name it alone, such as docker.io or reg.example:5000'),
    ({"hosts": [""]}, '"" is no registry host; name it alone, such as docker.io or reg.example:5000'),
    ({"hosts": ["a b.example"]}, '"a b.example" is no registry host; name it alone, such as docker.io or reg.example:5000'),
    ({"hosts": ["GHCR.io"]}, '"GHCR.io" is no registry host; write it in lower case'),
    ({"hosts": ["ghcr.io", "ghcr.io"]}, '"ghcr.io" is there twice'),
    ({"hosts": ["a.example:5000", "a.example-5000"]}, '"a.example:5000" and "a.example-5000" would both be called "a.example-5000"'),
    ({"hosts": ["a.example=https://b.example/v2"]}, 'the upstream of a.example is the root of a host, without a path: "https://b.example/v2"; write https://b.example'),
    ({"hosts": ["a.example=https://b.example?x"]}, 'the upstream of a.example is the root of a host, without a path: "https://b.example?x"; write https://b.example'),
    ({"hosts": ["a.example=b.example"]}, 'the upstream of a.example needs http:// or https:// and a host: "b.example"'),
    ({"hosts": ["a.example=https://u:pass@b.example"]}, 'the upstream of a.example takes no user and password: "https://***@b.example"'),
    ({"hosts": ["a.example=https://b.example:x"]}, 'the upstream of a.example needs http:// or https:// and a host: "https://b.example:x"'),
    ({"hosts": ["a.example=https://$(id)"]}, 'the upstream of a.example is at "$(id)", which is no name in DNS and no IP address'),
    ({"address": "http://10.5.0.1"}, 'the address is a name or an IP address, without scheme and path, not "http://10.5.0.1"'),
    ({"address": "10.5.0.1:5000"}, 'the address has no port, not "10.5.0.1:5000"; the port is an option of its own'),
    ({"address": "0.0.0.0"}, "the machine of the proxies is at 0.0.0.0, which is no address that others reach; give that of the machine"),  # noqa: S104 - what is refused
    ({"address": "a;b"}, 'the machine of the proxies is at "a;b", which is no name in DNS and no IP address'),
    ({"address": "fe80::1::2"}, 'the machine of the proxies is at "fe80::1::2", which is no name in DNS and no IP address'),
    ({"address": "fe80::1%eth0"}, 'the machine of the proxies is at "fe80::1%eth0", which means nothing on other machines'),
    ({"address": "[::1]"}, 'the machine of the proxies is at "[::1]", which is no name in DNS and no IP address (an IPv6 address has no brackets here)'),
    ({"address": "::ffff:0.0.0.0"}, "the machine of the proxies is at ::ffff:0.0.0.0, which is no address that others reach; give that of the machine"),
    ({"address": "10.5.0"}, 'the machine of the proxies is at "10.5.0", which is no name in DNS and no IP address'),
    ({"address": "a..b"}, 'the machine of the proxies is at "a..b", which is no name in DNS and no IP address'),
    ({"hosts": ["docker.io:443"]}, '"docker.io:443" is where docker.io lives; images are named docker.io/..., so say docker.io'),
    ({"hosts": ["reg.example:99999"]}, 'the upstream of reg.example:99999 has port 99999, and ports go from 1 to 65535: "https://reg.example:99999"'),
    ({"hosts": ["localhost:5000"]}, "localhost:5000 is the cache's own machine to the cache; say where it fetches with localhost:5000=URL"),
    ({"hosts": ["a.example=http://10.5.0.1:05000"]}, "the upstream of a.example, http://10.5.0.1:5000, is where a.example would be served"),
    ({"upstream_usernames": ["docker.io=a", "docker.io=b"]}, '"docker.io" is there twice'),
    ({"hosts": ["a.b.io", "a-b.io"], "upstream_usernames": ["a.b.io=a", "a-b.io=b"]}, '"a.b.io" and "a-b.io" would both be called "A_B_IO_PASSWORD"'),
    ({"image": "registry:1"}, 'the image is one of registry:2, registry:3, not "registry:1"'),
    ({"ca": KEY}, "the CA comes with a private key, which nodes must not get; give the certificates alone"),
    ({"port": 65534}, "gcr.io would be served on port 65536; ports go from 1 to 65535"),
    ({"port": 0}, "docker.io would be served on port 0; ports go from 1 to 65535"),
    ({"hosts": ["10.5.0.1:5001=http://10.5.0.1:5001", "ghcr.io"]}, "the upstream of 10.5.0.1:5001, http://10.5.0.1:5001, is where ghcr.io would be served"),
    ({"ttl": "24h"}, "registry:2 cannot be told how long to keep images; registry:3 can"),
    ({"ttl": "24", "image": "registry:3"}, '"24" is no time to keep images; write 168h, or 0 for ever'),
    ({"ttl": "-1h", "image": "registry:3"}, '"-1h" is no time to keep images; write 168h, or 0 for ever'),
    ({"ca": CA}, "a CA is for proxies that speak https, which need a certificate and its key"),
    ({"htpasswd": "/srv/htpasswd"}, "an htpasswd file and the user by which nodes log in go together"),
    ({"htpasswd": "/srv/a", "username": "a\nb"}, '"a\\nb" is no user'),
    ({"tls": ("", "/srv/tls.key")}, '"" is no path of a file'),
    ({"tls": ("/srv/tls.crt", "tls.key")}, '"tls.key" does not begin with /, and Docker would take it for a volume'),
    ({"htpasswd": "/srv/a:b", "username": "me"}, '"/srv/a:b" has a colon, where Docker ends a path; keep the file elsewhere'),
    ({"upstream_usernames": ["docker.io="]}, '"" is no user'),
    ({"upstream_usernames": ["quay.io=me"]}, 'a user for "quay.io", which is none of the hosts that are cached'),
]  # fmt: skip


@pytest.mark.parametrize(("options", "reason"), REFUSED)
def test_what_makes_no_cache_is_refused(options: dict[str, Any], reason: str) -> None:
    with pytest.raises(CacheError) as refusal:
        RegistryCache(**{"address": "10.5.0.1", **options})
    assert str(refusal.value) == reason


def test_one_text_is_no_list_of_hosts() -> None:
    with pytest.raises(TypeError, match="RegistryCache takes hosts as several texts, not str"):
        RegistryCache(address="10.5.0.1", hosts="docker.io")


@pytest.mark.parametrize(
    ("field", "value", "wanted"),
    [
        ("hosts", {"docker.io": "https://mirror.example"}, "several texts, not dict"),
        ("hosts", [5], "several texts, not tuple"),
        ("port", "5000", "a number, not str"),
        ("port", True, "a number, not bool"),
        ("address", None, "text, not None"),
        ("tls", ["/a", "/b"], "two texts or None, not list"),
        ("tls", ("/a",), "two texts or None, not tuple"),
        ("ttl", 168, "text or None, not int"),
        ("image", [], "text, not list"),
    ],
)
def test_values_of_other_types_are_refused(field: str, value: object, wanted: str) -> None:
    options: dict[str, Any] = {"address": "10.5.0.1", field: value}
    with pytest.raises(TypeError, match=f"RegistryCache takes {field} as {wanted}"):
        RegistryCache(**options)


def test_a_description_is_a_value() -> None:
    assert pickle.loads(pickle.dumps(WHOLE)) == WHOLE  # noqa: S301 - of our own making
    assert hash(replace(WHOLE, port=6000)) == hash(WHOLE)
    assert RegistryCache(address="a", hosts=iter(["ghcr.io"])) == RegistryCache(address="a", hosts=["ghcr.io"])  # type: ignore[arg-type]


def test_variables_are_names_to_shells_and_compose() -> None:
    hosts = ("10.0.0.9:5000", "[2001:db8::1]:5000")
    cache = RegistryCache(address="a", hosts=hosts, upstream_usernames=[f"{host}=me" for host in hosts], form="compose")
    assert '"${UPSTREAM_10_0_0_9_5000_PASSWORD:?}"' in cache.setup
    assert '"${UPSTREAM_2001_DB8_1_5000_PASSWORD:?}"' in cache.setup


@pytest.mark.parametrize(
    "url",
    ["https://registry-1.docker.io:443", "https://index.docker.io/", "https://docker.io", "https://HUB.docker.com"],
)
def test_docker_hub_has_one_url(url: str) -> None:
    assert (
        RegistryCache(address="a", hosts=[f"docker.io={url}"]).setup
        == RegistryCache(address="a", hosts=["docker.io"]).setup
    )
