r"""A value cannot be migrated as it is.

Flags: with ``migrate``, entries and documents with a value that Talos cannot read again once it has written it.

Because: Talos writes text of several lines as a block, and does not read one that begins with a tab, or with a line break
and a blank, as it was. The entry or document stays, so that the value is not changed.

Flagged:

    # --command migrate
    machine:
      registries:
        config:
          registry.example:
            auth:
              username: puller
              password: "\n a"

Clean:

    # --command migrate
    machine:
      registries:
        config:
          registry.example:
            auth:
              username: puller
              password: example-password

Fix: use another value.

Source: yaml/go-yaml, internal/libyaml/emitter.go
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.WARNING
