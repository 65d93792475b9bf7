"""An endpoint is named by the DNS of the cluster.

Flags: endpoint hosts that end in ``.svc`` or ``.cluster.local``.

Because: images are pulled by the node, and a node does not ask the cluster's DNS. The name does not resolve, every
pull fails there, and with skipFallback it fails for good.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://zot.registry.svc.cluster.local:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: use an address that nodes can reach: a node port, a load balancer, or a host outside the cluster.

Source: siderolabs/talos documentation, "Pull Through Image Cache"
"""

from __future__ import annotations

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


def check(view: View) -> Iterator[Finding]:
    """Endpoints that only pods could reach."""
    for _, endpoint in view.endpoints():
        if bare(endpoint.host).rstrip(".").endswith((".svc", ".cluster.local")):
            message = (
                f"{quoted(endpoint.host)} is a name of the cluster's own DNS, which nodes do not ask when they pull; "
                "use an address that nodes can reach."
            )
            yield Finding(endpoint.path, message)
