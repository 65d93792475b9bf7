"""A document has no apiVersion.

Flags: a document with a ``kind`` and without an ``apiVersion``.

Because: Talos finds a document type by both. All registry documents have ``apiVersion: v1alpha1``.

Flagged:

    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: add ``apiVersion: v1alpha1``.

Source: siderolabs/talos, pkg/machinery/config/internal/registry/registry.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
