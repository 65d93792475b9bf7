"""What ``redact`` cannot know to be a secret: inputs name some keys at random."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from tests.fuzz.inputs import CANARIES

if TYPE_CHECKING:
    from collections.abc import Iterator

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
    try:
        unknown = sorted({(node.start_mark.index, _end(node, text)) for node in _unknown(text)}, reverse=True)
    except yaml.YAMLError:
        return text
    for begin, end in unknown:
        text = f"{text[:begin]}?{text[end:]}"
    return text


_BESIDE = re.compile(r"[ \t]+#([^:\r\n]*)(?![^\r\n])")


def _end(node: yaml.ScalarNode, text: str) -> int:
    end: int = node.end_mark.index
    beside = _BESIDE.match(text, end)
    return beside.end() if beside and node.value in {"", *beside[1].split()} else end


def _unknown(text: str) -> Iterator[yaml.ScalarNode]:
    for root in yaml.compose_all(text, yaml.CSafeLoader):
        members = root.value if isinstance(root, yaml.MappingNode) else []
        waiting = [(next((value.value for key, value in members if key.value == "kind"), ""), root)]
        seen = set()
        while waiting:
            path, node = waiting.pop()
            if isinstance(node, yaml.ScalarNode):
                if "@" not in node.value and not _KNOWN.match(path):
                    yield node
            elif id(node) not in seen:
                seen.add(id(node))
                waiting.extend(_members(path, node))


def _members(path: str, node: yaml.Node) -> Iterator[tuple[str, yaml.Node]]:
    if isinstance(node, yaml.SequenceNode):
        yield from ((f"{path}/", item) for item in node.value)
    elif isinstance(node, yaml.MappingNode):
        yield from ((f"{path}/{key.value}", value) for key, value in node.value)
