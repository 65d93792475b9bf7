"""A document does not conform to the given JSON Schema.

Flags: with ``--schema FILE``, what Talos' own JSON Schema does not allow in documents that this tool does not judge
itself. What Talos is known to take beyond its schema is let pass.

Because: every kind has its fields; ``validate --schema`` looks at all kinds of a stream, not only at those of
registries.

Flagged:

    # --schema config.schema.json
    machine:
      type: controller

Clean:

    # --schema config.schema.json
    machine:
      type: controlplane

Fix: write the value as the message says.

Source: siderolabs/talos, pkg/machinery/config/schemas/config.schema.json
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
