"""How a puller answers a 401: challenges, credentials, tokens.

Source: containerd/containerd v2.3, core/remotes/docker/authorizer.go, scope.go, auth/{parse,fetch}.go;
internal/cri/server/images/image_pull.go (ParseAuth); siderolabs/talos, internal/pkg/containers/image/resolver.go.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import parse_qsl, urlencode

from talos_registry.go import InvalidURLError
from talos_registry.go.strings import text_bytes
from talos_registry.placeholders import has_placeholder
from talos_registry.probing.exchange import Request, is_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from talos_registry.documents import RegistryAuthConfig
    from talos_registry.probing.exchange import Answer

__all__ = [
    "Challenge",
    "Credentials",
    "Unusable",
    "challenge_of",
    "credentials_of",
    "is_not_understood",
    "token_in",
    "token_requests",
]


class Credentials(NamedTuple):
    """``secret`` without ``username`` is an identity token."""

    username: str = ""
    secret: str = ""

    def __repr__(self) -> str:
        return "Credentials(...)"

    @property
    def basic(self) -> str:
        """The value of an ``Authorization`` header."""
        return f"Basic {b64encode(text_bytes(f'{self.username}:{self.secret}')).decode()}"


class Unusable(NamedTuple):
    """Why there are no credentials although a document has some."""

    reason: str


def credentials_of(document: RegistryAuthConfig, environment: Mapping[str, str]) -> Credentials | Unusable:
    """What a puller takes from a document; ``${NAME}`` is what the environment has of that name, if that is not empty.

    A value that is still a placeholder is not sent.
    """
    members = (document.username, document.password, document.identity_token, document.auth)
    texts = (text if isinstance(text, str) else text.get_secret_value() for text in members)
    username, password, token, auth = (_filled_in(text, environment) for text in texts)
    used = (username, password) if username else (token,) if token else (auth,)
    if any(map(has_placeholder, used)):
        return Unusable(f"the credentials of RegistryAuthConfig {document.name} hold a placeholder, so none were sent")
    if username:
        return Credentials(username, password)
    if token:
        return Credentials("", token)
    if auth:
        return _decoded(auth, document.name)
    return Unusable(f"RegistryAuthConfig {document.name} holds no credentials")


def _filled_in(text: str, environment: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda match: environment.get(match[1]) or match[0], text)


_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


def _decoded(auth: str, name: str) -> Credentials | Unusable:
    try:
        username, colon, password = b64decode(auth, validate=True).decode("utf-8", "replace").partition(":")
    except (Base64Error, ValueError):
        return Unusable(f"the auth of RegistryAuthConfig {name} is no base64")
    if not colon:
        return Unusable(f"the auth of RegistryAuthConfig {name} holds no colon between user and password")
    return Credentials(username, password.strip("\x00"))


class Challenge(NamedTuple):
    """A challenge of a 401."""

    scheme: str
    parameters: Mapping[str, str]


def challenge_of(answer: Answer) -> Challenge | None:
    """The challenge that a puller answers: Bearer before Basic; it knows no other."""
    challenges = {one.scheme: one for one in reversed([*map(_parsed, answer.headers.get_all("WWW-Authenticate", []))])}
    return challenges.get("bearer") or challenges.get("basic")


_TOKEN = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"  # noqa: S105 - the name of the grammar
_SCHEME = re.compile(rf"({_TOKEN})\s*")
_PARAMETER = re.compile(rf'({_TOKEN})=(?:"((?:[^"\\]|\\.)*)"|({_TOKEN})?)\s*,?\s*', re.DOTALL)


def _parsed(header: str) -> Challenge:
    match = _SCHEME.match(header)
    if match is None:
        return Challenge("", {})
    parameters, begin = dict[str, str](), match.end()
    while (parameter := _PARAMETER.match(header, begin)) is not None:
        quoted, plain = parameter[2], parameter[3]
        value = (plain or "") if quoted is None else re.sub(r"\\(.)", r"\1", quoted, flags=re.DOTALL)
        parameters[parameter[1].lower()] = value
        begin = parameter.end()
    return Challenge(match[1].lower(), parameters)


def token_requests(
    challenge: Challenge, credentials: Credentials | None, repository: str | None
) -> tuple[Request, ...]:
    """The requests for a token, each for when the one before it is not understood.

    Raises:
        InvalidURLError: if the realm cannot be asked.
    """
    realm = challenge.parameters.get("realm", "")
    if not is_url(realm):
        raise InvalidURLError("no URL")
    service = challenge.parameters.get("service", "")
    scopes = _scopes(challenge, repository)
    if credentials is None or not credentials.secret:
        return (_get(realm, service, scopes, None),)
    grant = (
        {"grant_type": "password", "username": credentials.username, "password": credentials.secret}
        if credentials.username
        else {"grant_type": "refresh_token", "refresh_token": credentials.secret}
    )
    scope = {"scope": " ".join(scopes)} if scopes else {}
    form = {"client_id": "containerd-client", "service": service, **scope, **grant}
    headers = (("Content-Type", "application/x-www-form-urlencoded; charset=utf-8"),)
    posted = Request("POST", realm, headers, urlencode(sorted(form.items()), errors="surrogateescape").encode())
    return posted, _get(realm, service, scopes, credentials)


def _scopes(challenge: Challenge, repository: str | None) -> list[str]:
    own = [] if repository is None else [f"repository:{repository}:pull"]
    asked = challenge.parameters.get("scope")
    return sorted({*own, *(asked.split(" ") if asked is not None else ())})


def _get(realm: str, service: str, scopes: Iterable[str], credentials: Credentials | None) -> Request:
    base, _, query = realm.partition("?")
    pairs = [*parse_qsl(query, keep_blank_values=True), *([("service", service)] if service else [])]
    pairs += [("scope", scope) for scope in scopes]
    pairs.sort(key=lambda pair: pair[0])
    headers = () if credentials is None else (("Authorization", credentials.basic),)
    return Request("GET", f"{base}?{urlencode(pairs)}" if pairs else base, headers)


def is_not_understood(status: int, credentials: Credentials | None) -> bool:
    """Whether a puller asks by GET after this answer to its POST."""
    has_user = credentials is not None and bool(credentials.username)
    return status in {400, 401, 404} or (status == 405 and has_user)


def token_in(answer: Answer) -> str:
    """The token in an answer as Go decodes it, empty if there is none."""
    try:
        members, _ = json.JSONDecoder().raw_decode(answer.body.decode("utf-8", "replace").lstrip())
    except (ValueError, RecursionError):
        return ""
    if not isinstance(members, dict):
        return ""
    known = {name.lower(): value for name, value in members.items() if value is not None}
    if not all(_is_decoded(known[name], form) for name, form in _FORMS.items() if name in known):
        return ""
    names = ("access_token",) if answer.request.method == "POST" else ("access_token", "token")
    return next((known[name] for name in names if known.get(name)), "")


_FORMS = {"token": str, "access_token": str, "refresh_token": str, "expires_in": int}
"""The members that are decoded, and what each must be."""


def _is_decoded(value: object, form: type) -> bool:
    return isinstance(value, form) and not isinstance(value, bool)
