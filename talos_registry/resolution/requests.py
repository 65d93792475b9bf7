"""Which requests a pull of one image makes, given which hosts do not serve it.

Both pullers ask with containerd's resolver and fetcher, so one model serves both.

Source: containerd/containerd v2.3, core/remotes/docker/{resolver,fetcher}.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from talos_registry.arguments import refuse_text, wrong_type
from talos_registry.masking import masked_repr
from talos_registry.resolution.resolver import Plan
from talos_registry.resolution.waiting import Waiting
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from talos_registry.resolution.resolver import Attempt

__all__ = ["ACCEPT", "Outcome", "Purpose", "Request", "request_sequence"]

ACCEPT = (
    "application/vnd.docker.distribution.manifest.v2+json, application/vnd.docker.distribution.manifest.list.v2+json, "
    "application/vnd.oci.image.manifest.v1+json, application/vnd.oci.image.index.v1+json, */*"
)
"""The ``Accept`` header of the request that resolves a tag or digest."""

Purpose: TypeAlias = Literal["resolve", "index", "platform-manifest", "config", "layers"]
Outcome: TypeAlias = Literal["found", "missing", "failing", "refused", "silent"]


class Request(NamedTuple):
    """One request of a pull.

    Attributes:
        method: ``"HEAD"`` or ``"GET"``.
        url: the whole URL. Digests that nobody knows offline stand in it as ``<index-digest>``,
            ``<platform-manifest-digest>``, ``<config-digest>``, ``<layer-digest>``. Of an attempt with ``https_first``
            it says https, also where the host turns out to speak plain HTTP and is asked in that.
        attempt: the index, from 0, of the plan's attempt that asks.
        host: the host that is asked, with its port.
        purpose: ``"resolve"``, ``"index"``, ``"platform-manifest"``, ``"config"`` or ``"layers"``.
        outcome: ``"found"`` is 200, ``"missing"`` 404, ``"failing"`` 503; ``"refused"`` never gets as far as HTTP;
            ``"silent"`` is never answered.
        seconds: how long the pull waits, where the outcome is ``"silent"``, before it goes on or ends; else None.
    """

    method: Literal["HEAD", "GET"]
    url: str
    attempt: int
    host: str
    purpose: Purpose
    outcome: Outcome
    seconds: float | None = None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


def request_sequence(
    plan: Plan,
    *,
    down: Collection[str] = (),
    missing: Collection[str] = (),
    failing: Collection[str] = (),
    silent: Collection[str] = (),
    talos_version: str | None = None,
) -> tuple[Request, ...]:
    """The requests of a pull by a puller that holds nothing of the image yet, in order.

    The pull succeeds when the last request is "found".

    How long a silent host is waited for depends on the puller, on https, and on the Talos of the node: before 1.14 a
    pull does not leave a host that is silent in plain HTTP, and is cancelled in the end. (Where packets are dropped, so
    that no connection comes about, each request costs 30 s instead.)

    The reference is taken to name an index. Where it names a plain manifest, that is what the "index" requests get, and
    those for the "platform-manifest" are not made. The request for a layer stands for one request for each layer; they
    are made side by side, in any order, so a wait for them is one (containerd makes three at a time).

    Does not show the anonymous request answered 401 that opens each phase at a host that wants credentials, nor token
    requests and redirects.

    Args:
        plan: what ``resolve`` gives.
        down: the hosts, as attempts name them, that refuse connections.
        missing: those that do not have the image.
        failing: those that answer 503.
        silent: those that accept a connection and never answer, as a cache that hangs; every other host has the image.
        talos_version: the Talos of the node, ``MAJOR.MINOR[.PATCH]``; None is the newest.

    Raises:
        ValueError: for what is no Talos version.
        TypeError: for what is no plan, or a single text in place of several hosts.

    Source: containerd/containerd v2.3, core/remotes/docker/{resolver,fetcher}.go.
    """
    for name, hosts in (("down", down), ("missing", missing), ("failing", failing), ("silent", silent)):
        refuse_text("request_sequence", f"{name} as a collection of hosts", hosts)
    if not isinstance(plan, Plan):
        raise wrong_type("request_sequence", "a plan of resolve", plan)
    waiting = Waiting(plan.puller, release_of(LATEST if talos_version is None else talos_version))
    pull = _Pull(
        plan,
        {
            **dict.fromkeys(failing, "failing"),
            **dict.fromkeys(missing, "missing"),
            **dict.fromkeys(silent, "silent"),
            **dict.fromkeys(down, "refused"),
        },
        waiting,
    )
    resolving = tuple(_resolving(pull))
    is_resolved = bool(resolving) and resolving[-1].outcome == "found"
    return (*resolving, *_fetching(pull)) if is_resolved else resolving


class _Pull(NamedTuple):
    plan: Plan
    outcomes: Mapping[str, Outcome]
    waiting: Waiting


def _resolving(pull: _Pull) -> Iterator[Request]:
    """What the tag or digest names is asked of each host that may say; a digest may also name a blob."""
    _, _, tag, digest = pull.plan.reference
    needed = {"pull"} if digest else {"pull", "resolve"}
    hosts = [(number, attempt) for number, attempt in enumerate(pull.plan.attempts) if needed <= attempt.capabilities]
    asked = list(_asked(pull, hosts, "resolve", "HEAD", f"manifests/{digest or tag}"))
    yield from asked
    is_open = {request.outcome for request in asked} <= {"missing", "refused", "silent"}
    if digest and is_open and not pull.waiting.is_over:
        yield from _asked(pull, hosts, "resolve", "HEAD", f"blobs/{digest}")


def _fetching(pull: _Pull) -> Iterator[Request]:
    """Each object is asked of every host from the first on, whatever came of it before and whatever it is capable of."""
    objects: tuple[tuple[Purpose, str], ...] = (
        ("index", f"manifests/{pull.plan.reference.digest or '<index-digest>'}"),
        ("platform-manifest", "manifests/<platform-manifest-digest>"),
        ("config", "blobs/<config-digest>"),
        ("layers", "blobs/<layer-digest>"),
    )
    hosts = list(enumerate(pull.plan.attempts))
    pull.waiting.begin_phase()
    for purpose, place in objects:
        yield from _asked(pull, hosts, purpose, "GET", place)
        if pull.waiting.is_over:
            return
        pull.waiting.receive_content()


def _asked(
    pull: _Pull,
    hosts: Sequence[tuple[int, Attempt]],
    purpose: Purpose,
    method: Literal["HEAD", "GET"],
    place: str,
) -> Iterator[Request]:
    """The hosts in order until one has it; the last is asked again when it fails or is silent."""
    for number, attempt in hosts:
        outcome = pull.outcomes.get(attempt.host, "found")
        request = Request(method, _url(attempt, place), number, attempt.host, purpose, outcome)
        is_last = number == hosts[-1][0]
        if outcome == "silent":
            yield from _unanswered(pull.waiting, attempt, request, pull.waiting.tries if is_last else 1)
        else:
            yield request
        if outcome == "failing" and is_last:
            yield request
        if outcome == "found" or pull.waiting.is_over:
            return


def _unanswered(waiting: Waiting, attempt: Attempt, request: Request, tries: int) -> Iterator[Request]:
    for left in reversed(range(tries)):
        yield request._replace(seconds=waiting.wait(request.attempt, attempt, is_asked_again=left > 0))
        if waiting.is_over:
            return


def _url(attempt: Attempt, place: str) -> str:
    before, _, after = attempt.manifest_url.rpartition("/manifests/")
    _, mark, query = after.partition("?")
    return f"{before}/{place}{mark}{query}"
