"""Two documents exclude each other.

Flags: a document of a kind that Talos does not take beside one of another kind with the same name, such as a LinkConfig
and a BridgeConfig for one link, and two documents that both set up one link.

Because: each says how the same thing is made; Talos refuses a file with both.

Flagged:

    apiVersion: v1alpha1
    kind: LinkConfig
    name: eth0
    ---
    apiVersion: v1alpha1
    kind: DummyLinkConfig
    name: eth0

Clean:

    apiVersion: v1alpha1
    kind: LinkConfig
    name: eth0
    ---
    apiVersion: v1alpha1
    kind: DummyLinkConfig
    name: dummy0

Fix: keep one of the two, or give them different names.

Source: siderolabs/talos, pkg/machinery/config/container/container.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
