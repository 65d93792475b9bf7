"""The file is a template that was not filled in.

Flags: ``{{ }}`` and ``{% %}`` in files that Talos refuses because of them, and placeholders such as ``${VAR}``,
``<ca>``, ``__CA__``, ``op://...`` and ``ENC[...]`` in values that it refuses: host names, certificates, base64. Where such a value
is plain text to Talos, as a password is, it is not flagged.

Because: the markers of a template are no YAML, or no value that fits. What else would be said about such a file is
about the template, not about the config.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: {{ env "CACHE" }}

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Fix: render the file first, and check what comes out: ``... | talos-registry lint -``.

Source: yaml/go-yaml, internal/libyaml/scanner.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
