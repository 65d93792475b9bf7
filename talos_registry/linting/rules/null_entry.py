"""An entry of the legacy section is empty.

Flags: names under ``mirrors`` or ``config`` of ``machine.registries`` that have no value.

Because: the name alone says nothing, and Talos refuses it.

Flagged:

    machine:
      registries:
        mirrors:
          docker.io:

Clean:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://10.5.0.1:5000

Fix: give the entry settings, or remove it.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_validation.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
