"""The ``hosts.toml`` files of a containerd."""

from __future__ import annotations

from textwrap import dedent
from typing import TYPE_CHECKING

import pytest

from talos_registry import (
    ClientIdentity,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    emit,
    import_settings,
    parse,
    resolve,
)
from tests.certificates import CERTIFICATE, KEY

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

NODE = {
    "/etc/ssl/ca.pem": CERTIFICATE.encode(),
    "/etc/ssl/other.pem": CERTIFICATE.encode().rstrip(b"\n"),
    "/etc/ssl/c.crt": CERTIFICATE.encode(),
    "/etc/ssl/c.key": KEY.encode(),
    "/etc/ssl/both.pem": (KEY + CERTIFICATE).encode(),
    "certs.d/m.example/ca.crt": CERTIFICATE.encode(),
}
IDENTITY = ClientIdentity(cert=CERTIFICATE, key=KEY)


def imported(directory: str, text: str) -> tuple[tuple[RegistryDocument, ...], list[str]]:
    """What comes of a file in the directory of a registry host."""
    result = import_settings({f"certs.d/{directory}/hosts.toml": dedent(text).encode()}, read=NODE.get)
    return result.documents, [str(one).removeprefix(f"certs.d/{directory}/hosts.toml") for one in result.diagnostics]


def test_hosts_are_endpoints_in_their_order_and_the_upstream_is_the_fallback() -> None:
    text = """\
        # of the platform team
        server = "https://registry-1.docker.io"

        [host."https://z.example"]
          capabilities = ["pull", "resolve"]

        [host."http://10.5.0.1:5000"]
          capabilities = ["Pull", "Resolve", "push"]

        [host."https://a.example/v2/hub"]
          override_path = true
        """
    assert imported("docker.io", text) == (
        (
            RegistryMirrorConfig(
                name="docker.io",
                endpoints=[
                    "https://z.example",
                    "http://10.5.0.1:5000",
                    RegistryEndpoint(url="https://a.example/v2/hub", override_path=True),
                ],
            ),
        ),
        [],
    )


@pytest.mark.parametrize("puller", ["talos", "cri"])
def test_another_server_is_asked_last_and_the_upstream_is_not(puller: str) -> None:
    text = 'server = "https://cache.example/v2/all"\noverride_path = true\n[host."https://m.example/x"]\n'
    documents, findings = imported("_default", text)
    assert findings == []
    assert documents == (
        RegistryMirrorConfig(
            name="*",
            endpoints=[
                "https://m.example/x",
                RegistryEndpoint(url="https://cache.example/v2/all", override_path=True),
            ],
            skip_fallback=True,
        ),
    )
    plan = resolve("ghcr.io/a/b:1", parse(emit(documents)), puller=puller)  # type: ignore[arg-type]
    assert [attempt.manifest_url for attempt in plan.attempts] == [
        "https://m.example/x/v2/a/b/manifests/1?ns=ghcr.io",
        "https://cache.example/v2/all/a/b/manifests/1?ns=ghcr.io",
    ]


@pytest.mark.parametrize(
    ("directory", "server"),
    [
        ("docker.io", "https://registry-1.docker.io"),
        ("docker.io", "https://registry-1.docker.io/v2"),
        ("ghcr.io", "https://ghcr.io/"),
        ("ghcr.io", "ghcr.io"),
        ("reg.example_5000_", "https://reg.example:5000"),
    ],
)
def test_the_upstream_has_several_spellings(directory: str, server: str) -> None:
    (document,), findings = imported(directory, f'server = "{server}"\n[host."https://m.example"]\n')
    assert isinstance(document, RegistryMirrorConfig)
    assert (document.endpoints, document.skip_fallback, findings) == (
        (RegistryEndpoint(url="https://m.example"),),
        None,
        [],
    )


@pytest.mark.parametrize("server", ["http://ghcr.io", "https://docker.io", "https://ghcr.io/x"])
def test_what_is_nearly_the_upstream_is_another_server(server: str) -> None:
    (document,), _ = imported("ghcr.io", f'server = "{server}"\n')
    assert document == RegistryMirrorConfig(name="ghcr.io", endpoints=[server], skip_fallback=True)


@pytest.mark.parametrize(
    ("directory", "name"),
    [
        ("_default", "*"),
        ("docker.io", "docker.io"),
        ("reg.example_5000_", "reg.example:5000"),
        ("reg.example:5000", "reg.example:5000"),
        ("[::1]_5000_", "[::1]:5000"),
    ],
)
def test_the_directory_says_for_which_registry_host(directory: str, name: str) -> None:
    (document,), _ = imported(directory, '[host."https://m.example"]\n')
    assert document.name == name


def test_a_file_without_a_directory_is_for_no_registry_host() -> None:
    result = import_settings({"-": b'server = "https://m.example"\n'})
    assert [str(one) for one in result.diagnostics] == [
        (
            "-: error[import-no-counterpart]: The directory of this file says for which registry host it is;"
            " pass it as HOST/hosts.toml."
        )
    ]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ('ca = "/etc/ssl/ca.pem"', RegistryTLSConfig(name="m.example", ca=CERTIFICATE)),
        ('ca = ["/etc/ssl/other.pem", "/etc/ssl/ca.pem"]', RegistryTLSConfig(name="m.example", ca=CERTIFICATE * 2)),
        ("skip_verify = true", RegistryTLSConfig(name="m.example", insecure_skip_verify=True)),
        (
            'client = [["/etc/ssl/c.crt", "/etc/ssl/c.key"]]',
            RegistryTLSConfig(name="m.example", client_identity=IDENTITY),
        ),
        ('client = "/etc/ssl/both.pem"', RegistryTLSConfig(name="m.example", client_identity=IDENTITY)),
        ('client = ["/etc/ssl/both.pem"]', RegistryTLSConfig(name="m.example", client_identity=IDENTITY)),
        ('client = [["/etc/ssl/both.pem", ""]]', RegistryTLSConfig(name="m.example", client_identity=IDENTITY)),
    ],
)
def test_certificates_are_for_the_host_of_the_endpoint(settings: str, expected: RegistryTLSConfig) -> None:
    documents, findings = imported("docker.io", f'[host."https://m.example"]\n{settings}\n')
    assert (documents[1:], findings) == ((expected,), [])


def test_certificates_at_the_top_are_for_the_server() -> None:
    expected = RegistryTLSConfig(name="registry-1.docker.io", insecure_skip_verify=True)
    # Talos gives containerd the TLS settings of an upstream by its own name, which docker.io is not.
    endpoints = (RegistryEndpoint(url="https://registry-1.docker.io"),)
    mirror = RegistryMirrorConfig(name="docker.io", endpoints=endpoints, skip_fallback=True)
    assert imported("docker.io", "skip_verify = true\n") == ((mirror, expected), [])
    expected = RegistryTLSConfig(name="r.example", insecure_skip_verify=True)
    assert imported("r.example", 'server = "https://r.example"\nskip_verify = true\n') == ((expected,), [])
    documents, findings = imported("_default", "skip_verify = true\n")
    assert documents == ()
    assert findings == [
        ":1:1: error[import-no-counterpart]: skip_verify has no counterpart: certificates are for one host."
    ]


def test_the_upstream_is_an_endpoint_where_there_are_certificates_for_it() -> None:
    text = 'server = "https://r.example"\nskip_verify = true\n[host."https://m.example"]\n'
    documents, findings = imported("r.example", text)
    assert findings == []
    assert documents[0] == RegistryMirrorConfig(
        name="r.example", endpoints=["https://m.example", "https://r.example"], skip_fallback=True
    )


def test_a_path_that_is_relative_begins_with_the_directory() -> None:
    documents, findings = imported("m.example", 'ca = "ca.crt"\n')
    assert (documents, findings) == ((RegistryTLSConfig(name="m.example", ca=CERTIFICATE),), [])


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (
            '[host."https://m.example"]\n  capabilities = ["pull"]\n',
            [
                (
                    ':2:3: error[import-no-counterpart]: host["https://m.example"].capabilities has no counterpart: an endpoint is'
                    " asked for all; this one is left out."
                )
            ],
        ),
        (
            '[host."https://m.example"]\n  dial_timeout = "1s"\n[host."https://m.example".header]\n  x-a = "hunter2"\n',
            [
                (
                    ':2:3: error[import-no-counterpart]: host["https://m.example"].dial_timeout has no counterpart: nodes send'
                    " what they send, and wait as long as they do."
                ),
                (
                    ':3:1: error[import-no-counterpart]: host["https://m.example"].header has no counterpart: nodes send what they'
                    " send, and wait as long as they do."
                ),
            ],
        ),
        (
            '[host."https://m.example"]\nskip_verfy = true\n',
            [
                ':2:1: error[unknown-key]: host["https://m.example"].skip_verfy is no key here; did you mean "skip_verify"?'
            ],
        ),
        (
            '[host."https://m.example"]\nskip_verify = "yes?"\n',
            [':2:1: error[wrong-type]: host["https://m.example"].skip_verify must be true or false, not this text.'],
        ),
        (
            '[host."https://m.example"]\nclient = ["/etc/ssl/both.pem", "/etc/ssl/c.crt"]\n',
            [
                (
                    ':2:1: error[import-no-counterpart]: host["https://m.example"].client[1] has no counterpart: there is one'
                    " client certificate for a host; the first is taken."
                )
            ],
        ),
        (
            '[host."https://m.example"]\nclient = "/etc/ssl/c.crt"\n',
            [
                (
                    ':2:1: error[invalid-client-identity]: host["https://m.example"].client names a file that does not hold both'
                    " a certificate and its key."
                )
            ],
        ),
        ("server = 'https://a b'\n", [":1:1: error[invalid-url]"]),
        ("[host\n", [":1:6: error[import-syntax]: This cannot be read as TOML:"]),
        ('server = "https://u:hunter2@m.example"\nserver = 1\n', [":2:11: error[import-syntax]:"]),
        ("host = 1\n", [":1:1: error[wrong-type]: host must be a mapping, not this text."]),
    ],
)
def test_what_cannot_be_said_is_named_with_its_line(text: str, findings: list[str]) -> None:
    _, found = imported("docker.io", text)
    assert len(found) == len(findings)
    assert all(one.startswith(expected) for one, expected in zip(found, findings, strict=True)), found
    assert "hunter2" not in "".join(found)


def test_other_configuration_of_containerd_is_named() -> None:
    result = import_settings({"config.toml": b"version = 3\n[plugins.a]\nb = 1\n"})
    assert [str(one) for one in result.diagnostics] == [
        "config.toml:2:1: error[import-no-counterpart]: plugins has no counterpart: of containerd only hosts.toml files are read."
    ]
