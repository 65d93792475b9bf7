"""How long a pull waits for hosts that accept a connection and never answer.

Source: containerd/containerd v2.3, core/remotes/docker/registry.go (DefaultHTTPTransport), resolver.go
(doWithTransportRetries, httpFallback) and internal/cri/server/images/image_pull.go (pullProgressReporter);
siderolabs/talos v1.14, internal/pkg/containers/image/{resolver,image,pull}.go.
"""

from __future__ import annotations

from math import inf
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from talos_registry.resolution.resolver import Attempt, Puller
    from talos_registry.versions import Release

__all__ = ["Waiting"]

_HANDSHAKE = 10.0
_ANSWER: dict[Puller, float] = {"talos": 90.0, "cri": 30.0}
"""The read stall of Talos, and the time-out for response headers of containerd 2.3."""
_TRIES, _PAUSE = 5, 0.05
"""At the last host, which containerd 2.3 asks again after a time-out."""
_PATIENCE: dict[Puller, float] = {"talos": 1200.0, "cri": 300.0}
"""Then the pull is cancelled: by Talos with all its retries, by containerd when no content has come since."""


class Waiting:
    """The waits of one pull, in the order in which ``wait`` is asked for them.

    ``is_over``: the pull was cancelled while it waited. ``tries``: how often the last host is asked.
    """

    def __init__(self, puller: Puller, release: Release) -> None:
        self.is_over = False
        self.tries = _TRIES if release.leaves_silent_hosts else 1
        self._answer = _ANSWER[puller] if release.leaves_silent_hosts else inf
        self._counts_content = puller == "cri"
        self._left = self._patience = _PATIENCE[puller]
        self._in_http: set[int] = set()

    def begin_phase(self) -> None:
        """Resolving and fetching each find out anew where http is spoken instead of https."""
        self._in_http.clear()

    def receive_content(self) -> None:
        """Content of the image has come."""
        if self._counts_content:
            self._left = self._patience

    def wait(self, number: int, attempt: Attempt, *, is_asked_again: bool) -> float:
        """The seconds from a request of the plan's attempt of this number until the next request, or the end."""
        seconds = self._silence(number, attempt) + (_PAUSE if is_asked_again else 0.0)
        self.is_over = seconds >= self._left
        seconds = round(min(seconds, self._left), 2)
        self._left -= seconds
        return seconds

    def _silence(self, number: int, attempt: Attempt) -> float:
        if attempt.scheme != "https" or number in self._in_http:
            return self._answer
        if not attempt.https_first:
            return _HANDSHAKE
        self._in_http.add(number)
        return _HANDSHAKE + self._answer
