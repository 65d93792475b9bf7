"""A section of the machine config is in the wrong place.

Flags: ``mirrors`` and ``config`` directly under ``machine`` or at the top, ``registries`` at the top or under
``cluster``, ``imageCache`` outside of ``machine.features``.

Because: the section belongs to ``machine.registries``. Anywhere else it is an unknown key, and Talos refuses the file.

Flagged:

    machine:
      mirrors:
        docker.io:
          endpoints:
            - http://10.5.0.1:5000

Clean:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://10.5.0.1:5000

Fix: move it to where the message says.

Source: https://github.com/siderolabs/talos/issues/8639
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
