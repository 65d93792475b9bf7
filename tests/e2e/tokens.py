"""A token server, as registries send their clients to: https://distribution.github.io/distribution/spec/auth/."""

from __future__ import annotations

import base64
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from tests.certificates import certificate, certificate_pem
from tests.servers import Request, Response, Web, free_host

ISSUER, SERVICE = "e2e token server", "e2e registry"
DAY = timedelta(days=1)


class Signer:
    """Signs tokens with RS256; ``pem`` is the certificate by which a registry knows them."""

    def __init__(self) -> None:
        now = datetime.now(UTC)
        self._key = rsa.generate_private_key(65537, 2048)
        self._certificate = certificate(self._key, subject=ISSUER, valid=(now - DAY, now + DAY))
        self.pem = certificate_pem(self._certificate)

    def token(self, scopes: list[str]) -> str:
        now = int(time.time())
        header = {
            "typ": "JWT",
            "alg": "RS256",
            "x5c": [base64.b64encode(self._certificate.public_bytes(Encoding.DER)).decode()],
        }
        claims = {
            "iss": ISSUER,
            "sub": "",
            "aud": SERVICE,
            "exp": now + 300,
            "nbf": now - 10,
            "iat": now,
            "jti": "1",
            "access": [_access(scope) for scope in scopes],
        }
        signed = f"{_json(header)}.{_json(claims)}"
        return f"{signed}.{_base64(self._key.sign(signed.encode(), padding.PKCS1v15(), SHA256()))}"


class Account(NamedTuple):
    """Who may pull: with user and password, or with an identity token."""

    username: str
    password: str
    identity_token: str


class TokenServer(Web):
    """Gives tokens, by POST of a form and by GET, to one account, or to everybody where it is ``public``.

    ``post``: with which status it refuses every POST.
    """

    def __init__(self, signer: Signer, account: Account, *, post: int | None = None, public: bool = False) -> None:
        super().__init__(free_host("127.0.0.4"), self._grant)
        self.realm = f"{self.url}/token"
        self._signer = signer
        self._account = account
        self._post = post
        self._public = public

    def _grant(self, request: Request) -> Response:
        if request.method == "POST" and self._post is not None:
            return Response(self._post)
        by_form = request.method == "POST"
        given = parse_qs(request.body.decode() if by_form else urlsplit(request.target).query)
        may = self._knows_form(given) if by_form else self._knows_header(request.headers.get("authorization"))
        if not may or given.get("service") != [SERVICE]:
            return Response(401)
        scopes = " ".join(given.get("scope", [])).split()
        name = "access_token" if by_form else "token"
        body = json.dumps({name: self._signer.token(scopes), "expires_in": 300}).encode()
        return Response(200, (("Content-Type", "application/json"), ("Content-Length", str(len(body)))), body)

    def _knows_form(self, form: dict[str, list[str]]) -> bool:
        if form.get("grant_type") == ["refresh_token"]:
            return form.get("refresh_token") == [self._account.identity_token]
        return (form.get("username"), form.get("password")) == ([self._account.username], [self._account.password])

    def _knows_header(self, authorization: str | None) -> bool:
        if authorization is None:
            return self._public
        login = f"{self._account.username}:{self._account.password}"
        return authorization == f"Basic {base64.b64encode(login.encode()).decode()}"


def _access(scope: str) -> dict[str, Any]:
    kind, name, actions = scope.split(":")
    return {"type": kind, "name": name, "actions": actions.split(",")}


def _json(value: dict[str, Any]) -> str:
    return _base64(json.dumps(value).encode())


def _base64(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
