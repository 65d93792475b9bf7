"""A key is set twice in one mapping.

Flags: the second of two equal keys. Where ``apiVersion`` and ``kind`` come a second time, what is missing is the line
``---`` before the next document.

Because: YAML forbids it and Talos refuses the file. Other tools take the last one, without a message.

Flagged:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://10.5.0.1:5000
          docker.io:
            endpoints:
              - https://mirror.gcr.io

Clean:

    machine:
      registries:
        mirrors:
          docker.io:
            endpoints:
              - http://10.5.0.1:5000
              - https://mirror.gcr.io

Fix: make the two one, or put ``---`` between two documents.

Source: yaml/go-yaml, internal/libyaml/constructor.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
