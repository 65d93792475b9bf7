"""A pod's pull secret replaces the node's credentials for an authenticated mirror.

Flags: an image given with ``--image`` whose mirror has an endpoint with credentials of its own, on another host.

Because: when a pod has an imagePullSecret for the image, containerd uses it for the whole pull, at the mirror too, and
not the credentials of the node. A mirror that wants its own credentials answers 401.

Flagged:

    # --image registry.example/team/app:1.0
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example
    endpoints:
      - url: https://harbor.example/v2/upstream
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: harbor.example
    username: puller
    password: ${PASSWORD}

Clean:

    # --image registry.example/team/app:1.0
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example
    endpoints:
      - url: https://harbor.example/v2/upstream
        overridePath: true

Fix: let nodes pull from the mirror anonymously, or put the mirror's credentials into the pull secret.

Source: https://github.com/k3s-io/k3s/issues/8026, https://github.com/containerd/containerd/issues/10996
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO


def check(view: View) -> Iterator[Finding]:
    """Credentials of mirrors that pods with pull secrets do not use."""
    for host in dict.fromkeys(image.registry_host for image in view.images):
        mirror = view.mirrors.get(host) or view.catch_all
        names = dict.fromkeys(endpoint.host for endpoint in mirror.endpoints) if mirror else {}
        for name in names:
            if name in view.auths and name != host:
                message = (
                    f"A pod with a pull secret for {quoted(host)} sends it to {quoted(name)} too, instead of these "
                    "credentials; they are used for pods without one."
                )
                yield Finding(view.auths[name].path, message)
