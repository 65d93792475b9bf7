"""Credentials are named by a host that is nearly, but not exactly, the host of an endpoint.

Flags: auth names that no endpoint has and that differ from the host of one by port, case, or labels in front, or are its
first label (``myreg:5000`` for ``myreg.example.com:5000``). A name that resembles no endpoint is taken for a registry
that is pulled from directly, and so is that of a public registry.

Because: names are compared with the host of an endpoint character by character, port included:
``cache.example`` is not ``cache.example:443``. The endpoint is asked anonymously.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://cache.example:5443
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: cache.example
    username: puller
    password: ${PASSWORD}

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://cache.example:5443
    ---
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: cache.example:5443
    username: puller
    password: ${PASSWORD}

Fix: name the credentials exactly as the endpoint is written.

Source: https://github.com/rancher/rke2/issues/2167; siderolabs/talos, internal/pkg/containers/image/resolver.go
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
    """Credentials that an endpoint nearly gets."""
    if not view.is_complete:
        return
    known = view.by_host.keys() | view.hosts_without_scheme
    for auth in view.auths.values():
        if auth.name in known or not _could_be_a_host(auth.name):
            continue
        near = _near(view, auth.name)
        if near is not None and near not in view.auths:
            message = (
                f"No endpoint has the host {quoted(auth.name)}, so {quoted(near)} is asked without these credentials; "
                f"name them {quoted(near)}."
            )
            # The legacy key may name TLS settings as well, so only a document is renamed.
            fix = None if auth.is_legacy else ProposedFix(f"Name them {quoted(near)}", (Put(auth.name_path, near),))
            yield Finding(auth.path, message, fix)


def _could_be_a_host(name: str) -> bool:
    return bool(name) and "*" not in name and "/" not in name and not is_docker_hub(name)


def _near(view: View, name: str) -> str | None:
    """The host that is meant; a mirrored registry has credentials of its own, unless it is the very same host."""
    return view.near_hosts.same(name) if name in view.mirrors else view.near_hosts.nearest(name)
