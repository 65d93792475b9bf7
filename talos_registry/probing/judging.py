"""What an answer means for a pull.

Source: containerd/containerd v2.3, core/remotes/docker/resolver.go (Resolve); core/images/image.go (Manifest).
"""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.probing.exchange import MOST_BYTES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.probing.exchange import Answer
    from talos_registry.probing.results import Outcome, Step

__all__ = ["Reply", "of_endpoint", "of_manifest"]

MOST_MANIFEST_BYTES = 4393216
_REDIRECTS = {301, 302, 303, 307, 308}
_MANIFESTS = frozenset(
    {
        "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.docker.distribution.manifest.list.v2+json",
        "application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.index.v1+json",
    }
)
_DIGEST = re.compile(r"sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128}").fullmatch


_OUTCOMES: Mapping[int, Outcome] = {
    401: "unauthorized",
    403: "forbidden",
    404: "not-found",
    408: "timeout",
    429: "rate-limited",
}


class Reply(NamedTuple):
    """What came of a question; ``logged_in_elsewhere``: credentials of another host than that asked were used."""

    outcome: Outcome
    status: int | None
    digest: str | None
    detail: str
    node: Step | None
    seconds: float = 0.0
    logged_in_elsewhere: bool = False


def of_manifest(answer: Answer) -> Reply:
    """The answer to the request for a manifest."""
    status = answer.status
    if status >= 300:
        return _refused(answer)
    digest = answer.header("Docker-Content-Digest")
    if digest and not _DIGEST(digest):
        return Reply("not-a-registry", status, None, "its Docker-Content-Digest is no digest", "stops")
    if answer.media_type not in _MANIFESTS:
        kind = answer.media_type or "nothing that says what it is"
        detail = f"a manifest is wanted, and it answers {kind}: a wrong path, or a web page"
        return Reply("not-a-registry", status, digest or None, detail, "stops")
    length = answer.header("Content-Length")
    if length.isascii() and length.isdigit() and int(length) > MOST_MANIFEST_BYTES:
        return Reply("not-a-registry", status, digest, f"a manifest of {length} bytes, which no puller takes", "next")
    if answer.request.method == "GET" and not digest and len(answer.body) < MOST_BYTES:
        digest = f"sha256:{sha256(answer.body).hexdigest()}"
    detail = "" if digest else "it does not say the digest: a node asks once more, by GET"
    return Reply("ok", status, digest or None, detail, "pulls")


def of_endpoint(answer: Answer) -> Reply:
    """The answer of what should be a registry, to a request that every registry knows."""
    if answer.status >= 300:
        if answer.status == 404:
            return Reply("not-a-registry", 404, None, "no registry below this path", "next")
        return _refused(answer)
    if answer.media_type.strip().lower() == "text/html":
        return Reply("not-a-registry", answer.status, None, "a web page: a wrong path, or no registry", "stops")
    return Reply("ok", answer.status, None, "", "pulls")


def _refused(answer: Answer) -> Reply:
    """An answer that leads to no pull."""
    status = answer.status
    if status < 400:
        where = "without saying where to" if status in _REDIRECTS else "which is not followed"
        return Reply("bad-redirect", status, None, f"{status} {answer.reason}, {where}", "stops")
    outcome: Outcome = _OUTCOMES.get(status) or ("server-error" if status >= 500 else "not-a-registry")
    return Reply(outcome, status, None, _words(answer), "next")


def _words(answer: Answer) -> str:
    """What an answer says beside its status."""
    if answer.status == 401:
        challenges = answer.headers.get_all("WWW-Authenticate", [])
        return f"it wants {', '.join(challenges)}" if challenges else "it does not say how to log in"
    wait = answer.header("Retry-After")
    return f"ask again in {wait} s" if wait.isascii() and wait.isdigit() else ""
