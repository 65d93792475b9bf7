"""A legacy entry has an empty tls.

Flags: with ``migrate``, entries with ``tls: {}``.

Because: it is written as an empty RegistryTLSConfig, for it is not without effect: Talos' own puller refuses http
endpoints of a host with TLS settings, empty ones included.

Flagged:

    # --command migrate
    machine:
      registries:
        config:
          registry.example:
            tls: {}

Clean:

    # --command migrate
    machine:
      registries:
        config:
          registry.example:
            tls:
              insecureSkipVerify: true

Fix: remove it, unless the host is to be refused over http.

Source: siderolabs/talos, internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.INFO
