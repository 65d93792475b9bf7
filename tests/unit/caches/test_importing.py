"""Files of other tools together, and what is common to all."""

from __future__ import annotations

from typing import Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from talos_registry import (
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistrySet,
    RegistryTLSConfig,
    emit,
    import_settings,
    parse,
    render_hosts,
    resolve,
)
from talos_registry.resolution.hosts import BASE_PATH
from tests.certificates import CERTIFICATE

K3S = b"mirrors: {docker.io: {endpoint: [https://m.example]}}\n"
DAEMON = b'{"registry-mirrors": ["https://m.example"]}'


def test_several_files_are_one_set_of_settings() -> None:
    result = import_settings(
        {"registries.yaml": K3S, "daemon.json": DAEMON, "c": b'{"auths": {"a.io": {"auth": "dTpw"}}}'}
    )
    assert [(one.kind, one.name) for one in result.documents] == [
        ("RegistryMirrorConfig", "docker.io"),
        ("RegistryAuthConfig", "a.io"),
    ]
    assert result.diagnostics == ()


def test_conflicting_entries_are_named_and_the_first_is_kept() -> None:
    result = import_settings(
        {"daemon.json": b'{"registry-mirrors": ["https://other.example"]}', "registries.yaml": K3S}
    )
    assert result.documents == (RegistryMirrorConfig(name="docker.io", endpoints=["https://other.example"]),)
    assert [str(one) for one in result.diagnostics] == [
        (
            'registries.yaml:1:11: error[import-conflict]: The mirror of "docker.io" says something else than daemon.json,'
            " which is kept."
        )
    ]


def test_certificates_that_one_registry_host_has_and_another_has_not_are_a_conflict() -> None:
    files = {
        "d/a.io/hosts.toml": b'[host."https://m.example"]\n',
        "d/b.io/hosts.toml": b'[host."https://m.example"]\nskip_verify = true\n',
    }
    result = import_settings(files)
    assert result.documents[2:] == (RegistryTLSConfig(name="m.example", insecure_skip_verify=True),)
    assert [str(one) for one in result.diagnostics] == [
        (
            'd/a.io/hosts.toml:1:1: error[import-conflict]: The TLS entry for "m.example" says something else than'
            " d/b.io/hosts.toml:1:1, which is kept."
        )
    ]


def test_a_broken_file_does_not_stop_the_others() -> None:
    result = import_settings({"a.yaml": b"mirrors: [", "b.json": b"{", "c/hosts.toml": b"=", "registries.yaml": K3S})
    assert len(result.documents) == 1
    assert [(one.file, one.code, one.line) for one in result.diagnostics] == [
        ("a.yaml", "yaml-syntax", 2),
        ("b.json", "import-syntax", 1),
        ("c/hosts.toml", "import-syntax", 1),
    ]


@pytest.mark.parametrize(
    "data", [b"", b"# nothing\n", b"a: b\n", b"[1]\n", b"text", b"{}", b"machine: {}\n", b'{"log-level": "info"}']
)
def test_a_file_without_registry_settings_is_named(data: bytes) -> None:
    result = import_settings({"x": data})
    assert [str(one) for one in result.diagnostics] == [
        "x: error[import-no-counterpart]: There are no registry settings of k3s, RKE2, containerd or Docker in this file."
    ]


def test_an_entry_that_talos_refuses_is_left_out_with_what_it_says() -> None:
    files = {"a": b"configs:\n  a.io:\n    tls: {ca_file: /ca.pem}\nmirrors: {b.io: {endpoint: [https://m.example]}}\n"}
    result = import_settings(files, read={"/ca.pem": b"no certificate"}.get)
    assert [one.name for one in result.documents] == ["b.io"]
    assert [str(one) for one in result.diagnostics] == [
        (
            "a:3:5: error[invalid-ca]: ca holds no certificate that can be read; paste the whole PEM block, from its BEGIN line"
            " to its END line."
        )
    ]


def test_a_talos_without_documents_takes_none() -> None:
    result = import_settings({"registries.yaml": K3S}, talos_version="1.11")
    assert result.documents == ()
    assert {one.code for one in result.diagnostics} == {"kind-needs-newer-talos"}


@pytest.mark.parametrize("files", [b"mirrors: {}", ["a"], {"a": "text"}, {1: b""}])
def test_other_types_are_refused_in_words(files: Any) -> None:
    with pytest.raises(TypeError, match="import_settings takes the bytes of files by name, not "):
        import_settings(files)


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="x"):
        import_settings({}, talos_version="x")


def test_secrets_are_never_told() -> None:
    files = {
        "a.yaml": b"configs: {a.io: {auth: {password: [hunter2], auth: hunter2, identity_token: hunter2, x: hunter2}}}\n"
        b"mirrors: {a.io: {endpoint: ['ftp://u:hunter2@m.example', 'https://u:hunter2@a b']}}\n",
        "b.json": b'{"auths": {"u:hunter2@a.io": {"auth": {"hunter2": 1}, "password": "hunter2"}}, "x": hunter2}',
        "c/hosts.toml": b'[host."https://u:hunter2@m.example".header]\na = "hunter2"\n[host."https://u:hunter2@m.example"]\n',
        "d/hosts.toml": b'server = "https://u:hunter2@a b"\nca = "//u:hunter2@x"\n',
    }
    result = import_settings(files)
    assert len(result.diagnostics) > 5
    assert "hunter2" not in "".join(map(str, result.diagnostics)) + repr(result)


# What Talos renders says what its documents do

HOSTS = ("m.example", "n.example:5000", "10.5.0.1:5000", "registry-1.docker.io")
NAMES = ("docker.io", "ghcr.io", "reg.example:5000", "*")
ENDPOINT = st.builds(
    RegistryEndpoint,
    url=st.builds("https://{}{}".format, st.sampled_from(HOSTS), st.sampled_from(("", "/", "/v2", "/a/b", "/v2/a"))),
    override_path=st.sampled_from((None, True)),
)
MIRRORS = st.lists(
    st.builds(
        RegistryMirrorConfig,
        name=st.sampled_from(NAMES),
        endpoints=st.lists(ENDPOINT, min_size=1, max_size=3, unique_by=lambda endpoint: endpoint.url),
        skip_fallback=st.sampled_from((None, True)),
    ),
    unique_by=lambda mirror: mirror.name,
)
TLS = st.lists(
    st.builds(
        RegistryTLSConfig,
        name=st.sampled_from((*HOSTS, "reg.example:5000", "ghcr.io")),
        ca=st.sampled_from(("", CERTIFICATE)),
        insecure_skip_verify=st.just(True),
    ),
    unique_by=lambda tls: tls.name,
)


@settings(deadline=None)
@given(MIRRORS, TLS)
def test_what_talos_renders_comes_back_with_the_same_plans(
    mirrors: list[RegistryMirrorConfig], tls: list[RegistryTLSConfig]
) -> None:
    before = parse(emit((*mirrors, *tls))).registries if mirrors or tls else RegistrySet({}, {}, {})
    rendered = render_hosts(before)
    files = {name: data for name, data in rendered.items() if name.endswith("/hosts.toml") and data}
    result = import_settings(files, read={f"{BASE_PATH}/{name}": data for name, data in rendered.items()}.get)
    assert result.diagnostics == ()
    after = parse(emit(result.documents)).registries if result.documents else RegistrySet({}, {}, {})
    for image in ("nginx", "ghcr.io/a/b:1", "reg.example:5000/a:1", "quay.io/a/b:1"):
        assert urls(image, after, "cri") == urls(image, before, "cri")
        if before.tls.keys() <= {endpoint.url.split("/")[2] for mirror in mirrors for endpoint in mirror.endpoints}:
            # Talos renders no other TLS settings beside a mirror, though its own puller has them.
            assert urls(image, after, "talos") == urls(image, before, "talos")


Puller = Literal["talos", "cri"]


def urls(image: str, registries: RegistrySet, puller: Puller) -> list[tuple[str, bool, bool]]:
    attempts = resolve(image, registries, puller=puller).attempts
    return [(attempt.manifest_url, attempt.skip_verify, attempt.tls is not None) for attempt in attempts]
