"""An image is not pulled through any mirror although one seems meant for it.

Flags: an image given with ``--image`` to which no mirror applies, while a mirror or an http endpoint nearly bears the
name of its registry host.

Because: mirrors are found by the registry host of the image reference, port included, and by nothing else. Without a
mirror the image is requested from its own registry over https.

Flagged:

    # --image 192.0.2.5:32000/app:1
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://192.0.2.5:32000

Clean:

    # --image 192.0.2.5:32000/app:1
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: 192.0.2.5:32000
    endpoints:
      - url: http://192.0.2.5:32000
    skipFallback: true

Fix: add a mirror that is named by the registry host of the image.

Source: https://github.com/siderolabs/talos/issues/1524, https://github.com/siderolabs/talos/issues/13423,
https://github.com/k3s-io/k3s/issues/1713
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from talos_registry.diagnostic import Severity
from talos_registry.documents.text import quoted
from talos_registry.finding import Finding
from talos_registry.hostnames import NearHosts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.reference import Reference
    from talos_registry.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING

_ALIASES = {"docker.io": ("registry-1.docker.io", "index.docker.io", "hub.docker.com")}


def check(view: View) -> Iterator[Finding]:
    """Images that pass by the mirror they seem to belong to."""
    for image in dict.fromkeys(view.images):
        host = image.registry_host
        if host in view.mirrors or view.catch_all:
            continue
        near = _near_endpoint(view, host) or _near_name(view, host)
        if near is not None:
            path, what = near
            yield Finding(path, f"No mirror applies to {image}: {what}, so nodes request {_request(view, image)}.")


def _near_endpoint(view: View, host: str) -> tuple[Path, str] | None:
    for mirror, endpoint in view.by_host.get(host, ()):
        if endpoint.scheme == "http":
            return endpoint.path, f"{quoted(host)} is an endpoint of the mirror {quoted(mirror.name)}, not a mirror"
    return None


def _near_name(view: View, host: str) -> tuple[Path, str] | None:
    names = [name for name in view.mirrors if name]
    alias = next((name for name in _ALIASES.get(host, ()) if name in view.mirrors), None)
    near = alias or NearHosts(names).nearest(host) or next(iter(get_close_matches(host, names, n=1, cutoff=0.8)), None)
    if near is None:
        return None
    return view.mirrors[near].name_path, f"its registry host is {quoted(host)}, the mirror is named {quoted(near)}"


def _request(view: View, image: Reference) -> str:
    from talos_registry.resolver import resolve  # noqa: PLC0415 - only this finding needs it

    plan = resolve(image, view.registries, puller="talos")
    return plan.attempts[0].manifest_url if plan.attempts else "nothing"
