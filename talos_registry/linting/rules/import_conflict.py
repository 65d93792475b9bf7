"""Settings of other tools say different things about the same host.

Flags: with ``import``, two mirrors for a registry host, and two credentials or TLS settings for an endpoint host, that are not
the same; also a second way to log in. The first is kept.

Because: a node has one document for each. containerd keeps TLS settings for each registry host, and Talos for each endpoint
host, whatever is pulled from it.

Flagged:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example
    # file: daemon.json
    {"registry-mirrors": ["https://other.example"]}

Clean:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example
    # file: daemon.json
    {"registry-mirrors": ["https://mirror.example"]}

Fix: make both say the same, or import only the files of one tool.

Source: siderolabs/talos, pkg/machinery/config/types/cri; containerd/containerd, core/remotes/docker/config/hosts.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
