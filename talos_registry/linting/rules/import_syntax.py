"""A file of Docker or containerd is no JSON or no TOML.

Flags: with ``import``, a ``daemon.json`` or ``config.json`` that cannot be read as JSON, and a ``hosts.toml`` that cannot be
read as TOML.

Because: Docker does not start with such a ``daemon.json``, and containerd passes over such a ``hosts.toml`` as if it were
empty. Nothing of the file can be imported.

Flagged:

    # --command import
    # file: daemon.json
    {"registry-mirrors": ["https://mirror.example",]}

Clean:

    # --command import
    # file: daemon.json
    {"registry-mirrors": ["https://mirror.example"]}

Fix: correct the text at the place that is shown; what is wrong may begin a little before it.

Source: containerd/containerd, core/remotes/docker/config/hosts.go (loadHostDir); moby/moby, daemon/config/config.go
"""

from talos_registry.severity import Severity

__all__ = ["SEVERITY"]

SEVERITY = Severity.ERROR
