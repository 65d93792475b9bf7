"""A patch is empty.

Flags: with ``--merge``, patches without content: blank, only comments, or ``null``.

Because: Talos takes such a file for an empty JSON patch. That changes nothing on a config of one document, and is
refused on one of several, with an error about JSON patches. Templates that render to nothing are the usual cause.

Flagged:

    # file: config.yaml
    machine:
      type: worker
    # file: patch.yaml
    # no mirrors in this cluster

Clean:

    # file: config.yaml
    machine:
      type: worker
    # file: patch.yaml
    machine:
      registries:
        mirrors:
          quay.io:
            endpoints:
              - http://10.5.0.1:5005

Fix: leave the file out.

Source: https://github.com/siderolabs/talos/issues/12457
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True


def check(view: View) -> Iterator[Finding]:
    """Patches without content."""
    for at, step in enumerate(view.steps):
        if not step.patch.entries:
            is_refused = step.error is not None
            consequence = "and refuses it for a config of several documents" if is_refused else "which changes nothing"
            message = f"The patch is empty; Talos takes it for a JSON patch, {consequence}. Leave it out."
            yield Finding((), message, severity=Severity.ERROR if is_refused else None, patch=at)
