"""An image is not pulled through any mirror.

Flags: an image given with ``--image`` to which no mirror applies, while a mirror or an http endpoint nearly bears the
name of its registry host. Where nothing resembles it and there are mirrors, it is an info, and nothing is said of a
registry that has credentials or TLS settings of its own.

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
from bisect import bisect_left
from difflib import get_close_matches
from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import LONGEST_NAME, bare, is_docker_hub, is_loopback, is_public
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import upstream_host
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.diagnostic import Path
    from talos_registry.linting.view import View
    from talos_registry.resolution import Reference

__all__ = ["NEEDS_CONFIG", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
NEEDS_CONFIG = True


def check(view: View) -> Iterator[Finding]:
    """Images that pass by the mirrors."""
    if not view.is_complete:
        return
    slips = _Slips(filter(None, view.mirrors if view.images else ()))
    for image in dict.fromkeys(view.images):
        host = image.registry_host
        if view.serves(host):
            continue
        near = _near_endpoint(view, host) or _near_name(view, host, slips)
        if near is not None:
            path, what = near
            yield Finding(path, f"No mirror applies to {image}: {what}, so nodes request {_request(view, image)}.")
        elif view.mirrors and not _is_pulled_directly(view, host):
            message = f"No mirror applies to {image}: it goes to {quoted(host)} directly, as {_request(view, image)}."
            yield Finding(view.start, message, severity=Severity.INFO)


def _is_pulled_directly(view: View, host: str) -> bool:
    """Whether the config says so, or another rule speaks of it."""
    own = {host, upstream_host(host)}
    return is_loopback(host) or not (own.isdisjoint(view.auths) and own.isdisjoint(view.tls))


def _near_endpoint(view: View, host: str) -> tuple[Path, str] | None:
    for mirror, endpoint in view.by_host.get(host, ()):
        if endpoint.scheme == "http":
            return endpoint.path, f"{quoted(host)} is an endpoint of the mirror {quoted(mirror.name)}, not a mirror"
    return None


def _near_name(view: View, host: str, slips: _Slips) -> tuple[Path, str] | None:
    alias = next(filter(is_docker_hub, filter(None, view.mirrors)), None) if host == "docker.io" else None
    near = alias or view.near_mirrors.nearest(host) or slips.nearest(host)
    if near is None:
        return None
    return view.mirrors[near].name_path, f"its registry host is {quoted(host)}, the mirror is named {quoted(near)}"


_LIKENESS, _SHORTEST = 0.75, 4
_FEW, _NEIGHBOURS = 200, 20
"""A word is compared with as few others, or else with as many before and behind it in the order of the alphabet."""


class _Slips:
    """Finds, among names, the first from which a host differs in one word only, and there by a slip of the fingers."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names: dict[_Gap, dict[str, tuple[int, str]]] = {}
        for order, name in enumerate(names):
            for gap, word in _gaps(name):
                self._names.setdefault(gap, {}).setdefault(word, (order, name))
        self._words = {gap: sorted(by_word) for gap, by_word in self._names.items()}

    def nearest(self, host: str) -> str | None:
        """The name that is meant by a host, None if there is none; two public registries are never meant for one."""
        alike = (self._names[gap][near] for gap, word in _gaps(host) for near in self._neighbours(gap, word))
        slips = (slip for slip in sorted(alike) if not (is_public(slip[1]) and is_public(host)))
        return next((name for _, name in slips), None)

    def _neighbours(self, gap: _Gap, word: str) -> Iterator[str]:
        words = self._words.get(gap, [])
        if len(words) > _FEW:
            at = bisect_left(words, word)
            words = words[max(at - _NEIGHBOURS, 0) : at + _NEIGHBOURS]
        return (other for other in get_close_matches(word, words, max(len(words), 1), _LIKENESS) if other != word)


_Gap = tuple[int, tuple[str, ...]]
"""Where a word is missing, and the words around it."""


def _gaps(name: str) -> Iterator[tuple[_Gap, str]]:
    """Each word of a name without its numbers, which are never a slip, with all the others."""
    words = re.split(r"[.-]", bare(name)) if len(name) <= LONGEST_NAME else []
    for at, word in enumerate(words):
        letters = re.sub(r"[0-9]", "", word)
        if len(letters) >= _SHORTEST:
            yield (at, (*words[:at], *words[at + 1 :])), letters


def _request(view: View, image: Reference) -> str:
    from talos_registry.resolution import resolve

    plan = resolve(image, view.registries, puller="talos", talos_version=view.release.text)
    return plan.attempts[0].manifest_url if plan.attempts else "nothing"
