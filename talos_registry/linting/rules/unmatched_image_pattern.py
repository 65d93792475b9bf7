"""A pattern for images matches none.

Flags: patterns of an ImageVerificationConfig whose part before the first ``/`` is no registry host: it has no dot, no
port and is not ``localhost``; and patterns without ``/`` and ``*``.

Because: patterns are compared with the whole name of an image, which begins with its registry: ``nginx`` is
``docker.io/library/nginx``. A rule that matches nothing verifies and denies nothing, and the next rule decides.

Flagged:

    apiVersion: v1alpha1
    kind: ImageVerificationConfig
    rules:
      - image: library/*
        deny: true

Clean:

    apiVersion: v1alpha1
    kind: ImageVerificationConfig
    rules:
      - image: docker.io/library/*
        deny: true

Fix: begin the pattern with the registry host.

Source: siderolabs/talos, pkg/machinery/config/types/security/image_verification.go (patternMatchesNoImage)
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

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Patterns that no image has."""
    for path, pattern in view.image_patterns():
        if _matches_nothing(pattern):
            message = (
                f"No image matches {quoted(pattern)}: names of images begin with their registry here, as in "
                f"{quoted(_full_name(pattern))}."
            )
            yield Finding(path, message)


def _matches_nothing(pattern: str) -> bool:
    prefix, glob, _ = pattern.partition("*")
    registry_host, slash, _ = prefix.partition("/")
    if not slash:
        return bool(pattern) and not glob
    return not set(registry_host) & set(".:") and registry_host.lower() != "localhost"


def _full_name(pattern: str) -> str:
    """The pattern for Docker Hub, where an image of that name is."""
    return f"docker.io/{pattern}" if "/" in pattern else f"docker.io/library/{pattern}"
