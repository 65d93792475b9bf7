"""A mirror is named after a host of Docker Hub other than docker.io.

Flags: mirrors named ``registry-1.docker.io``, ``index.docker.io``, ``hub.docker.com``, ``Docker.io`` and the like.

Because: a mirror is looked up by the registry host of an image reference, and for Docker Hub that is ``docker.io``,
however the image is written. ``registry-1.docker.io`` is right for credentials and TLS settings only.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry-1.docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: name the mirror ``docker.io``.

Source: https://github.com/windsorcli/cli/pull/567; distribution/reference, normalize.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import is_docker_hub
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Mirrors that are meant for Docker Hub and never used."""
    for mirror in view.mirrors.values():
        if is_docker_hub(mirror.name) and mirror.name != "docker.io":
            taken = "docker.io" in view.mirrors
            fix = ProposedFix("Name it docker.io", (Put(mirror.name_path, "docker.io", is_key=mirror.is_legacy),))
            advice = "; there is a mirror docker.io already" if taken else "; name it docker.io"
            message = f"Docker Hub images are named docker.io, so the mirror {quoted(mirror.name)} is not used for them{advice}."
            yield Finding(mirror.name_path, message, None if taken else fix)
