"""Merging appends endpoints to a mirror that has some already.

Flags: with ``--merge``, patches after which an endpoint is in a mirror twice, or that put endpoints behind others.

Because: Talos appends the lists of a patch to those of the config. The same patch applied twice lists its endpoint
twice, which containerd cannot read; a patch for a cache of your own puts it behind the endpoints of a preset.

Flagged:

    # file: preset.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: http://10.5.0.1:5000

Clean:

    # file: preset.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
    # file: patch.yaml
    apiVersion: v1alpha1
    kind: RegistryMirrorConfig
    name: docker.io
    endpoints:
      - url: https://mirror.gcr.io
        $patch: delete
      - url: http://10.5.0.1:5000

Fix: delete the old endpoints in the same patch, as above, or write the patch with ``talos-registry patch make``.

Source: https://github.com/siderolabs/talos/issues/12005, https://github.com/cozystack/talm/issues/229; siderolabs/talos,
pkg/machinery/config/merge/merge.go
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.goyaml.nodes import Sequence
from talos_registry.linting.finding import Finding
from talos_registry.messages import quoted
from talos_registry.severity import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.documents.shapes import Values
    from talos_registry.linting.view import View
    from talos_registry.loading import MachineConfig, Setting

__all__ = ["SEVERITY", "check"]

SEVERITY = Severity.WARNING


def check(view: View) -> Iterator[Finding]:
    """Endpoints that a patch puts behind others."""
    for at, step in enumerate(view.steps):
        pairs = _pairs(_mirrors(step.before), _mirrors(step.after))
        grown = [pair for pair in pairs if _is_appended(*pair) and not _is_replaced(pair[1], view)]
        because = _BECAUSE if grown and not _is_json(step.patch) else ""
        for earlier, mirror in grown:
            yield from _appended(earlier, mirror, at, because)


_BECAUSE = ", because Talos appends lists"
_MIRROR = "RegistryMirrorConfig"


def _mirrors(config: MachineConfig) -> dict[str, Setting]:
    """The mirrors of a config as they stand: a view would look at each endpoint again after each patch."""
    return {setting.name: setting for setting in config.settings if setting.kind == _MIRROR}


def _pairs(before: dict[str, Setting], after: dict[str, Setting]) -> Iterator[tuple[Setting, Setting]]:
    """The mirrors before and after a patch that are written in the same form."""
    for name, mirror in after.items():
        earlier = before.get(name)
        if earlier is not None and earlier.is_legacy == mirror.is_legacy:
            yield earlier, mirror


def _endpoints(mirror: Setting) -> list[Values]:
    return mirror.values.get("endpoints") or []


def _is_appended(earlier: Setting, mirror: Setting) -> bool:
    """Whether a mirror has its endpoints, and more behind them."""
    known, endpoints = _endpoints(earlier), _endpoints(mirror)
    return 0 < len(known) < len(endpoints) and all(map(_is_same, known, endpoints))


def _is_same(endpoint: Values, other: Values) -> bool:
    return endpoint is other or _text(endpoint) == _text(other)


def _text(endpoint: Values) -> str:
    return endpoint.get("url", "")  # type: ignore[no-any-return]  # decoded as text


def _is_replaced(mirror: Setting, view: View) -> bool:
    """Whether a legacy mirror has no say, because there is a document of its name."""
    last = view.mirrors.get(mirror.name)
    return mirror.is_legacy and last is not None and not last.is_legacy


def _is_json(patch: MachineConfig) -> bool:
    """Whether a patch is a JSON Patch, which says itself what it appends."""
    return any(isinstance(tree.root, Sequence) for tree in patch.trees)


def _appended(earlier: Setting, mirror: Setting, patch: int, because: str) -> Iterator[Finding]:
    *_, last = texts = [*map(_text, _endpoints(earlier))]
    known, new = set(texts), map(_text, _endpoints(mirror)[len(texts) :])
    for at, text in enumerate(new, len(texts)):
        message = _repeated(mirror, text, because) if text in known else _behind(text, last, because)
        path = (*mirror.path, "endpoints", at)
        yield Finding(path if mirror.is_legacy else (*path, "url"), message, patch=patch)


def _repeated(mirror: Setting, text: str, because: str) -> str:
    return f"This patch puts {quoted(text)} into the mirror {quoted(mirror.name)} a second time{because}."


def _behind(text: str, last: str, because: str) -> str:
    return (
        f"{quoted(text)} is tried after {quoted(last)} of the config that is patched{because}; "
        "delete the old endpoint in the patch if that is not meant."
    )
