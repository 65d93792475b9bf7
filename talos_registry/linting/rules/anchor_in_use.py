"""An entry cannot be moved because something else refers to a part of it.

Flags: with ``migrate``, entries with an anchor (``&name``) to which an alias (``*name``) outside of them refers, or
with an alias to an anchor that goes.

Because: without the entry the alias would refer to nothing. Which of the two should keep the value is for you to say.

Flagged:

    # --command migrate
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints: &caches [http://10.5.0.1:5000]
      certSANs: *caches

Clean:

    # --command migrate
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints: [http://10.5.0.1:5000]
      certSANs: [10.5.0.1]

Fix: write the value out in both places.

Source: yaml/go-yaml, internal/libyaml/composer.go
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.WARNING
