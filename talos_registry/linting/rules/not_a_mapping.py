"""A document is a list or plain text.

Flags: documents that are not a mapping of keys to values.

Because: a document has a kind, a name and settings, which are keys. A list of operations (op, path, value) is a JSON
patch and no config; ``name:docker.io`` without a space after the colon is plain text.

Flagged:

    apiVersion:v1alpha1

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: put a space after the colon; give a JSON patch to lint as the second file of ``--merge``.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
