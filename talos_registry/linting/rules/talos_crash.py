"""Talos crashes on this document.

Flags: documents whose last value is ``kind`` or ``apiVersion``, and documents tagged ``!!null``.

Because: to find out what a document is, Talos looks at every word at the top of it, and takes what follows ``kind`` for
the kind. After the last word there is nothing, and it crashes; it reports "recovered: runtime error".

Flagged:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    password: ${PASSWORD}
    username: kind

Clean:

    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}

Fix: put another key last.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
