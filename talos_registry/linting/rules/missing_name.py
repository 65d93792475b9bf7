"""A document has no name.

Flags: a RegistryMirrorConfig, RegistryAuthConfig or RegistryTLSConfig without a name, or with an empty one.

Because: a mirror is named by the registry host it mirrors, credentials and TLS settings by the host of an endpoint.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: add the name.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go (Validate)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
