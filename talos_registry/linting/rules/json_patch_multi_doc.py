"""A JSON patch meets a config of several documents.

Flags: with ``--merge``, RFC 6902 patches for a config that has, or gets, more than one document.

Because: Talos applies JSON patches to single-document configs only; registry documents make a config one of several.

Flagged:

    # file: config.yaml
    machine:
      type: worker
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://10.5.0.1:5004
    # file: patch.yaml
    - op: add
      path: /machine/registries
      value: {}

Clean:

    # file: config.yaml
    machine:
      type: worker
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: http://10.5.0.1:5004
    # file: patch.yaml
    machine:
      registries:
        mirrors:
          quay.io:
            endpoints:
              - http://10.5.0.1:5005

Fix: write the patch as the part of the config that it changes.

Source: https://github.com/siderolabs/cluster-api-bootstrap-provider-talos/issues/181; siderolabs/talos,
pkg/machinery/config/configpatcher
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

_ERROR_TEXT = "JSON6902 patches are not supported for multi-document machine configuration"


def check(view: View) -> Iterator[Finding]:
    """JSON patches that cannot be applied."""
    for at, step in enumerate(view.steps):
        if str(step.error) == _ERROR_TEXT and step.patch.entries:
            message = "This is a JSON patch, and Talos applies those to single-document configs only; write it as a part of a config."
            yield Finding((), message, severity=Severity.ERROR, patch=at)
