"""What an answer means for a pull.

Source: containerd/containerd v2.3, core/remotes/docker/resolver.go (Resolve); core/images/image.go (Manifest).
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.probing.exchange import MOST_BYTES
from talos_registry.resolution.reference import is_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.probing.exchange import Answer
    from talos_registry.probing.hearing import Hearing
    from talos_registry.probing.results import Outcome, Step

__all__ = ["Reply", "of_endpoint", "of_manifest"]

MOST_MANIFEST_BYTES = 4393216
"""The largest manifest that a puller takes."""
_LONGEST_NUMBER = 18
_MANIFESTS = frozenset(
    {
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    }
)
_OUTCOMES: Mapping[int, Outcome] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    408: "timeout",
    429: "rate-limited",
}


class Reply(NamedTuple):
    """What came of a question; ``used_other_credentials``: those of another host than that asked."""

    outcome: Outcome
    status: int | None
    digest: str | None
    detail: str
    node: Step | None
    seconds: float = 0.0
    used_other_credentials: bool = False


def of_manifest(answer: Answer, hearing: Hearing, *, by_digest: bool) -> Reply:
    """The answer to the request for a manifest; the digest of a reference that names one needs no header."""
    status, length = answer.status, _number(answer.header("Content-Length"))
    if status >= 300:
        return _refused(answer, hearing)
    digest = answer.header("Docker-Content-Digest")
    is_valid = is_digest(digest)
    if digest and not is_valid and not by_digest and length is not None:
        return Reply("not-a-registry", status, None, "its Docker-Content-Digest is no digest", "stops")
    if answer.media_type not in _MANIFESTS:
        kind = hearing.shown(answer.media_type) or "nothing that says what it is"
        detail = f"a manifest is wanted, and it answers {kind}: a wrong path, or a web page"
        return Reply("not-a-registry", status, digest if is_valid else None, detail, "stops")
    if length is not None and length > MOST_MANIFEST_BYTES:
        return Reply("not-a-registry", status, None, f"a manifest of {length} bytes, which no puller takes", "next")
    if answer.request.method == "GET":
        return _read(answer, digest if is_valid else "", length)
    is_said = (is_valid or by_digest) and length is not None
    detail = "" if is_said else "it says no digest, or no length: a node asks once more, by GET"
    return Reply("ok", status, digest if is_valid else None, detail, "pulls")


def _read(answer: Answer, digest: str, length: int | None) -> Reply:
    """What is known of a manifest that has been read as far as anything is."""
    is_whole = len(answer.body) < MOST_BYTES
    if is_whole and length is not None and length > len(answer.body):
        return Reply("not-a-registry", answer.status, None, "the manifest is cut off", "stops")
    computed = f"sha256:{sha256(answer.body).hexdigest()}" if is_whole else None
    return Reply("ok", answer.status, digest or computed, "", "pulls")


def of_endpoint(answer: Answer, hearing: Hearing, *, has_credentials: bool) -> Reply:
    """The answer of what should be a registry, to a request that every registry knows."""
    status = answer.status
    if status == 404:
        return Reply("not-a-registry", status, None, "no registry below this path", "next")
    if status == 401 and not has_credentials:
        return Reply("ok", status, None, "it may want a login, for which there are no credentials", "pulls")
    if status >= 300:
        return _refused(answer, hearing)
    is_said = answer.header("Docker-Distribution-Api-Version").startswith("registry/")
    if not is_said and answer.media_type.strip().lower() in _PAGES:
        return Reply("not-a-registry", status, None, "a web page: a wrong path, or no registry", "stops")
    return Reply("ok", status, None, "", "pulls")


_PAGES = {"text/html", "text/plain", "application/xhtml+xml"}


def _refused(answer: Answer, hearing: Hearing) -> Reply:
    """An answer that leads to no pull."""
    status = answer.status
    if status < 400:
        where = "which is not followed" if answer.header("Location") else "without saying where to"
        return Reply("bad-redirect", status, None, f"{status} {hearing.shown(answer.reason)}, {where}", "stops")
    outcome: Outcome = _OUTCOMES.get(status) or ("server-error" if status >= 500 else "not-a-registry")
    return Reply(outcome, status, None, _words(answer, hearing), "next")


def _words(answer: Answer, hearing: Hearing) -> str:
    """What an answer says beside its status."""
    if answer.status == 401:
        challenges = [hearing.shown(challenge) for challenge in answer.headers.get_all("WWW-Authenticate", [])]
        return f"it wants {', '.join(challenges)}" if challenges else "it does not say how to log in"
    wait = _number(answer.header("Retry-After"))
    return "" if wait is None else f"ask again in {wait} s"


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER else None
