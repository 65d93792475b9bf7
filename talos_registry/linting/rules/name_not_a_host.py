"""A mirror, auth or TLS name is a URL, has a path, or cannot be the name of a registry host.

Flags: names with a scheme or a ``/`` in them, and mirrors with a name that no image reference can begin with, such as
``harbor`` without dot or port, and ``*.example``.

Because: a mirror is looked up by the first segment of an image reference, credentials and TLS settings by the host of
an endpoint. Both are ``HOST[:PORT]``; a name with anything more is never looked up. And ``harbor/app`` means the image
``harbor/app`` on Docker Hub.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: https://registry.example:5000
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: registry.example:5000
    endpoints:
      - url: http://10.5.0.1:5000

Fix: write the host alone. A repository prefix cannot be mirrored on its own: the whole registry host is.

Source: https://github.com/k3s-io/k3s/issues/13255; siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import InvalidReferenceError
from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import is_docker_config_key, is_docker_hub, without_url
from talos_registry.linting.rules.hosts_directory_name import named_by_directory
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder, without_placeholders
from talos_registry.resolution import Reference
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Mirror, View
    from talos_registry.loading import Setting

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_LONGEST = 1000
"""Longer names are not looked at closely; a host is much shorter."""


def check(view: View) -> Iterator[Finding]:
    """Names that cannot be the name of a host."""
    for mirror in view.mirrors.values():
        if _is_no_host(mirror.name):
            yield _finding(mirror, "no image reference begins with it, so this mirror is never used")
        elif _begins_no_reference(mirror.name):
            yield Finding(
                mirror.name_path,
                f"No image reference can begin with {quoted(mirror.name)}, so this mirror is not used for any; a registry host has a dot, a port, or is localhost.",
            )
    for entry in view.named_by_host():
        if _is_no_host(entry.name) and not is_docker_config_key(entry.name):
            yield _finding(entry, "it is compared with the host of an endpoint, so these settings are never used")


def _is_no_host(name: str) -> bool:
    return "/" in name and (len(name) > _LONGEST or "/" in without_placeholders(name))


def _begins_no_reference(name: str) -> bool:
    if name in {"", "*"} or has_placeholder(name) or is_docker_hub(name) or named_by_directory(name):
        return False
    if len(name) > _LONGEST:
        return True
    try:
        return Reference.parse(f"{name}/team/app").registry_host != name
    except InvalidReferenceError:
        return True


def _finding(entry: Mirror | Setting, consequence: str) -> Finding:
    host = _host_of(entry)
    fix = (
        ProposedFix(f"Name it {quoted(host)}", (Put(entry.name_path, host, is_key=entry.is_legacy),)) if host else None
    )
    advice = f"; write {quoted(host)}" if host else ""
    return Finding(entry.name_path, f"{quoted(entry.name)} is not a registry host: {consequence}{advice}.", fix)


def _host_of(entry: Mirror | Setting) -> str:
    """The host that is meant; Docker Hub has another one for mirrors than for what is named by an endpoint."""
    host = without_url(entry.name)
    if not is_docker_hub(host):
        return host
    return "docker.io" if hasattr(entry, "endpoints") else "registry-1.docker.io"
