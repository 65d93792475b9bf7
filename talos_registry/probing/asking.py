"""Asking one host one thing as a puller does, and what that means for a pull.

Source: containerd/containerd v2.3, core/remotes/docker/resolver.go (Resolve, doWithRetries, retryRequest); net/http,
client.go, for redirects.
"""

from __future__ import annotations

import os
from functools import cache
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from talos_registry.go import InvalidURLError, parse_url
from talos_registry.messages import printable
from talos_registry.probing.connection import Deadline, Failure, is_tls, port_of
from talos_registry.probing.exchange import Request, exchange, is_url, redirects, shown
from talos_registry.probing.hearing import Hearing
from talos_registry.probing.judging import Reply, of_endpoint, of_manifest
from talos_registry.probing.login import (
    Credentials,
    Unusable,
    challenge_of,
    credentials_of,
    is_not_understood,
    token_in,
    token_requests,
)
from talos_registry.probing.trust import context_of
from talos_registry.resolution.requests import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from talos_registry.documents import RegistryAuthConfig
    from talos_registry.probing.exchange import Answer
    from talos_registry.probing.login import Challenge
    from talos_registry.probing.trust import Trust

__all__ = ["Inquiry", "Logins", "Manner", "Question"]

MOST_REQUESTS = 5
MOST_REDIRECTS = 9
"""Go gives up on the tenth."""
_BECOMES_GET = {301, 302, 303}
_TRACED = ("WWW-Authenticate", "Location", "Content-Type", "Docker-Content-Digest", "Retry-After")
_AT_ONCE, _AT_THE_LAST_HOST = {408, 429}, {500, 503, 504}
"""The answers after which a puller asks again: until there are five requests, or once more."""


class Logins:
    """Whose credentials are for which host of a 401: read when they are needed, and compared as one object."""

    def __init__(self, documents: Mapping[str, RegistryAuthConfig]) -> None:
        self.documents = documents

    def credentials(self, host: str) -> Credentials | Unusable | None:
        """What a puller has for a host."""
        document = self.documents.get(host)
        return None if document is None else credentials_of(document, os.environ)


class Question(NamedTuple):
    """What is asked; equal questions have one answer.

    ``repository`` is None where only the endpoint is asked whether a registry answers. ``by_digest``: the URL names the
    digest. ``is_last``: no other host is asked after this one.
    """

    url: str
    repository: str | None
    by_digest: bool
    is_last: bool
    trust: Trust
    https_first: bool
    logins: Logins

    @property
    def key(self) -> object:
        """What makes it another question whatever credentials there are for other hosts."""
        return *self[:-1], self.logins.documents.get(Request("", self.url).host)


class Manner(NamedTuple):
    """How to ask: seconds for each question, whether credentials may go elsewhere, and who is told what.

    ``tell`` hears what somebody should know at once, ``trace`` the lines of each request and its answer; neither hears a
    secret.
    """

    timeout: float
    foreign_realms: bool
    tell: Callable[[str], None]
    trace: Callable[[tuple[str, ...]], None]


class Inquiry:
    """One question on its way: what it has learnt, and the time it has left."""

    def __init__(self, question: Question, manner: Manner) -> None:
        self._question = question
        self._manner = manner
        self._deadline = Deadline(manner.timeout)
        self._context = cache(lambda: context_of(question.trust))
        self._hearing = Hearing()
        self._authorizations: dict[str, str] = {}
        self._remarks: dict[str, None] = {}
        self._plain_hosts: set[str] = set()
        self._used_other_credentials = False

    def cancel(self) -> None:
        """End it now; what it replies then is worth nothing."""
        self._deadline.end()

    def reply(self) -> Reply:
        """Ask, and say what came of it."""
        started = monotonic()
        try:
            reply = self._judged(self._answered(self._first()))
        except Failure as failure:
            said = self._hearing.shown(failure.said)
            reply = Reply(failure.outcome, None, None, "; ".join(filter(None, (failure.detail, said))), "next")
        except _Unknown as unknown:
            reply = Reply("unauthorized", 401, None, str(unknown), None)
        finally:
            self._deadline.close()
        return reply._replace(
            detail=printable("; ".join(filter(None, (reply.detail, *self._remarks)))),
            seconds=monotonic() - started,
            used_other_credentials=self._used_other_credentials,
        )

    def _first(self) -> Request:
        if self._question.repository is None:
            return Request("GET", self._question.url, (("Accept", "*/*"),))
        return Request("HEAD", self._question.url, (("Accept", ACCEPT),))

    def _answered(self, request: Request) -> Answer:
        """The answer after logging in, after GET where HEAD is not known, and after asking again as often as a puller."""
        answer, statuses = self._followed(request), list[int]()
        while len(statuses) < MOST_REQUESTS - 1:
            if answer.status == 405 and request.method == "HEAD":
                request = request._replace(method="GET")
            elif not (self._is_asked_again(answer.status, statuses) or self._logs_in(answer)):
                break
            statuses.append(answer.status)
            answer = self._followed(request)
        return answer

    def _is_asked_again(self, status: int, before: list[int]) -> bool:
        if status in _AT_ONCE:
            return True
        return status in _AT_THE_LAST_HOST and self._question.is_last and before[-1:] != [status]

    def _followed(self, request: Request) -> Answer:
        """The answer at the end of all redirects; one that says nowhere to go is an answer."""
        answer = self._sent(request)
        for _ in range(MOST_REDIRECTS):
            if not redirects(answer):
                return answer
            answer = self._sent(self._redirected(request, answer))
        if redirects(answer):
            raise Failure("bad-redirect", f"more than {MOST_REDIRECTS} redirects")
        return answer

    def _redirected(self, first: Request, answer: Answer) -> Request:
        """The request that Go makes of a redirect: what logs in goes along to the same host and those below its name."""
        location, request = answer.header("Location"), answer.request
        try:
            url = str(parse_url(urljoin(request.url, location.encode("latin-1").decode("utf-8", "surrogateescape"))))
        except (ValueError, InvalidURLError):
            url = ""
        if not is_url(url):
            said = self._hearing.shown(location)
            raise Failure("bad-redirect", f"{answer.status} to {said!r}, which is no URL")
        if request.method == "POST" and answer.status in _BECOMES_GET:
            request = Request("GET", url)
        target = request._replace(url=url)
        if not _is_below(target.host, first.host):
            target = target.without("Authorization")
        if target.body is not None or target.header("Authorization"):
            self._show_where_credentials_go(first, target)
        return target

    def _sent(self, request: Request) -> Answer:
        """The answer to one request; over plain http where https is tried first and not spoken."""
        self._keep_secret(self._question.logins.credentials(request.host))
        authorization = self._authorizations.get(request.host) or self._login_in(request.url)
        if authorization is not None and not request.header("Authorization"):
            request = request._replace(headers=(*request.headers, ("Authorization", authorization)))
        if request.host in self._plain_hosts:
            request = request.in_plain()
        try:
            return self._exchanged(request)
        except Failure as failure:
            if not (self._question.https_first and request.scheme == "https" and _leads_to_http(failure, request.host)):
                raise
            self._plain_hosts.add(request.host)
            return self._exchanged(request.in_plain())

    def _keep_secret(self, found: Credentials | Unusable | None) -> None:
        """Show nothing of what a host may have been sent, by another inquiry, too."""
        if isinstance(found, Credentials):
            self._hearing.keep_secret(found.secret)
            self._hearing.keep_secret(found.basic.removeprefix("Basic "))

    def _login_in(self, url: str) -> str | None:
        """What Go sends for a URL, of a redirect or a realm, that holds user and password."""
        login = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
        if not login:
            return None
        credentials = Credentials(*map(unquote, login.partition(":")[::2]))
        self._keep_secret(credentials)
        return credentials.basic

    def _exchanged(self, request: Request) -> Answer:
        login = request.header("Authorization").partition(" ")[0]
        lines = [f"> {request.method} {shown(request.url)}{login and f'  Authorization: {login} ***'}"]
        try:
            answer = exchange(request, self._context, self._deadline)
        except Failure as failure:
            self._manner.trace((*lines, f"< {failure.outcome}: {failure.detail}"))
            raise
        lines.append(f"< {answer.status} {self._hearing.shown(answer.reason)}")
        for name in _TRACED:
            said = [shown(value) if name == "Location" else value for value in answer.headers.get_all(name, [])]
            lines += [f"<   {name}: {self._hearing.shown(value)}" for value in said]
        self._manner.trace(tuple(lines))
        return answer

    def _logs_in(self, answer: Answer) -> bool:
        """Take what a puller would send after a 401, if there is such a thing and it has not been sent."""
        host = answer.request.host
        challenge = challenge_of(answer) if answer.status == 401 else None
        if challenge is None or host in self._authorizations:
            return False
        credentials = self._credentials_for(host)
        if self._question.repository is None and credentials is None:
            return False
        if challenge.scheme == "basic":
            if credentials is None or not (credentials.username and credentials.secret):
                return False
            self._authorizations[host] = credentials.basic
        else:
            token = self._token(answer.request, challenge, credentials)
            self._hearing.keep_secret(token)
            self._authorizations[host] = f"Bearer {token}"
        return True

    def _credentials_for(self, host: str) -> Credentials | None:
        found = self._question.logins.credentials(host)
        if isinstance(found, Unusable):
            self._remarks[found.reason] = None
            return None
        self._used_other_credentials |= found is not None and host != self._first().host
        return found

    def _token(self, asked: Request, challenge: Challenge, credentials: Credentials | None) -> str:
        try:
            first, *others = token_requests(challenge, credentials, self._question.repository)
        except InvalidURLError:
            said = self._hearing.shown(challenge.parameters.get("realm", ""))
            raise Failure("unauthorized", f"the realm for tokens is no URL: {said!r}") from None
        if credentials is not None and credentials.secret:
            self._show_where_credentials_go(asked, first)
        answered = self._token_answer(first)
        if others and is_not_understood(answered.status, credentials):
            answered = self._token_answer(*others)
        token = token_in(answered) if 200 <= answered.status < 400 else ""
        if not token:
            what = "holds no token" if answered.status < 400 else "gives none"
            where = self._hearing.shown(shown(answered.request.url))
            raise Failure("unauthorized", f"the realm {where} {what}: it answers {answered.status}")
        return token

    def _token_answer(self, request: Request) -> Answer:
        try:
            return self._followed(request)
        except Failure as failure:
            where = f"at the realm for tokens, {self._hearing.shown(shown(request.url))}"
            raise Failure(failure.outcome, f"{where}: {failure.detail}", failure.said) from None

    def _show_where_credentials_go(self, asked: Request, target: Request) -> None:
        """Say so if they go elsewhere than to who asked for them, or go there in clear, or refuse to send them."""
        is_plain = target.scheme == "http" and asked.scheme == "https"
        if target.host == asked.host and not is_plain:
            return
        where = f"{asked.host} sends logins to {self._hearing.shown(shown(target.url))}"
        if not self._manner.foreign_realms:
            raise _Unknown(f"{where}, and --no-foreign-realm keeps the credentials here; a node would send them")
        if where not in self._remarks:
            self._remarks[where] = None
            self._manner.tell(f"{where}: the credentials go there, as a node's would")

    def _judged(self, answer: Answer) -> Reply:
        if self._question.repository is None:
            has_credentials = isinstance(self._question.logins.credentials(answer.request.host), Credentials)
            reply = of_endpoint(answer, self._hearing, has_credentials=has_credentials)
        else:
            reply = of_manifest(answer, self._hearing, by_digest=self._question.by_digest)
        if answer.status == 400 and answer.request.scheme == "http" and is_tls(answer.request.host, self._deadline):
            return reply._replace(outcome="speaks-tls", detail="it speaks TLS on this port and is asked for plain http")
        return reply


class _Unknown(Exception):  # noqa: N818 - the way out of an attempt
    """What a node would have got was not asked for."""


def _is_below(host: str, other: str) -> bool:
    """Whether a host is another one, or below its name, whatever the ports."""
    name, other_name = (one.removesuffix(f":{port_of(one)}").lower() for one in (host, other))
    return name == other_name or (name.endswith(f".{other_name}") and ":" not in name)


def _leads_to_http(failure: Failure, host: str) -> bool:
    """Whether containerd tries http after this: TLS is not spoken, or nothing is there and the port was not named."""
    return failure.outcome == "speaks-http" or (failure.outcome in {"refused", "timeout"} and not port_of(host))
