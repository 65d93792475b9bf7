"""A value has a type that its field does not take.

Flags: text where a mapping or a list is wanted, a quoted "true" where a flag is, a date where text is.

Because: Talos decodes a document into fields with fixed types. An unquoted date is no text to it, and "true" in quotes
is text and no flag.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
    skipFallback: "true"

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000
    skipFallback: true

Fix: write the value as the message says: most often quotes have to be added or taken away.

Source: yaml/go-yaml, internal/libyaml/constructor.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
