"""A document has an apiVersion that Talos does not know for its kind.

Flags: a known kind with an ``apiVersion`` other than ``v1alpha1``.

Because: Talos finds a document type by kind and apiVersion together. There is only ``v1alpha1`` so far.

Flagged:

    apiVersion: v1beta1
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

Fix: write ``apiVersion: v1alpha1``.

Source: siderolabs/talos, pkg/machinery/config/internal/registry/registry.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
