"""There are several kinds of credentials for one host.

Flags: a RegistryAuthConfig with more than one of ``username``, ``auth`` and ``identityToken`` (refused by Talos), and
such an entry of the legacy section (accepted, and reported as a hint).

Because: only one of them can be sent. The pullers take the user name first, then the identity token, then ``auth``.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}
    identityToken: ${TOKEN}

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}

Fix: keep the one that the registry wants.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_auth.go (Validate)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.INFO
ALSO_ERROR = True

_IN_ORDER = ("username", "identityToken", "auth")


def check(view: View) -> Iterator[Finding]:
    """Legacy credentials of which only the first is sent."""
    for auth in view.auths.values():
        given = [key for key in _IN_ORDER if auth.values.get(key)]
        if auth.is_legacy and len(given) > 1:
            message = f"The credentials for {quoted(auth.name)} have {' and '.join(given)}; only {given[0]} is used."
            yield Finding(auth.path, message)
