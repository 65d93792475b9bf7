"""There is no document of this kind.

Flags: a ``kind`` that the targeted Talos does not have.

Because: Talos refuses the whole file, with "not registered".

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirror
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: write the kind that the message offers. The registry kinds are RegistryMirrorConfig, RegistryAuthConfig,
RegistryTLSConfig and ImageCacheConfig.

Source: siderolabs/talos, pkg/machinery/config/internal/registry/registry.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
