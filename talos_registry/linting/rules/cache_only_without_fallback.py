"""The only source is a cache that holds a part of the upstream.

Flags: mirrors with skipFallback that have no endpoint but ``mirror.gcr.io``, and for Docker Hub ``public.ecr.aws``.

Because: ``mirror.gcr.io`` keeps the popular images of Docker Hub, ``public.ecr.aws`` its official ones. Without
fallback every other image ends in 404.

Flagged:

    # also: uncovered-bootstrap-registry
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
    skipFallback: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io

Fix: remove skipFallback.

Source: https://github.com/containerd/containerd/pull/6015
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Remove
from talos_registry.linting.hostnames import bare
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_PARTIAL = frozenset({"mirror.gcr.io", "public.ecr.aws"})


def check(view: View) -> Iterator[Finding]:
    """Mirrors that lack most images and let nodes go nowhere else."""
    for mirror in view.mirrors.values():
        hosts = {bare(endpoint.host) for endpoint in mirror.endpoints}
        if mirror.skip_fallback and hosts and hosts <= _PARTIAL and mirror.name not in hosts:
            path = (*mirror.path, "skipFallback")
            message = f"{min(hosts)} holds only a part of the images of Docker Hub; with skipFallback all others cannot be pulled."
            yield Finding(path, message, ProposedFix("Remove skipFallback", (Remove(path),)))
