"""There is no document in the file.

Flags: files that are empty or hold nothing but comments and ``---``.

Because: Talos refuses such a config with "config not found". It is most often a template that rendered to nothing.

Flagged:

    ---
    # nothing to mirror

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: leave the file out.

Source: siderolabs/talos, pkg/machinery/config/configloader/configloader.go (ErrNoConfig)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
