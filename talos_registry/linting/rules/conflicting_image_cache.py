"""The image cache is set in two places.

Flags: an ImageCacheConfig beside ``machine.features.imageCache``.

Because: Talos takes one of the two, not both, even if they say the same.

Flagged:

    machine:
      features:
        imageCache:
          localEnabled: true
    ---
    apiVersion: v1alpha1
    kind: ImageCacheConfig
    local:
      enabled: true

Clean:

    apiVersion: v1alpha1
    kind: ImageCacheConfig
    local:
      enabled: true

Fix: remove ``machine.features.imageCache``.

Source: siderolabs/talos, pkg/machinery/config/types/cri/image_cache.go (V1Alpha1ConflictValidate)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
