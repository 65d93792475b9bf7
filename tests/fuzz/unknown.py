"""What ``redact`` cannot know to be a secret: inputs name some keys at random."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.tags import resolved
from talos_registry.versions import LATEST, release_of
from tests.fuzz.inputs import CANARIES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.goyaml.nodes import Node

__all__ = ["without_unknown"]

_KNOWN = re.compile(
    r"(?:RegistryAuthConfig/(?:password|auth|identityToken)|RegistryTLSConfig/clientIdentity/key|/machine/token|/cluster/secret"
    r"|/machine/registries/config/[^/]*/(?:auth/(?:password|auth|identityToken)|tls/clientIdentity/key))(?:/|$)"
)
"""The kinds and keys below which inputs have secrets that Talos redacts."""


def without_unknown(text: str) -> str:
    """A redacted text with ``?`` for the secrets below other keys, such as those of ``machine.name.config.h.auth``.

    User and password of URLs are known wherever they stand, and so is what comments repeat: that stays, but for a comment
    beside such a secret that repeats it, or stands where it is missing.
    """
    if not any(canary in text for canary in CANARIES):
        return text
    for begin, end in sorted({(node.start_mark.index, _end(node, text)) for node in _unknown(text)}, reverse=True):
        text = f"{text[:begin]}?{text[end:]}"
    return text


_BESIDE = re.compile(r"[ \t]+#([^:\r\n]*)(?![^\r\n])")


def _end(node: Scalar, text: str) -> int:
    end = node.end_mark.index
    beside = _BESIDE.match(text, end)
    return beside.end() if beside and node.value in {"", *beside[1].split()} else end


def _unknown(text: str) -> Iterator[Scalar]:
    for root in (item.root for item in documents(text, release_of(LATEST)) if isinstance(item, Tree)):
        members = pairs(root) if isinstance(root, Mapping) else ()
        kinds = (resolved(value).value for key, value in members if resolved(key).value == "kind")
        waiting: list[tuple[str, Node]] = [(next(kinds, ""), root)]
        seen = set()
        while waiting:
            path, node = waiting.pop()
            target = resolved(node)
            if isinstance(target, Scalar):
                if "@" not in target.value and not _KNOWN.match(path):
                    yield target
            elif id(target) not in seen:
                seen.add(id(target))
                waiting.extend(_members(path, target))


def _members(path: str, collection: Mapping | Sequence) -> Iterator[tuple[str, Node]]:
    if isinstance(collection, Sequence):
        yield from ((f"{path}/", item) for item in collection.content)
    else:
        yield from ((f"{path}/{resolved(key).value}", value) for key, value in pairs(collection))
