"""A document has a key that its kind does not know.

Flags: keys that are misspelt, in the wrong case or in the style of another tool, such as ``insecure_skip_verify``. In
the machine config only its registry sections are looked at.

Because: Talos refuses unknown keys instead of skipping them.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecure_skip_verify: true

Clean:

    apiVersion: v1alpha1
    kind: RegistryTLSConfig
    name: harbor.example
    insecureSkipVerify: true

Fix: write the key that the message offers; ``lint --fix --unsafe`` does.

Source: siderolabs/gen, xyaml/xyaml.go (CheckUnknownKeys)
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
