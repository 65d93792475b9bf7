"""What came of asking, as frozen values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from talos_registry.masking import mask_quoted, mask_url, masked_repr

if TYPE_CHECKING:
    from talos_registry.resolution import Puller, Reference
    from talos_registry.resolution.resolver import Host

__all__ = ["End", "Outcome", "Probe", "ProbedAttempt", "Step", "end_of"]

Outcome: TypeAlias = Literal[
    "ok",
    "not-found",
    "unauthorized",
    "forbidden",
    "certificate",
    "client-certificate",
    "refused",
    "timeout",
    "no-address",
    "speaks-http",
    "speaks-tls",
    "not-a-registry",
    "rate-limited",
    "server-error",
    "bad-redirect",
    "other-digest",
]
Step: TypeAlias = Literal["pulls", "next", "stops"]
End: TypeAlias = Literal["pulled", "not-pulled", "unknown"]


class ProbedAttempt(NamedTuple):
    """One host of a plan, and what came of asking it.

    Attributes:
        tried: the host, and how it is asked.
        url: what was asked for.
        outcome: ``"ok"``, ``"not-found"``, ``"unauthorized"``, ``"forbidden"``, ``"certificate"``,
            ``"client-certificate"``, ``"refused"``, ``"timeout"``, ``"no-address"``, ``"speaks-http"``, ``"speaks-tls"``,
            ``"not-a-registry"``, ``"rate-limited"``, ``"server-error"``, ``"bad-redirect"`` or ``"other-digest"``; None
            where nothing was asked: ``detail`` says why not.
        status: of the last answer; None where there was none.
        seconds: from the first connection to the end; None where nothing was asked.
        digest: what the host says the reference names.
        detail: what there is to say besides, in words.
        node: what a node does next: ``"pulls"`` from here, goes on to the ``"next"`` host, or ``"stops"``; None where
            that is not known.
    """

    tried: Host
    url: str
    outcome: Outcome | None
    status: int | None
    seconds: float | None
    digest: str | None
    detail: str
    node: Step | None

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    @property
    def host(self) -> str:
        """The host as written, with its port."""
        return self.tried.host

    def to_dict(self) -> dict[str, Any]:
        """The attempt as it is in the JSON of ``probe``: plain values, without secrets."""
        return self.tried.to_dict(self.url) | {
            "outcome": self.outcome,
            "status": self.status,
            "seconds": None if self.seconds is None else round(self.seconds, 3),
            "digest": self.digest,
            "detail": self.detail,
            "node": self.node,
        }


class Probe(NamedTuple):
    """What came of asking all hosts that a puller tries for a reference.

    Attributes:
        reference: None where only the endpoints of a mirror were asked whether a registry answers.
        puller: ``"talos"`` or ``"cri"``.
        mirror: the name of the mirror that applies; None if there is none.
        error: that of the plan, which stops every pull; then there are no attempts.
        attempts: the hosts in the order in which they are tried.
        end: whether a node would pull: ``"pulled"``, ``"not-pulled"``, or ``"unknown"`` where that depends on a host
            that was not asked.
    """

    reference: Reference | None
    puller: Puller
    mirror: str | None
    error: str | None
    attempts: tuple[ProbedAttempt, ...]
    end: End

    def __repr__(self) -> str:
        return masked_repr(self, self._fields)

    @property
    def is_bad(self) -> bool:
        """Whether somebody should look: a host fails, or the reference cannot be pulled."""
        failed = any(attempt.outcome not in {None, "ok", "not-found"} for attempt in self.attempts)
        return failed or (self.end == "not-pulled" and (self.reference is not None or self.error is not None))

    def to_dict(self) -> dict[str, Any]:
        """The probe as it is in the JSON of ``probe``: plain values, without secrets."""
        return {
            "reference": None if self.reference is None else str(self.reference),
            "puller": self.puller,
            "mirror": None if self.mirror is None else mask_url(self.mirror),
            "error": None if self.error is None else mask_quoted(self.error),
            "end": self.end,
            "attempts": [attempt.to_dict() for attempt in self.attempts],
        }


def end_of(attempts: tuple[ProbedAttempt, ...]) -> End:
    """What becomes of a pull that asks these hosts in turn."""
    for attempt in attempts:
        if attempt.node is None:
            return "unknown"
        if attempt.node != "next":
            return "pulled" if attempt.node == "pulls" else "not-pulled"
    return "not-pulled"
