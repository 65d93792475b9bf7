"""The file is no YAML.

Flags: text that cannot be read as YAML the way Talos reads it: a quote that is not closed, a tab as indentation, a
reference to an anchor that is not there, bytes that are no UTF-8.

Because: Talos reads the file as a stream of YAML documents. It stops at the first place it cannot read, and takes
nothing of the file.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: "docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: correct the text at the place that is shown; what is wrong may begin a little before it.

Source: yaml/go-yaml, internal/libyaml (scanner, parser, reader)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
