"""An endpoint is a bare host, without http:// or https://.

Flags: an endpoint such as ``registry.example:5000``. Talos refuses it in a document and takes it in the legacy section.

Because: an endpoint is a URL. Read as one, ``registry.example:5000`` has the scheme ``registry.example`` and no host:
Talos' own puller fails with "unsupported protocol scheme", while containerd takes it for https. And
``192.0.2.10:5000`` cannot be read at all: then Talos writes no hosts directory, and pods lose every mirror of the node.

Flagged:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - registry.example:5000

Clean:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - https://registry.example:5000

Fix: write the scheme the registry is served with.

Source: https://github.com/siderolabs/talos/issues/8543, https://github.com/containerd/containerd/issues/4108
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.documents.mirror import lacks_scheme
from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Legacy endpoints that are no URLs."""
    for mirror, endpoint in view.endpoints():
        if mirror.is_legacy and lacks_scheme(endpoint.text):
            text = endpoint.text
            message = (
                f"The endpoint {quoted(text)} has no scheme: {_consequence(endpoint)}; "
                f"write {quoted(f'https://{text}')} or {quoted(f'http://{text}')}."
            )
            yield Finding(
                endpoint.path, message, ProposedFix(f"Write https://{text}", (Put(endpoint.path, f"https://{text}"),))
            )


def _consequence(endpoint: Endpoint) -> str:
    if endpoint.fault is None:
        return "Talos' own puller cannot use it, and containerd takes it for https"
    return "no puller can use it, and with it the node has no mirror for pods at all"
