"""Talos refuses a patch.

Flags: with ``--merge``, a patch that cannot be applied for a reason that has no code of its own.

Because: nothing of it, and of the patches after it, reaches a node.

Flagged:

    # file: config.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.9:5000
        $patch: delete

Clean:

    # file: config.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
        $patch: delete
      - url: http://10.5.0.2:5000

Fix: the message is Talos' own; "lookup failed" means that there is nothing to delete.

Source: siderolabs/talos, pkg/machinery/config/configpatcher
"""

from __future__ import annotations

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
