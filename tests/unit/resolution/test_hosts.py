from __future__ import annotations

import pytest

from talos_registry import parse
from talos_registry.diagnostic import HostsError
from talos_registry.documents import (
    ClientIdentity,
    RegistryAuthConfig,
    RegistryDocument,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
)
from talos_registry.resolution import render_cri_auth, render_hosts
from talos_registry.resolution.hosts import directory_name, upstream_host

IDENTITY = ClientIdentity.model_validate({"cert": "CERT", "key": "KEY"})


def rendered(*documents: RegistryDocument) -> dict[str, str]:
    return {path: content.decode() for path, content in render_hosts(RegistrySet.of(*documents)).items()}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("docker.io", "docker.io"),
        ("*", "_default"),
        ("reg:5000", "reg_5000_"),
        ("[::1]:5000", "[::1]_5000_"),
        ("[::1]", "[:_1]_"),
        ("a:b:c", "a:b_c_"),
        ("*:5000", "*_5000_"),
        (":5000", ":5000"),
        ("reg:", "reg__"),
    ],
)
def test_directory_name(name: str, expected: str) -> None:
    assert directory_name(name) == expected


@pytest.mark.parametrize(
    ("registry_host", "expected"),
    [("docker.io", "registry-1.docker.io"), ("registry-1.docker.io", "registry-1.docker.io"), ("ghcr.io", "ghcr.io")],
)
def test_upstream_host(registry_host: str, expected: str) -> None:
    assert upstream_host(registry_host) == expected


def test_every_setting_of_an_endpoint() -> None:
    mirror = RegistryMirrorConfig.model_validate(
        {"name": "docker.io", "endpoints": ["https://x/a", {"url": "https://y/b", "override_path": True}]}
    )
    tls = RegistryTLSConfig(name="x", ca="CA", client_identity=IDENTITY, insecure_skip_verify=True)
    assert rendered(mirror, tls) == {
        "docker.io/x-ca.crt": "CA",
        "docker.io/x-client.crt": "CERT",
        "docker.io/x-client.key": "KEY",
        "docker.io/hosts.toml": """\
[host]
  [host.'https://x/a']
    capabilities = ['pull', 'resolve']
    ca = '/etc/cri/conf.d/hosts/docker.io/x-ca.crt'
    client = [['/etc/cri/conf.d/hosts/docker.io/x-client.crt', '/etc/cri/conf.d/hosts/docker.io/x-client.key']]
    skip_verify = true
  [host.'https://y/b']
    capabilities = ['pull', 'resolve']
    override_path = true
""",
        "x/x-ca.crt": "CA",
        "x/x-client.crt": "CERT",
        "x/x-client.key": "KEY",
        "x/hosts.toml": """\
server = 'https://x'
ca = '/etc/cri/conf.d/hosts/x/x-ca.crt'
client = [['/etc/cri/conf.d/hosts/x/x-client.crt', '/etc/cri/conf.d/hosts/x/x-client.key']]
skip_verify = true
""",
    }


def test_hosts_toml_is_the_last_file_of_a_directory() -> None:
    mirror = RegistryMirrorConfig.model_validate({"name": "m", "endpoints": ["https://x"]})
    files = rendered(mirror, RegistryTLSConfig(name="x", ca="CA"))
    assert [path for path in files if path.startswith("m/")] == ["m/x-ca.crt", "m/hosts.toml"]


@pytest.mark.parametrize(
    ("endpoints", "expected"),
    [
        ([], ""),
        (["https://y"], "server = 'https://y'\ncapabilities = ['pull', 'resolve']\n"),
        (
            ["https://x", {"url": "https://y", "override_path": True}],
            """\
server = 'https://y'
capabilities = ['pull', 'resolve']
override_path = true
[host]
  [host.'https://x']
    capabilities = ['pull', 'resolve']
""",
        ),
    ],
)
def test_without_fallback_the_last_endpoint_becomes_the_server(endpoints: list[object], expected: str) -> None:
    mirror = RegistryMirrorConfig.model_validate({"name": "m", "endpoints": endpoints, "skip_fallback": True})
    assert rendered(mirror) == {"m/hosts.toml": expected}


@pytest.mark.parametrize(
    ("tls", "expected"),
    [
        (RegistryTLSConfig(name="ghcr.io"), {}),
        (RegistryTLSConfig(name="ghcr.io", insecure_skip_verify=False), {}),
        (RegistryTLSConfig(name="*"), {}),
        (
            RegistryTLSConfig(name="docker.io", insecure_skip_verify=True),
            {"docker.io/hosts.toml": "server = 'https://registry-1.docker.io'\nskip_verify = true\n"},
        ),
        (
            RegistryTLSConfig(name="some.host:123", ca="CA"),
            {
                "some.host_123_/some.host:123-ca.crt": "CA",
                "some.host_123_/hosts.toml": """\
server = 'https://some.host:123'
ca = '/etc/cri/conf.d/hosts/some.host_123_/some.host:123-ca.crt'
""",
            },
        ),
    ],
)
def test_tls_document_without_mirror(tls: RegistryTLSConfig, expected: dict[str, str]) -> None:
    assert rendered(tls) == expected


def test_mirror_keeps_the_directory_from_the_tls_document() -> None:
    mirror = RegistryMirrorConfig(name="ghcr.io")
    assert rendered(mirror, RegistryTLSConfig(name="ghcr.io", insecure_skip_verify=True)) == {"ghcr.io/hosts.toml": ""}


def test_catch_all_tls_is_refused_unless_a_catch_all_mirror_exists() -> None:
    tls = RegistryTLSConfig(name="*", insecure_skip_verify=True)
    with pytest.raises(HostsError, match=r"^wildcard host TLS configuration is not supported$"):
        render_hosts(RegistrySet.of(tls))
    assert rendered(RegistryMirrorConfig(name="*"), tls) == {"_default/hosts.toml": ""}


@pytest.mark.parametrize(("override", "shown"), [(None, "false"), (True, "true")])
def test_endpoint_that_is_no_url(override: bool | None, shown: str) -> None:
    endpoint = RegistryEndpoint(url="127.0.0.1:5000", override_path=override)
    with pytest.raises(HostsError) as caught:
        render_hosts(RegistrySet.of(RegistryMirrorConfig(name="docker.io", endpoints=(endpoint,))))
    assert str(caught.value) == (
        f'error parsing endpoint {{"127.0.0.1:5000" %!q(bool={shown})}} for host "docker.io": '
        'parse "127.0.0.1:5000": first path segment in URL cannot contain colon'
    )


def test_base_path() -> None:
    tls = RegistryTLSConfig(name="r", ca="CA")
    files = render_hosts(RegistrySet.of(tls), base_path="/a/../b/")
    assert files["r/hosts.toml"] == b"server = 'https://r'\nca = '/b/r/r-ca.crt'\n"


def test_ca_bytes_that_are_not_text_are_written_unchanged() -> None:
    tls = RegistryTLSConfig.from_values({"name": "r", "ca": b"\xff\x00".decode("utf-8", "surrogateescape")})
    assert render_hosts(RegistrySet.of(tls))["r/r-ca.crt"] == b"\xff\x00"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://x", "'https://x'"),
        ("mirror", "mirror"),
        ("", "''"),
        ("https://x/'", '''"https://x/'"'''),
        ("https://x/\"\\'", '"https://x/\\"\\\\\'"'),
        ("https://x/ä", "'https://x/ä'"),
        ("https://x/\udcff", '"https://x/\\u00FF"'),
    ],
)
def test_keys_are_quoted_as_go_toml_does(url: str, key: str) -> None:
    mirror = RegistryMirrorConfig.from_values({"name": "m", "endpoints": [{"url": url}]})
    assert rendered(mirror)["m/hosts.toml"].splitlines()[1] == f"  [host.{key}]"


CRI_HEADER = """\
[plugins]
  [plugins.'io.containerd.cri.v1.images']
    [plugins.'io.containerd.cri.v1.images'.registry]
      config_path = '/etc/cri/conf.d/hosts'

      [plugins.'io.containerd.cri.v1.images'.registry.configs]
"""


def test_cri_auth_without_credentials() -> None:
    assert render_cri_auth(RegistrySet.of()) == CRI_HEADER


def test_cri_auth_is_sorted_by_the_host_that_is_written() -> None:
    auths = [RegistryAuthConfig.from_values({"name": name, "username": name}) for name in ("quay", "docker.io", "a:1")]
    lines = render_cri_auth(RegistrySet.of(*auths)).removeprefix(CRI_HEADER).splitlines()
    written = "plugins.'io.containerd.cri.v1.images'.registry.configs"
    assert lines == [
        f"        [{written}.'a:1']",
        f"          [{written}.'a:1'.auth]",
        "            username = 'a:1'",
        "            password = ''",
        "            auth = ''",
        "            identitytoken = ''",
        "",
        f"        [{written}.quay]",
        f"          [{written}.quay.auth]",
        "            username = 'quay'",
        "            password = ''",
        "            auth = ''",
        "            identitytoken = ''",
        "",
        f"        [{written}.'registry-1.docker.io']",
        f"          [{written}.'registry-1.docker.io'.auth]",
        "            username = 'docker.io'",
        "            password = ''",
        "            auth = ''",
        "            identitytoken = ''",
    ]


def test_cri_auth_of_the_upstream_replaces_that_of_docker_io() -> None:
    auths = [
        RegistryAuthConfig.from_values({"name": name, "username": name})
        for name in ("registry-1.docker.io", "docker.io")
    ]
    text = render_cri_auth(RegistrySet.of(*auths))
    assert "username = 'registry-1.docker.io'" in text
    assert "username = 'docker.io'" not in text


@pytest.mark.parametrize(
    ("secret", "written"),
    [
        ("p", "'p'"),
        ('a\\b"c', "'a\\b\"c'"),
        ("it's", '"it\'s"'),
        ("a\tb", '"a\\tb"'),
        ("a\r\nb", '"a\\r\\nb"'),
        ("\b\f\x1b\x7f", '"\\b\\f\\u001B\\u007F"'),
        ("é\u2028", "'é\u2028'"),
    ],
)
def test_strings_are_quoted_as_go_toml_does(secret: str, written: str) -> None:
    auth = RegistryAuthConfig.from_values({"name": "r", "password": secret})
    assert f"            password = {written}\n" in render_cri_auth(RegistrySet.of(auth))


@pytest.mark.parametrize(("talos_version", "written"), [("1.12", "'a\tb'"), ("1.13.9", "'a\tb'"), ("1.14", '"a\\tb"')])
def test_a_tab_is_written_as_it_is_before_1_14(talos_version: str, written: str) -> None:
    auth = RegistryAuthConfig.from_values({"name": "r", "username": "a\tb", "password": "a\nb"})
    text = render_cri_auth(RegistrySet.of(auth), talos_version=talos_version)
    assert f'username = {written}\n            password = "a\\nb"\n' in text
    tls = RegistrySet.of(RegistryTLSConfig(name="a\tb", insecure_skip_verify=True))
    files = render_hosts(tls, talos_version=talos_version)
    assert files["a\tb/hosts.toml"].decode().startswith(f"server = {written[0]}https://")


def test_the_version_is_that_of_the_config() -> None:
    source = 'apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: r\nusername: "a\\tb"\npassword: p\n'
    old, new = (parse(source, talos_version=version) for version in ("1.13", "1.14"))
    assert "username = 'a\tb'" in render_cri_auth(old)
    assert render_cri_auth(new) == render_cri_auth(old, talos_version="1.14") == render_cri_auth(old.registries)
    with pytest.raises(ValueError, match="not a Talos version"):
        render_hosts(old, talos_version="x")
