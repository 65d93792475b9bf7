"""An endpoint is no URL.

Flags: an endpoint that Go cannot parse. Talos refuses it in a document and takes it in the legacy section.

Because: a legacy endpoint is not looked at before it is used. Then one that cannot be parsed stops the pull, and
Talos writes no hosts directory at all, so that pods lose every mirror of the node.

Flagged:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://192.0.2.10:5000:5000

Clean:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://192.0.2.10:5000

Fix: write ``http://HOST[:PORT]`` or ``https://HOST[:PORT]``, with a path if the registry needs one.

Source: siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go; Go, net/url
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.documents.mirror import lacks_scheme, url_problem
from talos_registry.linting.finding import Finding
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Legacy endpoints that Go cannot parse."""
    for mirror, endpoint in view.endpoints():
        is_ours = mirror.is_legacy and endpoint.fault is not None
        if is_ours and not lacks_scheme(endpoint.text) and not has_placeholder(endpoint.text):
            problem = url_problem(endpoint.path, endpoint.text, endpoint.fault or "")
            yield Finding(endpoint.path, f"{problem.message} With it the node has no mirror for pods at all.")
