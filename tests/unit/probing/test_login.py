"""Challenges, credentials and the requests for tokens, as containerd v2.3 reads and makes them."""

from __future__ import annotations

from http.client import HTTPMessage

import pytest

from talos_registry import RegistryAuthConfig
from talos_registry.go import InvalidURLError
from talos_registry.probing.exchange import Answer, Request
from talos_registry.probing.login import (
    Challenge,
    Credentials,
    challenge_of,
    credentials_of,
    is_not_understood,
    token_in,
    token_requests,
)


def answer(*challenges: str, body: bytes = b"", method: str = "GET") -> Answer:
    headers = HTTPMessage()
    for challenge in challenges:
        headers["WWW-Authenticate"] = challenge
    return Answer(Request(method, "http://a/"), 401, "", headers, body)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ([], None),
        (["Digest realm=x"], None),
        (["Negotiate"], None),
        (["Basic realm=x"], Challenge("basic", {"realm": "x"})),
        (["BASIC Realm = x"], Challenge("basic", {})),
        (["Basic realm=x", "Bearer realm=y"], Challenge("bearer", {"realm": "y"})),
        (["Bearer realm=y, Basic realm=x"], Challenge("bearer", {"realm": "y"})),
        (
            ['Bearer realm="https://a/token",service="b c",scope="repository:d:pull,push"'],
            Challenge("bearer", {"realm": "https://a/token", "service": "b c", "scope": "repository:d:pull,push"}),
        ),
        (['Bearer realm="a\\"b\\\\c", x="'], Challenge("bearer", {"realm": 'a"b\\c', "x": ""})),
        (["Bearer realm=one", "bearer realm=two"], Challenge("bearer", {"realm": "one"})),
    ],
)
def test_a_bearer_challenge_comes_before_a_basic_one(headers: list[str], challenge: Challenge | None) -> None:
    assert challenge_of(answer(*headers)) == challenge


@pytest.mark.parametrize(
    ("document", "credentials"),
    [
        (RegistryAuthConfig(username="u", password="p", identity_token="t"), Credentials("u", "p")),
        (RegistryAuthConfig(username="u", password="${PASSWORD}"), Credentials("u", "from outside")),
        (RegistryAuthConfig(identity_token="t", auth="dTpw"), Credentials("", "t")),
        (RegistryAuthConfig(auth="dTpwOnE="), Credentials("u", "p:q")),
        (RegistryAuthConfig(auth="dTpwAAA="), Credentials("u", "p")),
    ],
)
def test_a_user_counts_before_an_identity_token_and_that_before_auth(
    document: RegistryAuthConfig, credentials: Credentials
) -> None:
    assert credentials_of(document, {"PASSWORD": "from outside"}) == credentials


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (RegistryAuthConfig(name="a"), "RegistryAuthConfig a holds no credentials"),
        (RegistryAuthConfig(name="a", auth="dXA="), "the auth of RegistryAuthConfig a holds no colon"),
        (RegistryAuthConfig(name="a", auth="%"), "the auth of RegistryAuthConfig a is no base64"),
        (RegistryAuthConfig(name="a", username="u", password="${NOT_SET}"), "hold a placeholder, so none were sent"),
        (RegistryAuthConfig(name="a", username="u", password="{{ vault }}"), "hold a placeholder, so none were sent"),
    ],
)
def test_what_cannot_be_sent_is_said(document: RegistryAuthConfig, reason: str) -> None:
    found = credentials_of(document, {})
    assert not isinstance(found, Credentials)
    assert reason in found.reason


BEARER = Challenge("bearer", {"realm": "https://auth/token?a=1", "service": "s v", "scope": "repository:p/a:pull x"})
FORM = "client_id=containerd-client&{}&scope=repository%3Aa%3Apull+repository%3Ap%2Fa%3Apull+x&service=s+v{}"


@pytest.mark.parametrize(
    ("credentials", "form"),
    [
        (Credentials("u&", "p="), FORM.format("grant_type=password&password=p%3D", "&username=u%26")),
        (Credentials("", "t"), FORM.format("grant_type=refresh_token&refresh_token=t", "")),
    ],
)
def test_a_token_is_asked_for_by_form_and_then_by_get(credentials: Credentials, form: str) -> None:
    posted, got = token_requests(BEARER, credentials, "a")
    assert (posted.method, posted.url, (posted.body or b"").decode()) == ("POST", "https://auth/token?a=1", form)
    query = "a=1&scope=repository%3Aa%3Apull&scope=repository%3Ap%2Fa%3Apull&scope=x&service=s+v"
    assert (got.method, got.url, got.body) == ("GET", f"https://auth/token?{query}", None)
    assert got.headers == (("Authorization", credentials.basic),)


def test_without_a_secret_a_token_is_asked_for_by_get_alone() -> None:
    assert [request.method for request in token_requests(BEARER, None, "a")] == ["GET"]
    assert token_requests(Challenge("bearer", {"realm": "http://a"}), None, None) == (Request("GET", "http://a"),)


@pytest.mark.parametrize("realm", ["", "token", "ftp://a", "http://", "http://[", "javascript:alert(1)"])
def test_a_realm_that_is_no_url_is_said(realm: str) -> None:
    with pytest.raises(InvalidURLError):
        token_requests(Challenge("bearer", {"realm": realm} if realm else {}), None, "a")


def test_which_answers_to_post_lead_to_get() -> None:
    user, token = Credentials("u", "p"), Credentials("", "t")
    assert [status for status in range(200, 600) if is_not_understood(status, user)] == [400, 401, 404, 405]
    assert [status for status in range(200, 600) if is_not_understood(status, token)] == [400, 401, 404]


@pytest.mark.parametrize(
    ("method", "body", "token"),
    [
        ("GET", b'{"token": "a"}', "a"),
        ("GET", b'{"token": "a", "access_token": "b"}', "b"),
        ("POST", b'{"token": "a"}', ""),
        ("POST", b'{"access_token": "b"}', "b"),
        ("GET", b'{"token": 1}', ""),
        ("GET", b"[]", ""),
        ("GET", b"<html>", ""),
        ("GET", b"\xff", ""),
    ],
)
def test_the_token_in_an_answer(method: str, body: bytes, token: str) -> None:
    assert token_in(answer(body=body, method=method)) == token
