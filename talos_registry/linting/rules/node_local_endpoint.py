"""An endpoint is the address that servers listen on.

Flags: endpoints at ``0.0.0.0`` and ``[::]``.

Because: a server that listens on ``0.0.0.0`` is reached at any address of its machine, but ``0.0.0.0`` itself names no
machine. A node that connects to it gets to itself, where no registry answers.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://0.0.0.0:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: write the address of the machine that the server runs on.

Source: Go, net/dial.go (Dial: an unspecified address is the local system)
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import bare
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_UNSPECIFIED = re.compile(r"0\.0\.0\.0|\[[0:]+\]")


def check(view: View) -> Iterator[Finding]:
    """Endpoints that lead each node to itself."""
    for _, endpoint in view.endpoints():
        if _UNSPECIFIED.fullmatch(bare(endpoint.host)):
            message = (
                f"{quoted(endpoint.host)} is an address to listen on, not one to connect to: each node gets to itself; "
                "write the address of the machine that the registry runs on."
            )
            yield Finding(endpoint.path, message)
