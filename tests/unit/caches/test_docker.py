"""The ``daemon.json`` and the ``config.json`` of a Docker."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from talos_registry import RegistryAuthConfig, RegistryMirrorConfig, RegistryTLSConfig, import_settings

if TYPE_CHECKING:
    from talos_registry.documents import RegistryDocument

LOGIN = "cm9ib3Q6aHVudGVyMg=="  # robot:hunter2


def imported(value: Any) -> tuple[tuple[RegistryDocument, ...], list[str]]:
    result = import_settings({"a.json": json.dumps(value).encode()})
    return result.documents, [str(one) for one in result.diagnostics]


def test_mirrors_are_for_docker_hub() -> None:
    daemon = {
        "log-driver": "journald",
        "registry-mirrors": ["https://m.example/", "http://10.5.0.1:5000"],
        "insecure-registries": ["10.5.0.1:5000"],
    }
    mirror = RegistryMirrorConfig(name="docker.io", endpoints=["https://m.example/", "http://10.5.0.1:5000"])
    assert imported(daemon) == ((mirror,), [])


def test_an_insecure_registry_is_not_verified_and_its_http_is_named() -> None:
    documents, findings = imported({"insecure-registries": ["r.example:5000", "10.0.0.0/8"]})
    assert documents == (RegistryTLSConfig(name="r.example:5000", insecure_skip_verify=True),)
    assert findings == [
        (
            'a.json: error[import-no-counterpart]: insecure-registries[0] has no counterpart: Docker also asks "r.example:5000"'
            " by http; if that is how it speaks, write a mirror with an http endpoint."
        ),
        (
            'a.json: error[import-no-counterpart]: insecure-registries[1] has no counterpart: "10.0.0.0/8" is many hosts, and TLS'
            " settings are for one."
        ),
    ]


@pytest.mark.parametrize(
    ("key", "host"),
    [
        ("https://index.docker.io/v1/", "registry-1.docker.io"),
        ("docker.io", "registry-1.docker.io"),
        ("registry-1.docker.io", "registry-1.docker.io"),
        ("ghcr.io", "ghcr.io"),
        ("https://r.example:5000/v1/", "r.example:5000"),
        ("http://r.example/v2/", "r.example"),
        ("r.example/team", "r.example"),
    ],
)
def test_credentials_are_for_a_host(key: str, host: str) -> None:
    assert imported({"auths": {key: {"auth": LOGIN}}}) == ((RegistryAuthConfig(name=host, auth=LOGIN),), [])


@pytest.mark.parametrize(
    ("entry", "members"),
    [
        ({"auth": LOGIN}, {"auth": LOGIN}),
        ({"username": "robot", "password": "hunter2"}, {"username": "robot", "password": "hunter2"}),
        # as kubectl create secret docker-registry writes it
        ({"username": "robot", "password": "hunter2", "email": "a@b.c", "auth": LOGIN}, {"auth": LOGIN}),
        ({"identitytoken": "t0ken"}, {"identity_token": "t0ken"}),
        ({"username": "robot", "identitytoken": "t0ken"}, {"identity_token": "t0ken"}),
        # as az acr login writes it; the base64 holds a user without a password
        ({"auth": "MDA6", "identitytoken": "t0ken"}, {"identity_token": "t0ken"}),
    ],
)
def test_each_way_to_log_in_has_its_member(entry: dict[str, str], members: dict[str, str]) -> None:
    assert imported({"auths": {"r.example": entry}}) == ((RegistryAuthConfig(name="r.example", **members),), [])  # type: ignore[arg-type]


def test_credentials_that_disagree_are_named_and_those_of_the_host_are_taken() -> None:
    auths = {"https://r.example/team": {"auth": "dTpw"}, "r.example": {"auth": LOGIN}}
    documents, findings = imported({"auths": auths})
    assert documents == (RegistryAuthConfig(name="r.example", auth=LOGIN),)
    assert findings == [
        'a.json: error[import-conflict]: The login at "r.example" says something else than a.json, which is kept.'
    ]


def test_helpers_are_named_and_not_run() -> None:
    config = {"auths": {"r.example": {}}, "credsStore": "desktop", "credHelpers": {"gcr.io": "gcloud"}}
    assert imported(config) == (
        (),
        [
            (
                'a.json: error[import-no-counterpart]: credsStore has no counterpart: credentials are with the helper "desktop",'
                " which is not run."
            ),
            (
                'a.json: error[import-no-counterpart]: credHelpers["gcr.io"] has no counterpart: credentials for "gcr.io" are'
                " with a helper, which is not run."
            ),
        ],
    )


@pytest.mark.parametrize(
    ("value", "finding"),
    [
        ({"auths": {"r.example": {}}}, 'auths["r.example"] has no counterpart: there are no credentials in it.'),
        (
            {"auths": {"r.example": {"auth": LOGIN, "registrytoken": "t"}}},
            'auths["r.example"].registrytoken has no counterpart: nodes ask for such tokens themselves.',
        ),
        ({"auths": {"r.example": {"auth": "%%%"}}}, 'auths["r.example"].auth must be the base64 of USER:PASSWORD.'),
        (
            {"auths": {"r.example": {"username": "robot", "password": "hunter2", "identitytoken": "t0ken"}}},
            'auths["r.example"].username is another way to log in; the first is taken.',
        ),
        ({"auths": []}, "auths must be a mapping, not a list."),
        ({"registry-mirrors": "https://m.example"}, "registry-mirrors must be a list, not this text."),
        (
            {"registry-mirrors": ["m.example"]},
            'The endpoint "m.example" has no scheme; write https://m.example or http://m.example.',
        ),
    ],
)
def test_what_docker_can_be_told_and_talos_cannot_is_named(value: Any, finding: str) -> None:
    _, (found,) = imported(value)
    assert found.startswith("a.json: error[")
    assert found.endswith(f"]: {finding}")


def test_a_syntax_error_has_its_place() -> None:
    result = import_settings({"daemon.json": b'{\n  "registry-mirrors": ["https://m.example",]\n}\n'})
    assert result.documents == ()
    (finding,) = result.diagnostics
    assert (finding.code, finding.line) == ("import-syntax", 2)


def test_a_key_that_is_there_twice_is_named() -> None:
    result = import_settings({"config.json": b'{"auths": {"a.io": {"auth": "dTpw", "auth": "dTpx"}}}'})
    assert [str(one) for one in result.diagnostics] == [
        'config.json: error[duplicate-key]: "auth" is 2 times in one object; the last is taken.'
    ]
    assert result.documents == (RegistryAuthConfig(name="a.io", auth="dTpx"),)
