"""A mirror cannot be a legacy entry because its endpoints differ in overridePath.

Flags: with ``migrate --to legacy``, mirrors in which some endpoints have overridePath and others have not.

Because: the legacy section has one overridePath for all endpoints of a mirror.

Flagged:

    # --command migrate-to-legacy
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io
        overridePath: true
      - url: https://cache.example

Clean:

    # --command migrate-to-legacy
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy-docker.io
        overridePath: true
      - url: https://cache.example/v2
        overridePath: true

Fix: give all endpoints paths that work with the same flag; a plain endpoint takes ``/v2`` with overridePath.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_types.go (RegistryMirrorConfig)
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.WARNING
