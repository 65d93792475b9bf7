"""A legacy entry sets nothing.

Flags: with ``migrate``, entries of ``config`` with neither auth nor tls.

Because: there is nothing to write a document of; the entry goes without one.

Flagged:

    # --command migrate
    machine:
      registries:
        mirrors:
          registry.example:
            endpoints: [http://10.5.0.1:5000]
        config:
          registry.example: {}

Clean:

    # --command migrate
    machine:
      registries:
        config:
          registry.example:
            tls:
              insecureSkipVerify: true

Fix: nothing, or put in what was meant to be there.

Source: siderolabs/talos, pkg/machinery/config/types/v1alpha1/v1alpha1_provider.go
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.INFO
