"""What our request sequence says of an image whose digests are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from talos_registry.resolution import Request
    from tests.e2e.image import Image

STATUS = {"found": 200, "missing": 404, "failing": 503, "refused": 0, "silent": 0}


class Expected(NamedTuple):
    """One request that must be seen.

    ``status`` is 0 where nobody answers. ``side_by_side``: one of several that end the pull together, in any order.
    ``seconds``: how long a host is waited for that never answers.
    """

    method: str
    url: str
    host: str
    status: int
    side_by_side: bool
    seconds: float | None

    @property
    def target(self) -> str:
        parts = urlsplit(self.url)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path


def expected(requests: Iterable[Request], image: Image, challenging: Collection[str] = ()) -> list[Expected]:
    """The requests with digests put in; a ``challenging`` host answers the first of each phase with 401."""
    is_plain = image.top == image.manifest
    kept = [request for request in requests if not (is_plain and request.purpose == "platform-manifest")]
    asked = [one for request in kept for one in _spelt_out(request, image)]
    return list(_challenged(asked, challenging))


def _spelt_out(request: Request, image: Image) -> Iterator[Expected]:
    for layer in image.layers if request.purpose == "layers" else [""]:
        url = (
            request.url.replace("<index-digest>", image.top)
            .replace("<platform-manifest-digest>", image.manifest)
            .replace("<config-digest>", image.config)
            .replace("<layer-digest>", layer)
        )
        several = request.purpose == "layers" and len(image.layers) > 1
        yield Expected(request.method, url, request.host, STATUS[request.outcome], several, request.seconds)


def _challenged(asked: Iterable[Expected], challenging: Collection[str]) -> Iterator[Expected]:
    known = set()
    for one in asked:
        if one.host in challenging and (one.method, one.host) not in known:
            known.add((one.method, one.host))
            yield one._replace(status=401)
        yield one
