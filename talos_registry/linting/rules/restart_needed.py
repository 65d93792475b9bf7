"""A patch changes credentials that containerd reads only when it starts.

Flags: with ``--merge``, patches that change the credentials of a host, for Talos before 1.14.

Because: before 1.14 containerd keeps the credentials it was started with. Talos' own puller uses the new ones at once,
pods go on with the old ones until the node is rebooted.

Flagged:

    # --talos-version 1.13
    # file: current.yaml
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: ghcr.io
    username: example
    password: old
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: ghcr.io
    password: new

Clean:

    # --talos-version 1.14
    # file: current.yaml
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: ghcr.io
    username: example
    password: old
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: ghcr.io
    password: new

Fix: plan a reboot of the nodes, or use Talos 1.14 or later.

Source: https://github.com/siderolabs/talos/issues/12725, https://github.com/siderolabs/talos/issues/10717
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

_RESTARTS_SINCE = (1, 14)
_MEMBERS = ("username", "password", "auth", "identityToken")


def check(view: View) -> Iterator[Finding]:
    """Credentials that pods will not use until the node is rebooted."""
    if view.release.number >= _RESTARTS_SINCE or view.before is None:
        return
    for auth in view.auths.values():
        earlier = view.before.auths.get(auth.name)
        changed = next((key for key in _MEMBERS if earlier and earlier.values.get(key) != auth.values.get(key)), None)
        if changed is not None:
            message = (
                f"Before Talos 1.14 pods go on with the old credentials for {quoted(auth.name)} until the node is "
                "rebooted; only Talos' own puller uses the new ones at once."
            )
            yield Finding((*auth.path, changed), message)
