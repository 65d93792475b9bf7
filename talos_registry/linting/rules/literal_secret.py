"""A secret stands in a config as it is.

Flags: with ``redact --check``, passwords, tokens, private keys (also among certificates) and user and password in URLs
that are no placeholders, and comments that repeat one. Placeholders (``${VAR}``, ``<password>``, ``CHANGEME``), references
(``op://...``, ``vault://...``), encrypted values and redacted ones are none.

Because: a config is kept in git and sent around. Who can read it can log in.

Flagged:

    # --command redact
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: example-password

Clean:

    # --command redact
    apiVersion: v1alpha1
    kind: RegistryAuthConfig
    name: registry.example
    username: puller
    password: ${PASSWORD}

Fix: put a placeholder in its place and change the secret; ``talos-registry redact`` makes a copy that may be shown.

Source: siderolabs/talos, pkg/machinery/config/container/container.go (RedactSecrets)
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.WARNING
