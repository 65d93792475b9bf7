from __future__ import annotations

import pytest

from talos_registry.diagnostic import HostsError
from talos_registry.documents import RegistryMirrorConfig
from talos_registry.resolution.containerd import HostsDirectory, api_path, read_hosts, split_host_port
from talos_registry.resolution.hosts import Directory

ROOT = "/hosts"
DEFAULT = ("https", "ghcr.io", "/v2")


def tree(**files: str) -> HostsDirectory:
    """A tree from ``directory="text of its hosts.toml"``."""
    return HostsDirectory.of(
        {
            name: Directory(RegistryMirrorConfig(name=name), {"hosts.toml": text.encode()})
            for name, text in files.items()
        },
        ROOT,
    )


def places(tree: HostsDirectory, registry_host: str) -> list[tuple[str, str, str]]:
    return [(host.scheme, host.host, host.path) for host in read_hosts(tree, registry_host)]


@pytest.mark.parametrize(
    ("path", "override", "expected"),
    [
        ("", False, "/v2"),
        ("", True, ""),
        ("/", False, "//v2"),
        ("/", True, "/"),
        ("/v2", False, "/v2"),
        ("/v2/", False, "/v2"),
        ("//v2//", False, "/v2"),
        ("/v2/p", False, "/v2/p/v2"),
        ("/v2/p/", True, "/v2/p"),
        ("/x/", False, "/x/v2"),
        ("/xv2", False, "/xv2/v2"),
        ("/foo/V2", False, "/foo/V2/v2"),
        ("/a/../b/", True, "/b"),
    ],
)
def test_api_path(path: str, override: bool, expected: str) -> None:
    assert api_path(path, override=override) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("localhost", ("localhost", "")),
        ("localhost:5000", ("localhost", "5000")),
        ("localhost:", ("localhost", "")),
        ("[::1]:5000", ("::1", "5000")),
        ("[::1]", ("[::1]", "")),
        ("::1", ("::1", "")),
        ("a:b:c", ("a:b:c", "")),
        (":80", ("", "80")),
    ],
)
def test_split_host_port(text: str, expected: tuple[str, str]) -> None:
    assert split_host_port(text) == expected


@pytest.mark.parametrize(
    ("names", "registry_host", "expected"),
    [
        (["reg:5000", "reg_5000_", "_default"], "reg:5000", "reg_5000_"),
        (["reg:5000", "_default"], "reg:5000", "reg:5000"),
        (["reg", "_default"], "reg:5000", "_default"),
        (["reg"], "reg:5000", None),
        (["reg_5000_"], "reg_5000_", "reg_5000_"),
        (["[:_1]_"], "[::1]", "[:_1]_"),
        (["ghcr.io/foo", "_default"], "ghcr.io", "ghcr.io"),
        (["./ghcr.io", "_default"], "ghcr.io", "ghcr.io"),
        ([], "ghcr.io", None),
    ],
)
def test_the_first_directory_that_exists_is_used(names: list[str], registry_host: str, expected: str | None) -> None:
    found = tree(**dict.fromkeys(names, "")).directory(registry_host)
    assert found == (expected and f"{ROOT}/{expected}")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("", [DEFAULT], id="empty"),
        pytest.param("[host]\n[host.'http://b']\n[host.'http://a']\n", [("http", "b", "/v2"), ("http", "a", "/v2"), DEFAULT], id="order"),
        pytest.param("server = 'http://s/x'\n[host.'http://a']\n", [("http", "a", "/v2"), ("http", "s", "/x/v2")], id="server last"),
        pytest.param("[host]\n[host.'http://a']\n[host.'http://a']\n", [DEFAULT], id="duplicate table"),
        pytest.param("server = 'http://s'\nserver", [DEFAULT], id="broken"),
        pytest.param("[host]\n[host.'mirror.local:5000']\n", [("https", "mirror.local:5000", "/v2"), DEFAULT], id="no scheme"),
        pytest.param("[host]\n[host.'HTTPS://m1']\n", [("https", "HTTPS:", "/m1/v2"), DEFAULT], id="upper-case scheme"),
        pytest.param("[host]\n[host.'mirror.local:abc']\n", [DEFAULT], id="no URL"),
        pytest.param("[host]\n[host.'']\n", [DEFAULT], id="empty first key is passed over"),
        pytest.param("[host]\n[host.'http://a']\n[host.'']\n", [("http", "a", "/v2"), ("", "", ""), DEFAULT], id="empty key"),
        pytest.param("server = 'http://s'\noverride_path = true\n", [("http", "s", "")], id="override path"),
    ],
)  # fmt: skip
def test_hosts_of_a_file(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert places(tree(**{"ghcr.io": text}), "ghcr.io") == expected


@pytest.mark.parametrize(
    ("registry_host", "scheme", "host", "skip_verify", "https_first"),
    [
        ("docker.io", "https", "registry-1.docker.io", None, False),
        ("ghcr.io:443", "https", "ghcr.io:443", None, False),
        ("localhost", "https", "localhost", True, False),
        ("localhost:443", "https", "localhost:443", True, False),
        ("localhost:80", "http", "localhost:80", None, False),
        ("localhost:5000", "https", "localhost:5000", True, True),
        ("127.1.2.3:5000", "https", "127.1.2.3:5000", True, True),
        ("[::1]:5000", "https", "[::1]:5000", True, True),
        ("[::ffff:7f00:1]:5000", "https", "[::ffff:7f00:1]:5000", True, True),
        ("[::1]", "https", "[::1]", None, False),
        ("128.0.0.1:5000", "https", "128.0.0.1:5000", None, False),
        ("LOCALHOST:5000", "https", "LOCALHOST:5000", None, False),
    ],
)
def test_default_host(registry_host: str, scheme: str, host: str, skip_verify: bool | None, https_first: bool) -> None:
    (found,) = read_hosts(tree(), registry_host)
    assert found[1:4] == (scheme, host, "/v2")
    assert found.capabilities == {"pull", "resolve", "push", "referrers"}
    assert (found.skip_verify, found.https_first) == (skip_verify, https_first)


@pytest.mark.parametrize(
    ("server", "settings", "scheme", "https_first"),
    [
        ("http://m:5000", "skip_verify = true", "https", True),
        ("http://m:5000", "skip_verify = false", "https", True),
        ("http://m", "skip_verify = true", "https", True),
        ("http://m:80", "skip_verify = true", "http", False),
        ("http://m:5000", "override_path = true", "http", False),
        ("https://m:5000", "skip_verify = true", "https", False),
    ],
)
def test_plain_http_with_tls_settings_tries_https_first(
    server: str, settings: str, scheme: str, https_first: bool
) -> None:
    (found,) = read_hosts(tree(**{"ghcr.io": f"server = '{server}'\n{settings}\n"}), "ghcr.io")
    assert (found.scheme, found.https_first) == (scheme, https_first)


def test_capabilities_of_the_file() -> None:
    text = "capabilities = ['pull', 'resolve']\nserver = 'http://s'\n[host.'http://a']\n"
    mirror, server = read_hosts(tree(**{"ghcr.io": text}), "ghcr.io")
    assert mirror.capabilities == {"pull", "resolve", "push", "referrers"}
    assert server.capabilities == {"pull", "resolve"}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("ca = '/hosts/r/r-ca.crt'", 'unable to load CA cert "/hosts/r/r-ca.crt"'),
        ("ca = '/no'", 'unable to read CA cert "/no": open /no: no such file or directory'),
        (
            "client = [['/hosts/r/r-ca.crt', '/hosts/r/r-ca.crt']]",
            "failed to load X509 key pair: tls: failed to find any PEM data in certificate input",
        ),
        ("client = [['/no', '/no']]", 'unable to read CERT file "/no": open /no: no such file or directory'),
        ("", 'unable to load CA cert "/hosts/r/r-ca.crt"'),
        ("not TOML", 'unable to load CA cert "/hosts/r/r-ca.crt"'),
    ],
)
def test_certificates_that_cannot_be_loaded(text: str, error: str) -> None:
    files = {"r-ca.crt": b"no certificate", "r-client.key": b"no key", "hosts.toml": text.encode()}
    with pytest.raises(HostsError) as caught:
        read_hosts(HostsDirectory.of({"r": Directory(RegistryMirrorConfig(name="r"), files)}, ROOT), "r")
    assert str(caught.value) == error
