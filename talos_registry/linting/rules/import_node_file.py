"""A file that other settings name is not at hand.

Flags: with ``import``, certificates and keys that the settings name by a path on the node: without ``--root``, or where there
is no such text below it. A path that leads out of ``--root`` counts as one that is not there.

Because: a document of Talos holds the certificate itself. Without it the node does not trust the registry, or is not trusted.

Flagged:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example
    configs:
      mirror.example:
        tls:
          ca_file: /etc/ssl/mirror-ca.pem

Clean:

    # --command import
    # file: registries.yaml
    mirrors:
      docker.io:
        endpoint:
          - https://mirror.example

Fix: name the directory below which the files of the node are: ``--root /`` on the node itself, or where its disk is mounted;
or add the certificate with ``new tls HOST --ca-file FILE``.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_tls.go; k3s-io/k3s, pkg/agent/containerd/config.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
