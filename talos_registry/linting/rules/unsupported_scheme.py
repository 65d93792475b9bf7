"""An endpoint has a scheme other than http and https.

Flags: endpoints such as ``oci://registry.example``, endpoints without a host, with a port that does not exist, or with
their scheme twice, and legacy ones with a scheme in upper case. Talos refuses another scheme in a document, no more.

Because: a registry is served over http or https; no puller knows another way. containerd takes ``HTTPS:`` in upper case
for a host, while Talos' own puller reads it as ``https``; in a document Talos writes it in lower case itself.

Flagged:

    machine:
      registries:
        mirrors:
          ghcr.io:
            endpoints:
              - oci://registry.example:5004

Clean:

    machine:
      registries:
        mirrors:
          ghcr.io:
            endpoints:
              - https://registry.example:5004

Fix: write ``https://`` or ``http://``.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_mirror.go (Validate)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.documents.mirror import lacks_scheme, misspelling
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.placeholders import has_placeholder
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import Endpoint, View

__all__ = ["ALSO_ERROR", "SEVERITY", "check"]

SEVERITY = Severity.WARNING
ALSO_ERROR = True

_LAST_PORT = 65_535


def check(view: View) -> Iterator[Finding]:
    """Endpoints that are URLs, but not of a registry."""
    for mirror, endpoint in view.endpoints():
        is_ours = endpoint.text and endpoint.fault is None and not lacks_scheme(endpoint.text)
        is_judged = is_ours and (mirror.is_legacy or endpoint.scheme in {"http", "https"})
        is_usable = endpoint.text.startswith(("http:", "https:")) and _has_host(endpoint.host)
        if is_judged and not is_usable and not has_placeholder(endpoint.text):
            message = f"The endpoint {quoted(endpoint.text)} {_fault(endpoint)}."
            yield Finding(endpoint.path, message)


def _has_host(host: str) -> bool:
    name, colon, port = host.rpartition(":")
    if not colon or host.endswith("]"):
        return bool(host)
    return name not in {"", "http", "https"} and not (port.isdecimal() and int(port) > _LAST_PORT)


def _fault(endpoint: Endpoint) -> str:
    if endpoint.host in {"http:", "https:"}:
        return "has its scheme twice, so pulls through it fail"
    if endpoint.scheme in {"http", "https"} and _has_host(endpoint.host):
        return "has its scheme in upper case, which containerd takes for a host; write it in lower case"
    return (
        misspelling(endpoint.text)
        or "is no http:// or https:// URL with a host and a port that exists, so pulls through it fail"
    )
