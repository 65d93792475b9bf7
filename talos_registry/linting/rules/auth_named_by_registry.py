"""Credentials are named by a mirrored registry, while its endpoints have none.

Flags: credentials whose name is that of a mirror with https endpoints of other hosts, none of which has credentials.
Silent when an endpoint is plain http or a public mirror: such caches are open, and the credentials are for the fallback.

Because: credentials go to the host that is asked. A mirror is asked at its endpoints; credentials named by the
mirrored registry are only used when the pull falls back to it.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example
    endpoints:
      - url: https://artifactory.example
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example
    endpoints:
      - url: https://artifactory.example
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: artifactory.example
    username: puller
    password: ${PASSWORD}

Fix: name the credentials by the host of the endpoint, or add a second document for it.

Source: https://github.com/k3s-io/k3s/issues/11185, https://github.com/k3s-io/k3s/issues/4637
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import is_docker_hub, is_public
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, Mirror, View

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
NEEDS_CONFIG = True


def check(view: View) -> Iterator[Finding]:
    """Credentials that only the fallback gets."""
    if not view.is_complete:
        return
    for auth in view.auths.values():
        mirror = view.mirrors.get(auth.name)
        if mirror is None or is_docker_hub(auth.name) or auth.name == "*" or not mirror.endpoints:
            continue
        hosts = {endpoint.host for endpoint in mirror.endpoints}
        if view.near_hosts.same(auth.name) in hosts or hosts & view.auths.keys():
            continue  # the endpoint is the registry itself, or has credentials of its own
        if not all(map(_may_want_credentials, mirror.endpoints)):
            continue
        message = (
            f"The endpoint {quoted(mirror.endpoints[0].host)} is asked without these credentials: they are named by "
            f"{quoted(auth.name)}, which {_when_asked(mirror)}; name them by the host of the endpoint."
        )
        yield Finding(auth.name_path, message)


def _may_want_credentials(endpoint: Endpoint) -> bool:
    return endpoint.scheme == "https" and not is_public(endpoint.host) and not has_placeholder(endpoint.host)


def _when_asked(mirror: Mirror) -> str:
    return "is never asked (skipFallback)" if mirror.skip_fallback else "is asked only when the pull falls back"
