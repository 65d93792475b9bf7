"""One endpoint without a path serves several registries.

Flags: the second mirror with the same path-less endpoint.

Because: images of all these registries are requested at the same URLs; only the ``?ns=`` parameter tells them apart.
Spegel, Dragonfly and Talos' own image cache read it. Docker Registry 2 and 3, zot and Harbor do not: they answer with 404
or mix the images up.

Flagged:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: quay.io
    endpoints:
      - url: https://zot.example:5000
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://zot.example:5000

Clean:

    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: quay.io
    endpoints:
      - url: https://zot.example:5000/v2/quay.io
        overridePath: true
    ---
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: ghcr.io
    endpoints:
      - url: https://zot.example:5000/v2/ghcr.io
        overridePath: true

Fix: nothing, if the server reads ``?ns=``; else give each registry a path of its own with overridePath, where the server
has such (zot, Harbor), or a server of its own (Docker Registry).

Source: https://github.com/project-zot/zot/issues/4187, https://github.com/distribution/distribution/issues/4505;
spegel-org/spegel, pkg/oci/distribution.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
from talos_registry.linting.hostnames import bare
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.linting.view import View

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.INFO

_PAIR = 2


def check(view: View) -> Iterator[Finding]:
    """Endpoints that cannot tell registries apart by path."""
    mirrors: dict[tuple[str, str], dict[str, None]] = {}
    for mirror, endpoint in view.endpoints():
        if not endpoint.host or endpoint.url_path.strip("/") not in {"", "v2"}:
            continue
        names = mirrors.setdefault((endpoint.scheme, endpoint.host), {})
        if mirror.name in names:
            continue
        names[mirror.name] = None
        if len(names) == _PAIR:
            first = next(iter(names))
            own = endpoint.with_path(f"/v2/{bare(first if mirror.name == '*' else mirror.name)}")
            message = (
                f"{quoted(endpoint.host)} serves {quoted(first)} as well as {quoted(mirror.name)}; a cache that does not "
                f"read ?ns= mixes them up: give each a path of its own with overridePath, such as {quoted(own)}, or use "
                "one that reads it."
            )
            yield Finding(endpoint.path, message)
