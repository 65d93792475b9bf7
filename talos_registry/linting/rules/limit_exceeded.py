"""This tool stops before Talos would.

Flags: files of more than 16 MiB, more than 200 levels of nesting, more than 100,000 nodes in a document, and other
limits of this tool. Talos may take the file.

Because: no config that people write comes near the limits; what does is meant to exhaust whoever reads it. Nothing is
said about the rest of such a file, so it counts as an error.

Flagged:

    name:
      [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[
      [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: split the file.

Source: talos_registry/limits.py, talos_registry/loading/verdict.py
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
