"""A document has no kind.

Flags: a document without ``kind`` that is not the machine config: it has none of ``machine``, ``cluster``, ``debug``
and ``persist``.

Because: the kind says what the document is. Only the v1alpha1 machine config goes without.

Flagged:

    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: add the kind, for example ``kind: RegistryMirrorConfig``.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
