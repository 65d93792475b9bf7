"""A comment suppresses nothing.

Flags: ``# talos-registry: ignore[CODE]`` with a code that does not exist, or that is not found on that line. Codes that
were not asked for, or that need images or patches that are not given, are passed over; so are the comments of a file
that Talos refuses, but for codes that do not exist.

Because: what is suppressed is meant to be seen. A comment that is left behind hides the next mistake of that kind on its
line, and one with a misspelt code never did anything.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000 # talos-registry: ignore[doubled-v2]

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://harbor.example/v2/proxy # talos-registry: ignore[doubled-v2] it is at /v2/proxy/v2

Fix: remove the comment, or correct the code; ``talos-registry explain --list`` has them all.

Source: talos-registry/talos-registry, README.md (the comment is of this tool)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.INFO
