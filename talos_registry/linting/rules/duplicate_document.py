"""A document is in the file twice.

Flags: the second of two documents with the same kind and name, of two documents of a kind that has no name, and of two
without a kind.

Because: a document is known by its apiVersion, kind and name; Talos refuses a file in which one is there twice. In two
patches it may be: they are merged.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5001

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
      - url: http://10.5.0.1:5001

Fix: make the two one.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
