"""An endpoint would be another text in a document.

Flags: with ``migrate``, entries with an endpoint that Go's URL writes otherwise, such as ``HTTP://cache.example``.

Because: the legacy section keeps an endpoint as text, a document as a parsed URL that is written anew. Plans and the
names of containerd's tables could change by it.

Flagged:

    # --command migrate
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - HTTP://cache.example

Clean:

    # --command migrate
    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://cache.example

Fix: write the endpoint in the way the message shows, then migrate.

Source: siderolabs/talos, pkg/machinery/config/types/meta/url.go; Go, net/url
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.WARNING
