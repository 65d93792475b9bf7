"""Which requests a pull of one image makes, given which hosts do not serve it.

Both pullers ask with containerd's resolver and fetcher, so one model serves both.

Source: containerd/containerd v2.3, core/remotes/docker/{resolver,fetcher}.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias

from talos_registry.arguments import refuse_text, wrong_type
from talos_registry.masking import masked_repr
from talos_registry.resolution.resolver import Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from talos_registry.resolution.resolver import Attempt

__all__ = ["Outcome", "Purpose", "Request", "request_sequence"]

Purpose: TypeAlias = Literal["resolve", "index", "platform-manifest", "config", "layers"]
Outcome: TypeAlias = Literal["found", "missing", "failing", "refused"]


class Request(NamedTuple):
    """One request of a pull.

    ``attempt`` is the index of the plan's attempt that asks. Digests that nobody knows offline stand in ``url`` as
    ``<index-digest>``, ``<platform-manifest-digest>``, ``<config-digest>``, ``<layer-digest>``. ``outcome``: "found" is
    200, "missing" 404, "failing" 503; "refused" never gets as far as HTTP. Of an attempt with ``https_first`` the URL
    says https, also where the host turns out to speak plain HTTP and is asked in that.
    """

    method: Literal["HEAD", "GET"]
    url: str
    attempt: int
    host: str
    purpose: Purpose
    outcome: Outcome

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)


def request_sequence(
    plan: Plan,
    *,
    down: Collection[str] = (),
    missing: Collection[str] = (),
    failing: Collection[str] = (),
) -> tuple[Request, ...]:
    """The requests of a pull by a puller that holds nothing of the image yet, in order.

    ``down`` names the hosts that refuse connections, ``missing`` those that do not have the image, ``failing`` those
    that answer 503; every other host has it. The pull succeeds when the last request is "found".

    The reference is taken to name an index. Where it names a plain manifest, that is what the "index" requests get, and
    those for the "platform-manifest" are not made. The request for a layer stands for one request for each layer; they
    are made side by side, in any order.

    Does not show the anonymous request answered 401 that opens each phase at a host that wants credentials, nor token
    requests and redirects.

    Raises:
        TypeError: for what is no plan, or a single text in place of several hosts.
    """
    for name, hosts in (("down", down), ("missing", missing), ("failing", failing)):
        refuse_text("request_sequence", f"{name} as a collection of hosts", hosts)
    if not isinstance(plan, Plan):
        raise wrong_type("request_sequence", "a plan of resolve", plan)
    outcomes: dict[str, Outcome] = {
        **dict.fromkeys(failing, "failing"),
        **dict.fromkeys(missing, "missing"),
        **dict.fromkeys(down, "refused"),
    }
    resolving = tuple(_resolving(plan, outcomes))
    is_resolved = bool(resolving) and resolving[-1].outcome == "found"
    return (*resolving, *_fetching(plan, outcomes)) if is_resolved else resolving


def _resolving(plan: Plan, outcomes: Mapping[str, Outcome]) -> Iterator[Request]:
    """What the tag or digest names is asked of each host that may say; a digest may also name a blob."""
    _, _, tag, digest = plan.reference
    needed = {"pull"} if digest else {"pull", "resolve"}
    hosts = [(number, attempt) for number, attempt in enumerate(plan.attempts) if needed <= attempt.capabilities]
    asked = list(_asked(hosts, "resolve", "HEAD", f"manifests/{digest or tag}", outcomes))
    yield from asked
    if digest and {request.outcome for request in asked} <= {"missing", "refused"}:
        yield from _asked(hosts, "resolve", "HEAD", f"blobs/{digest}", outcomes)


def _fetching(plan: Plan, outcomes: Mapping[str, Outcome]) -> Iterator[Request]:
    """Each object is asked of every host from the first on, whatever came of it before and whatever it is capable of."""
    objects: tuple[tuple[Purpose, str], ...] = (
        ("index", f"manifests/{plan.reference.digest or '<index-digest>'}"),
        ("platform-manifest", "manifests/<platform-manifest-digest>"),
        ("config", "blobs/<config-digest>"),
        ("layers", "blobs/<layer-digest>"),
    )
    hosts = list(enumerate(plan.attempts))
    for purpose, place in objects:
        yield from _asked(hosts, purpose, "GET", place, outcomes)


def _asked(
    hosts: Sequence[tuple[int, Attempt]],
    purpose: Purpose,
    method: Literal["HEAD", "GET"],
    place: str,
    outcomes: Mapping[str, Outcome],
) -> Iterator[Request]:
    """The hosts in order until one has it; the last is asked once more when it fails."""
    for number, attempt in hosts:
        outcome = outcomes.get(attempt.host, "found")
        request = Request(method, _url(attempt, place), number, attempt.host, purpose, outcome)
        yield request
        if outcome == "failing" and number == hosts[-1][0]:
            yield request
        if outcome == "found":
            return


def _url(attempt: Attempt, place: str) -> str:
    before, _, after = attempt.manifest_url.rpartition("/manifests/")
    _, mark, query = after.partition("?")
    return f"{before}/{place}{mark}{query}"
