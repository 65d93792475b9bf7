"""A value is not base64.

Flags: ``ca``, ``crt`` and ``key`` of the legacy section, and values tagged ``!!binary``, that are no base64.

Because: the legacy section holds certificates and keys as base64 of the PEM text, and Talos decodes it when it loads the
file.

Flagged:

    machine:
      registries:
        config:
          harbor.example:
            tls:
              ca: not filled in

Clean:

    machine:
      registries:
        config:
          harbor.example:
            tls:
              insecureSkipVerify: true

Fix: give the output of ``base64 --wrap=0 FILE``.

Source: siderolabs/crypto, x509/certificate_key.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
