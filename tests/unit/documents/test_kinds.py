from __future__ import annotations

from typing import Any

import pytest

from talos_registry.documents import KINDS, TYPED
from talos_registry.documents.kinds import kind_problem
from talos_registry.documents.shapes import STRING, URL, Leaf, ListOf, MapOf, Struct, go_name
from talos_registry.messages import did_you_mean, quoted
from talos_registry.versions import release_of

ENCODED_PEM = "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0t"


def problems(kind: str, values: dict[str, Any], version: str = "1.14") -> list[tuple[str, str, str]]:
    found = KINDS[kind].problems(values, release_of(version))
    return [(problem.code, ".".join(map(str, problem.path)), problem.text) for problem in found]


MIRROR_ROWS: list[tuple[dict[str, Any], list[tuple[str, str, str]]]] = [
    ({"name": "docker.io"}, []),
    ({"name": "*", "endpoints": [], "skipFallback": True}, []),
    ({"name": "a b/c", "endpoints": [{"url": url} for url in ("http:", "http:a", "http:///p", "https://:5000")]}, []),
    ({}, [("missing-name", "name", "name must be specified")]),
    (
        {"name": "a", "endpoints": [{}, {"url": "ftp://a"}, {"url": "http://a"}, {"url": "//a/b"}]},
        [
            ("missing-url", "endpoints.0", "endpoints[0].url must be specified"),
            ("unsupported-scheme", "endpoints.1.url", 'endpoints[1].url has unsupported scheme: "ftp"'),
            ("unsupported-scheme", "endpoints.3.url", 'endpoints[3].url has unsupported scheme: ""'),
        ],
    ),
    (
        {
            "name": "a",
            "endpoints": [{"url": "reg"}, {"url": "reg:5000"}, {"url": "reg.example/v2"}, {"url": "localhost:x"}],
        },
        [
            ("endpoint-without-scheme", "endpoints.0.url", 'endpoints[0].url has unsupported scheme: ""'),
            ("endpoint-without-scheme", "endpoints.1.url", 'endpoints[1].url has unsupported scheme: "reg"'),
            ("endpoint-without-scheme", "endpoints.2.url", 'endpoints[2].url has unsupported scheme: ""'),
            ("unsupported-scheme", "endpoints.3.url", 'endpoints[3].url has unsupported scheme: "localhost"'),
        ],
    ),
    (
        {"name": "a", "endpoints": [{"url": "10.5.0.1:5000"}, {"url": "http://a b"}]},
        [
            (
                "endpoint-without-scheme",
                "endpoints.0.url",
                'parse "10.5.0.1:5000": first path segment in URL cannot contain colon',
            ),
            ("invalid-url", "endpoints.1.url", 'parse "http://a b": invalid character " " in host name'),
        ],
    ),
]


@pytest.mark.parametrize(("values", "expected"), MIRROR_ROWS)
def test_mirror(values: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert problems("RegistryMirrorConfig", values) == expected


TWO = (
    "conflicting-auth",
    "identityToken",
    "only one of username/password or identityToken authentication can be specified",
)
THREE = (
    "conflicting-auth",
    "auth",
    "only one of auth, username/password or identityToken authentication can be specified",
)


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, []),
        ({"username": "u", "password": "p"}, []),
        ({"password": "p", "auth": "a"}, []),
        ({"password": "p", "identityToken": "t"}, []),
        ({"auth": "!!!"}, []),
        ({"username": "u", "identityToken": "t"}, [TWO]),
        ({"username": "u", "auth": "a"}, [THREE]),
        ({"auth": "a", "identityToken": "t"}, [THREE]),
        ({"username": "u", "auth": "a", "identityToken": "t"}, [TWO, THREE]),
    ],
)
def test_auth(members: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert problems("RegistryAuthConfig", {"name": "a", **members}) == expected
    assert problems("RegistryAuthConfig", members) == [("missing-name", "name", "name must be specified"), *expected]


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"insecureSkipVerify": True}, []),
        ({"ca": "x"}, [("invalid-ca", "ca", "ca must be a valid PEM-encoded certificate")]),
        ({"ca": ENCODED_PEM}, [("wrong-pem-encoding", "ca", "ca must be a valid PEM-encoded certificate")]),
        (
            {"clientIdentity": {}},
            [("invalid-client-identity", "clientIdentity", "client identity: certificate is required")],
        ),
        (
            {"clientIdentity": {"cert": "x"}},
            [("invalid-client-identity", "clientIdentity", "client identity: key is required")],
        ),
        (
            {"clientIdentity": {"cert": "x", "key": "y"}},
            [("invalid-client-identity", "clientIdentity.cert", "client identity: certificate: no PEM blocks found")],
        ),
        (
            {"clientIdentity": {"cert": ENCODED_PEM, "key": "y"}},
            [("wrong-pem-encoding", "clientIdentity.cert", "client identity: certificate: no PEM blocks found")],
        ),
    ],
)
def test_tls(members: dict[str, Any], expected: list[tuple[str, str, str]]) -> None:
    assert problems("RegistryTLSConfig", {"name": "a", **members}) == expected


def test_image_cache() -> None:
    assert problems("ImageCacheConfig", {"local": {"enabled": True}}) == []


@pytest.mark.parametrize("kind", KINDS)
def test_a_model_has_the_fields_of_its_struct(kind: str) -> None:
    aliases = {field.serialization_alias for field in TYPED[kind].model_fields.values()}
    assert aliases == KINDS[kind].struct.fields.keys()


@pytest.mark.parametrize(
    ("shape", "name"),
    [
        (STRING, "string"),
        (ListOf(URL), "[]meta.URL"),
        (MapOf(Struct("x.Y", {}, is_pointer=True)), "map[string]*x.Y"),
        (ListOf(Struct("x.Y", {})), "[]x.Y"),
    ],
)
def test_names_of_go_types(shape: Leaf | ListOf | MapOf, name: str) -> None:
    assert go_name(shape) == name


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", '"a"'),
        ("", '""'),
        ("a\nb\x1b[31m\x07", r'"a\nb\x1b[31m\x07"'),
        ("\udcff\u2028\u202e", r'"\udcff\u2028\u202e"'),
        ("ä😀", '"ä😀"'),
        ("x" * 101, f'"{"x" * 100}..."'),
        ("http://u:secret@h/p", '"http://***@h/p"'),
        ("https://token@h", '"https://***@h"'),
        ("u:secret@h", '"***@h"'),
        ("http://u:se//cr@et@h", '"http://***@h"'),
        ("robot@h", '"***@h"'),
    ],
)
def test_a_value_in_a_message_is_short_plain_and_without_password(text: str, shown: str) -> None:
    assert quoted(text) == shown


@pytest.mark.parametrize("url", ["http://u:pa ss@h", "http://u:p/ss@h", "http://u:%zz@h", "http://u:x@h:q"])
def test_no_message_holds_a_password(url: str) -> None:
    (problem,) = KINDS["RegistryMirrorConfig"].problems({"name": "a", "endpoints": [{"url": url}]}, release_of("1.14"))
    assert not any(part in problem.message for part in ("pa ss", ":p", "%zz", "u:"))


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("endpoint", '; did you mean "endpoints"?'),
        ("SKIPFALLBACK", '; did you mean "skipFallback"?'),
        ("unrelated", "."),
    ],
)
def test_did_you_mean(word: str, said: str) -> None:
    assert did_you_mean(word, ["endpoints", "skipFallback", "name"]) == said


@pytest.mark.parametrize(
    ("api_version", "kind", "message"),
    [
        ("v1", "ConfigMap", "This is a Kubernetes ConfigMap; Talos takes only its own documents."),
        ("apps/v1", "Deployment", "This is a Kubernetes Deployment; Talos takes only its own documents."),
        ("v1", "Config", "This is a kubeconfig; Talos takes only its own documents."),
        (
            "v1alpha1",
            "RegistryMirorConfig",
            'Talos 1.14 has no document kind "RegistryMirorConfig"; did you mean "RegistryMirrorConfig"?',
        ),
        ("v1alpha2", "RegistryMirorConfig", 'Talos 1.14 has no document kind "RegistryMirorConfig".'),
    ],
)
def test_a_document_of_another_tool_is_called_what_it_is(api_version: str, kind: str, message: str) -> None:
    problem = kind_problem(kind, api_version, release_of("1.14"))
    assert problem is not None
    assert problem.message == message
