"""One endpoint without a path serves several registries.

Flags: the second mirror with the same path-less endpoint.

Because: images of all these registries are requested at the same URLs; only the ``?ns=`` parameter tells them apart.
A server that ignores it, as zot does, answers with 404 or mixes the images up.

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

Fix: nothing, if the server separates registries by ``?ns=``; else give each registry a path of its own.

Source: https://github.com/project-zot/zot/issues/4187
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.linting.finding import Finding
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
            message = (
                f"{quoted(endpoint.host)} serves {quoted(next(iter(names)))} as well as {quoted(mirror.name)}; "
                "the server must tell them apart by the ?ns= parameter of the request."
            )
            yield Finding(endpoint.path, message)
