"""A setting of another tool has no counterpart in Talos.

Flags: with ``import``, what k3s, RKE2, containerd or Docker can be told, and a Talos node cannot: rewrites that are no
prefix, headers, timeouts, endpoints that are not asked for everything, settings for all hosts, credentials that a helper
keeps, TLS settings for a host that is asked by http.

Because: the documents do everything else that the files did. Pulls that need the setting fail on the node, or go elsewhere.

Flagged:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example
        rewrite:
          "^rancher/(.*)": "mirrored/rancher-$1"

Clean:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example
        rewrite:
          "^(.*)$": "mirrored/$1"

Fix: take the setting out of the file if it is not needed; else let the mirror do it, such as a proxy that rewrites paths.

Source: siderolabs/talos, pkg/machinery/config/types/cri; k3s-io/k3s, pkg/agent/containerd/config.go;
containerd/containerd, core/remotes/docker/config/hosts.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
