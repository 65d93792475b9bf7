"""Asking one host one thing as a puller does, and what that means for a pull.

Source: containerd/containerd v2.3, core/remotes/docker/resolver.go (Resolve, doWithRetries, retryRequest); net/http,
client.go, for redirects.
"""

from __future__ import annotations

import os
import re
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urljoin

from talos_registry.messages import printable
from talos_registry.probing.connection import Deadline, Failure, is_tls
from talos_registry.probing.exchange import Request, exchange, is_url, shown
from talos_registry.probing.judging import Reply, of_endpoint, of_manifest
from talos_registry.probing.login import (
    Credentials,
    challenge_of,
    credentials_of,
    is_not_understood,
    token_in,
    token_requests,
)
from talos_registry.resolution.requests import ACCEPT

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.documents import RegistryAuthConfig
    from talos_registry.probing.exchange import Answer
    from talos_registry.probing.login import Challenge
    from talos_registry.probing.trust import Trust

__all__ = ["Inquiry", "Manner", "Question"]

MOST_REQUESTS, MOST_REDIRECTS = 5, 9
"""Go gives up on the tenth redirect."""
_REDIRECTS = {301, 302, 303, 307, 308}


class Question(NamedTuple):
    """What is asked; equal questions have one answer.

    ``repository`` is None where only the endpoint is asked whether a registry answers. ``auths``: whose credentials are
    for which host of a 401.
    """

    url: str
    repository: str | None
    trust: Trust
    https_first: bool
    auths: tuple[tuple[str, RegistryAuthConfig], ...]

    @property
    def key(self) -> object:
        """What makes it another question whatever credentials there are for other hosts."""
        own = dict(self.auths).get(Request("", self.url).host)
        return self.url, self.repository, self.trust, self.https_first, own


class Manner(NamedTuple):
    """How to ask: seconds for each question, whether credentials may go to realms elsewhere, and who is told what.

    ``tell`` hears what somebody should know at once, ``trace`` every request and answer; neither hears a secret.
    """

    timeout: float
    foreign_realms: bool
    tell: Callable[[str], None]
    trace: Callable[[str], None]


class Inquiry:
    """One question on its way: what it has learnt, and the time it has left."""

    def __init__(self, question: Question, manner: Manner) -> None:
        self._question = question
        self._manner = manner
        self._deadline = Deadline(manner.timeout)
        self.is_cancelled = False
        self._authorizations: dict[str, str] = {}
        self._known = {host: credentials_of(document, os.environ) for host, document in question.auths}
        usable = [found for found in self._known.values() if isinstance(found, Credentials)]
        self._secrets = {text for found in usable for text in (found.secret, found.basic.removeprefix("Basic "))}
        self._remarks: list[str] = []
        self._plain_hosts: set[str] = set()
        self._logged_in_elsewhere = False

    def cancel(self) -> None:
        """End it now; what it replies then is worth nothing."""
        self.is_cancelled = True
        self._deadline.end()

    def reply(self) -> Reply:
        """Ask, and say what came of it."""
        started = monotonic()
        try:
            reply = self._judged(self._answered(self._first()))
        except Failure as failure:
            reply = Reply(failure.outcome, None, None, failure.detail, "next")
        except _Unknown as unknown:
            reply = Reply("unauthorized", 401, None, str(unknown), None)
        finally:
            self._deadline.close()
        detail = "; ".join(filter(None, (reply.detail, *self._remarks)))
        return reply._replace(
            detail=self._without_secrets(detail),
            seconds=monotonic() - started,
            logged_in_elsewhere=self._logged_in_elsewhere,
        )

    def _first(self) -> Request:
        if self._question.repository is None:
            return Request("GET", self._question.url, (("Accept", "*/*"),))
        return Request("HEAD", self._question.url, (("Accept", ACCEPT),))

    def _answered(self, request: Request) -> Answer:
        """The answer after logging in, and after GET where HEAD is not known."""
        answer = self._followed(request)
        for _ in range(MOST_REQUESTS - 1):
            if answer.status == 401 and answer.request.host not in self._authorizations and self._log_in(answer):
                answer = self._followed(request)
            elif answer.status == 405 and request.method == "HEAD":
                request = request._replace(method="GET")
                answer = self._followed(request)
            else:
                break
        return answer

    def _followed(self, request: Request) -> Answer:
        """The answer at the end of all redirects; one that says nowhere to go is an answer."""
        answer = self._sent(request)
        for _ in range(MOST_REDIRECTS):
            if answer.status not in _REDIRECTS or not answer.header("Location"):
                return answer
            answer = self._sent(self._redirected(answer))
        if answer.status in _REDIRECTS and answer.header("Location"):
            raise Failure("bad-redirect", f"more than {MOST_REDIRECTS} redirects")
        return answer

    def _redirected(self, answer: Answer) -> Request:
        request = answer.request
        try:
            url = urljoin(request.url, answer.header("Location"))
        except ValueError:
            url = ""
        if not is_url(url):
            raise Failure("bad-redirect", f"{answer.status} to {shown(answer.header('Location'))!r}, which is no URL")
        if request.method == "POST" and answer.status in {301, 302, 303}:
            request = Request("GET", url)
        headers = request.headers
        if Request("GET", url).host != request.host:
            headers = tuple(pair for pair in headers if pair[0] != "Authorization")
        return request._replace(url=url, headers=headers)

    def _sent(self, request: Request) -> Answer:
        """The answer to one request; over plain http where https is tried first and not spoken."""
        authorization = self._authorizations.get(request.host) or self._in_url(request.url)
        if authorization is not None and not any(name == "Authorization" for name, _ in request.headers):
            request = request._replace(headers=(*request.headers, ("Authorization", authorization)))
        if request.host in self._plain_hosts:
            request = _in_plain(request)
        try:
            return self._exchanged(request)
        except Failure as failure:
            if not (self._question.https_first and request.scheme == "https" and _leads_to_http(failure, request.host)):
                raise
            self._trace(f"* {failure.detail}: on with http")
            self._plain_hosts.add(request.host)
            return self._exchanged(_in_plain(request))

    def _in_url(self, url: str) -> str | None:
        """What Go sends for a URL, of a redirect or a realm, that holds user and password."""
        login = url.partition("://")[2].partition("/")[0].rpartition("@")[0]
        if not login:
            return None
        found = Credentials(*map(unquote, login.partition(":")[::2])).basic
        self._secrets.add(found.removeprefix("Basic "))
        return found

    def _exchanged(self, request: Request) -> Answer:
        self._trace(f"> {request.method} {shown(request.url)}{self._logged_in(request)}")
        try:
            answer = exchange(request, self._question.trust, self._deadline)
        except Failure as failure:
            self._trace(f"< {failure.outcome}: {failure.detail}")
            raise
        self._trace(f"< {answer.status} {answer.reason}")
        for name in ("WWW-Authenticate", "Location", "Content-Type", "Docker-Content-Digest", "Retry-After"):
            for value in answer.headers.get_all(name, []):
                self._trace(f"<   {name}: {shown(value) if name == 'Location' else value}")
        return answer

    def _logged_in(self, request: Request) -> str:
        header = next((value for name, value in request.headers if name == "Authorization"), "")
        return f"  Authorization: {header.partition(' ')[0]} ***" if header else ""

    def _log_in(self, answer: Answer) -> bool:
        """Take what a puller would send after this 401, if there is such a thing."""
        challenge = challenge_of(answer)
        if challenge is None:
            return False
        host = answer.request.host
        credentials = self._credentials(host)
        if challenge.scheme == "basic":
            if credentials is None or not (credentials.username and credentials.secret):
                return False
            self._authorizations[host] = credentials.basic
        else:
            self._authorizations[host] = f"Bearer {self._token(answer, challenge, credentials)}"
        self._secrets.add(self._authorizations[host].partition(" ")[2])
        return True

    def _credentials(self, host: str) -> Credentials | None:
        found = self._known.get(host)
        if found is None:
            return None
        if not isinstance(found, Credentials):
            self._remarks.append(found.reason)
            return None
        self._logged_in_elsewhere |= host != self._first().host
        return found

    def _token(self, answer: Answer, challenge: Challenge, credentials: Credentials | None) -> str:
        first, *others = token_requests(challenge, credentials, self._question.repository)
        if credentials is not None and credentials.secret:
            self._show_realm(answer.request, first)
        answered = self._token_answer(first)
        if others and is_not_understood(answered.status, credentials):
            answered = self._token_answer(*others)
        token = token_in(answered) if 200 <= answered.status < 400 else ""
        if not token:
            what = "holds no token" if answered.status < 400 else "gives none"
            raise Failure(
                "unauthorized", f"the realm {shown(answered.request.url)} {what}: it answers {answered.status}"
            )
        return token

    def _token_answer(self, request: Request) -> Answer:
        try:
            return self._followed(request)
        except Failure as failure:
            where = f"at the realm for tokens, {shown(request.url)}"
            raise Failure(failure.outcome, f"{where}: {failure.detail}") from None

    def _show_realm(self, asked: Request, realm: Request) -> None:
        """Say where credentials go, if that is not where they were asked for, or refuse to send them."""
        is_plain = realm.scheme == "http" and asked.scheme == "https"
        if realm.host == asked.host and not is_plain:
            return
        where = f"{asked.host} sends logins to {shown(realm.url)}"
        if not self._manner.foreign_realms:
            raise _Unknown(f"{where}, and --no-foreign-realm keeps the credentials here; a node would send them")
        self._remarks.append(where)
        self._manner.tell(self._without_secrets(printable(f"{where}: the credentials go there, as a node's would")))

    def _judged(self, answer: Answer) -> Reply:
        judge = of_endpoint if self._question.repository is None else of_manifest
        reply = judge(answer)
        if answer.status == 400 and answer.request.scheme == "http" and is_tls(answer.request.host, self._deadline):
            return reply._replace(outcome="speaks-tls", detail="it speaks TLS on this port and is asked for plain http")
        return reply

    def _trace(self, line: str) -> None:
        self._manner.trace(self._without_secrets(printable(line)))

    def _without_secrets(self, text: str) -> str:
        """A text of ours or of the host, which may repeat what it was sent."""
        for secret in sorted(filter(None, self._secrets), key=len, reverse=True):
            text = text.replace(secret, "***")
        return printable(text)


class _Unknown(Exception):  # noqa: N818 - the way out of an attempt
    """What a node would have got was not asked for."""


def _in_plain(request: Request) -> Request:
    return request._replace(url=request.url.replace("https://", "http://", 1)) if request.scheme == "https" else request


def _leads_to_http(failure: Failure, host: str) -> bool:
    """Whether containerd tries http after this: TLS is not spoken, or nothing is there and the port was not named."""
    has_port = re.search(r":\d+\Z", host) is not None
    return failure.outcome == "speaks-http" or (failure.outcome in {"refused", "timeout"} and not has_port)
