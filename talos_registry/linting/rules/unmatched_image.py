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

import re
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import bare, is_docker_hub, is_public
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.linting.view import View
    from talos_registry.resolution import Reference

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Images that pass by the mirror they seem to belong to."""
    if not view.is_complete:
        return
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
    alias = next(filter(is_docker_hub, names), None) if host == "docker.io" else None
    near = alias or view.near_mirrors.nearest(host) or next((name for name in names if _is_slip(name, host)), None)
    if near is None:
        return None
    return view.mirrors[near].name_path, f"its registry host is {quoted(host)}, the mirror is named {quoted(near)}"


_LIKENESS, _SHORTEST = 0.75, 4


def _is_slip(name: str, host: str) -> bool:
    """Whether two names differ in one word only, and there by a slip of the fingers; numbers are never one."""
    words, host_words = re.split(r"[.-]", bare(name)), re.split(r"[.-]", bare(host))
    different = [pair for pair in zip(words, host_words, strict=False) if pair[0] != pair[1]]
    if len(words) != len(host_words) or len(different) != 1 or (is_public(name) and is_public(host)):
        return False
    left, right = (re.sub(r"[0-9]", "", word) for word in different[0])
    return (
        min(len(left), len(right)) >= _SHORTEST
        and left != right
        and SequenceMatcher(None, left, right).ratio() >= _LIKENESS
    )


def _request(view: View, image: Reference) -> str:
    from talos_registry.resolution import resolve

    plan = resolve(image, view.registries, puller="talos", talos_version=view.release.text)
    return plan.attempts[0].manifest_url if plan.attempts else "nothing"
