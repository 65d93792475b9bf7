"""Files of other tools together, and what is common to all."""

from __future__ import annotations

import json
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


@pytest.mark.parametrize(
    ("name", "data", "finding"),
    [
        (
            "a.json",
            b'{"auths": "\xff"}',
            ": error[import-syntax]: This cannot be read as JSON: it is not text in UTF-8.",
        ),
        ("a.toml", b'ca = "\xff"', ": error[import-syntax]: This cannot be read as TOML: it is not text in UTF-8."),
        ("a.yaml", b'mirrors: "\xff"', ":1:11: error[yaml-syntax]: This is not text in UTF-8: "),
        (
            "a.json",
            b'{"auths": ' + b"[" * 100_000,
            ": error[limit-exceeded]: The file is nested deeper than the 200 levels",
        ),
        (
            "a.json",
            b'{"auths": ' + b"[" * 300 + b"]" * 300 + b"}",
            ": error[limit-exceeded]: The file is nested deeper",
        ),
        ("a.toml", b"a = " + b"[" * 100_000, ": error[limit-exceeded]: The file is nested deeper than the 200 levels"),
        ("a.yaml", b"[" * 1_000, ":1:201: error[limit-exceeded]: The document is nested deeper than the 200 levels"),
        ("a.json", b'{"auths": ' + b"9" * 5_000 + b"}", ": error[import-syntax]: This cannot be read as JSON: "),
        (
            "a.json",
            b'{"auths": {"a.io": {"auth": "\\ud800"}}}',
            ': error[wrong-type]: auths["a.io"].auth must be text,',
        ),
        (
            "a.yaml",
            b"mirrors: {<<: [a]}",
            ":1:16: error[wrong-type]: A merge key takes a mapping or a list of mappings.",
        ),
        ("a.yaml", b"mirrors: {a.io: {endpoint: ['http://a b']}}", ":1:29: error[invalid-url]: "),
        (
            "a/hosts.toml",
            b'ca = """\n"""\nskip_verfy = true',
            ": error[unknown-key]: skip_verfy is no key here; did you mean",
        ),
        (
            "a/hosts.toml",
            b"client = [[]]",
            ":1:1: error[wrong-type]: client[0] must be one file, or a certificate and its key.",
        ),
        (
            "a/hosts.toml",
            b"skip_verify = [1]",
            ":1:1: error[wrong-type]: skip_verify must be true or false, not a list.",
        ),
        (
            "a/hosts.toml",
            b"skip_verify = {}",
            ":1:1: error[wrong-type]: skip_verify must be true or false, not a mapping.",
        ),
        ("a/hosts.toml", b"server = true", ":1:1: error[wrong-type]: server must be text, not true or false."),
    ],
)
def test_what_cannot_be_read_is_named(name: str, data: bytes, finding: str) -> None:
    texts = [str(one).removeprefix(name) for one in import_settings({name: data}).diagnostics]
    assert any(text.startswith(finding) for text in texts), texts


def test_a_flag_has_the_words_of_yaml() -> None:
    (document,) = import_settings({"a": b"configs: {a.io: {tls: {insecure_skip_verify: yes}}}"}).documents
    assert document == RegistryTLSConfig(name="a.io", insecure_skip_verify=True)


def test_more_than_can_be_read_again_is_not_printed() -> None:
    files = {"a": b"configs:\n" + b"".join(b"  h%d: {tls: {ca_file: /ca}}\n" % at for at in range(20))}
    result = import_settings(files, read={"/ca": CERTIFICATE.encode() + b"#" * 1024 * 1024}.get)
    assert result.documents == ()
    assert {one.code for one in result.diagnostics} == {"limit-exceeded"}


# Any values in the places of others

KEYS = [
    "mirrors",
    "configs",
    "endpoint",
    "rewrite",
    "auth",
    "tls",
    "username",
    "password",
    "identity_token",
    "ca_file",
    "cert_file",
    "key_file",
    "insecure_skip_verify",
    "server",
    "host",
    "capabilities",
    "ca",
    "client",
    "skip_verify",
    "override_path",
    "header",
    "dial_timeout",
    "registry-mirrors",
    "insecure-registries",
    "auths",
    "credsStore",
    "credHelpers",
    "identitytoken",
    "registrytoken",
    "docker.io",
    "*",
    "https://m.example",
    "^(.*)$",
]
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.sampled_from(("", "https://m.example", "a/$1", "/ca", "dTpw", "pull", True, False, 1, 1.5)),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=30,
)


def in_toml(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {in_toml(item)}" for key, item in value.items()) + "}"
    return f"[{', '.join(map(in_toml, value))}]" if isinstance(value, list) else json.dumps(value)


@settings(deadline=None, max_examples=200)
@given(st.dictionaries(st.sampled_from(KEYS), VALUES, min_size=1, max_size=4))
def test_whatever_a_file_holds_talos_takes_what_comes_of_it(value: dict[str, Any]) -> None:
    text = json.dumps(value)
    lines = "".join(f"{json.dumps(key)} = {in_toml(item)}\n" for key, item in value.items())
    for files in ({"registries.yaml": text}, {"a.json": text}, {"docker.io/hosts.toml": lines}):
        given_files = {name: data.encode() for name, data in files.items()}
        result = import_settings(given_files, read={"/ca": CERTIFICATE.encode()}.get)
        assert not result.documents or parse(emit(result.documents)).diagnostics == ()
