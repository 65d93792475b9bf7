"""Credentials are named by a key of a Docker config file.

Flags: names such as ``https://index.docker.io/v1/`` and others that end in ``/v1/`` or ``/v2/``, copied from
``~/.docker/config.json``.

Because: Talos looks credentials up by the host of an endpoint. A URL is never one, so they are never sent.

Flagged:

    machine:
      registries:
        config:
          https://index.docker.io/v1/:
            auth:
              username: example
              password: ${DOCKERHUB_TOKEN}

Clean:

    machine:
      registries:
        config:
          registry-1.docker.io:
            auth:
              username: example
              password: ${DOCKERHUB_TOKEN}

Fix: write ``registry-1.docker.io`` for Docker Hub, and the bare host for other registries.

Source: docker/cli, cli/config/credentials (the keys of the file); siderolabs/talos,
internal/pkg/containers/image/resolver.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding, ProposedFix, Put
from talos_registry.linting.hostnames import is_docker_config_key, is_docker_hub
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Credentials whose name is a URL of the Docker command line."""
    for entry in view.named_by_host():
        if is_docker_config_key(entry.name):
            host = _host(entry.name)
            message = f"{quoted(entry.name)} is a key of a Docker config file and no host, so it is never looked up; write {quoted(host)}."
            yield Finding(
                entry.name_path,
                message,
                ProposedFix(f"Name it {quoted(host)}", (Put(entry.name_path, host, is_key=entry.is_legacy),)),
            )


def _host(key: str) -> str:
    host = key.partition("://")[2] or key
    host = host.partition("/")[0]
    return "registry-1.docker.io" if is_docker_hub(host) else host
