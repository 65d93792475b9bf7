"""A document of this kind needs a newer Talos.

Flags: kinds that later releases have and the targeted one has not.

Because: RegistryMirrorConfig, RegistryAuthConfig and RegistryTLSConfig are known since Talos 1.12, ImageCacheConfig
since 1.14. An older release refuses the whole file.

Flagged:

    # --talos-version 1.13
    apiVersion: v1alpha1
    kind: ImageCacheConfig
    local:
      enabled: true

Clean:

    # --talos-version 1.13
    machine:
      features:
        imageCache:
          localEnabled: true

Fix: use ``machine.registries`` and ``machine.features.imageCache``, or upgrade first.

Source: siderolabs/talos, pkg/machinery/config/types/cri (registry.Register)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
