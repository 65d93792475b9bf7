"""A mirror is named like a directory of containerd.

Flags: mirrors named ``_default``, or with the port between underscores, as in ``registry.example_5000_``.

Because: that is how the catch-all and a registry with a port are called in containerd's hosts directory. Talos makes a
directory of the name as it is, so pods are pulled through the mirror; Talos itself compares the name with the registry
host of an image, and never uses it. With a mirror of the right name beside it, chance says which of the two pods get.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: _default
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "*"
    endpoints:
      - url: http://10.5.0.1:5000

Fix: write ``*`` for the catch-all, ``registry.example:5000`` for a registry with a port.

Source: https://github.com/k3s-io/k3s/issues/13526; siderolabs/talos, internal/pkg/containers/cri/containerd/hosts.go
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.messages import quoted
from talos_registry.resolution.hosts import directory_name
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Mirror, View

__all__ = ["SEVERITY", "check", "named_by_directory"]

SEVERITY = Severity.WARNING

_WITH_PORT = re.compile(r"(.+)_([0-9]+)_")


def check(view: View) -> Iterator[Finding]:
    """Mirrors that only containerd uses."""
    for mirror in view.mirrors.values():
        meant = named_by_directory(mirror.name)
        if meant is not None:
            what = "every registry" if meant == "*" else quoted(meant)
            message = (
                f"{quoted(mirror.name)} is a directory of containerd's: pods are pulled through this mirror for {what}, "
                f"Talos' own images never are; name it {quoted(meant)}."
            )
            yield Finding(mirror.name_path, message, _fix(view, mirror, meant))


def named_by_directory(name: str) -> str | None:
    """The mirror for which containerd takes one with the name of a directory, None if it is no such name."""
    with_port = _WITH_PORT.fullmatch(name)
    meant = f"{with_port[1]}:{with_port[2]}" if with_port else "*"
    return meant if directory_name(meant) == name else None


def _fix(view: View, mirror: Mirror, meant: str) -> ProposedFix | None:
    if meant in view.mirrors:
        return None
    return ProposedFix(f"Name it {quoted(meant)}", (Put(mirror.name_path, meant, is_key=mirror.is_legacy),))
