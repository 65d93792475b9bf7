"""A file is no Talos config.

Flags: with ``validate`` of a single file, and with ``--foreign report``, files of other tools: what is no Talos config, no
patch of one, and carries none. The message says what the file looks like. Among several files those are passed over and
counted.

Because: the file that is checked is probably not the one that is meant; Talos refuses it.

Flagged:

    # --command recognise
    apiVersion: v1
    kind: ConfigMap
    metadata:
      name: registries
    data: {}

Clean:

    # --command recognise
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://cache.example

Fix: name the config, or leave the file out with ``--exclude`` or ``--foreign skip``.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/decoder.go
"""

from __future__ import annotations

from talos_registry.diagnostic import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
