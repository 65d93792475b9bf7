"""The tags of nodes, as go-yaml resolves them.

Source: yaml/go-yaml v4, internal/libyaml/{resolver,node}.go.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from talos_registry.goyaml.nodes import Alias, Mapping, Sequence
from talos_registry.goyaml.scalars import resolve_plain

if TYPE_CHECKING:
    from talos_registry.goyaml.nodes import Node, Scalar, Target

__all__ = ["drop_lone_bangs", "is_merge", "is_null", "resolved", "scalar_tag", "scalar_text", "short_tag"]

_LONG = "tag:yaml.org,2002:"


def short_tag(tag: str) -> str:
    """``!!str`` for ``tag:yaml.org,2002:str``; other tags as they are."""
    return "!!" + tag.removeprefix(_LONG) if tag.startswith(_LONG) else tag


def scalar_tag(node: Scalar) -> str:
    """The short tag of a scalar: the explicit one, else the one its style and text resolve to."""
    if node.tag is None or node.tag == "!":
        return "!!str" if node.style else "!" if node.tag else resolve_plain(node.value)
    return short_tag(node.tag)


def scalar_text(node: Scalar) -> str:
    """What a scalar holds, as a string; "" for a null."""
    tag = scalar_tag(node)
    if tag != "!!binary":
        return "" if tag == "!!null" else node.value
    try:
        return base64.b64decode(node.value).decode("utf-8", "surrogateescape")
    except ValueError:
        return node.value


def is_null(node: Node) -> bool:
    """Whether a node, or what it is an alias of, is null."""
    target = resolved(node)
    return not isinstance(target, Mapping | Sequence) and scalar_tag(target) == "!!null"


def is_merge(key: Node) -> bool:
    """Whether a key merges its value into the mapping."""
    return not isinstance(key, Alias | Mapping | Sequence) and scalar_tag(key) == "!!merge"


def drop_lone_bangs(root: Node) -> None:
    """Take the tag ``!`` off all nodes of a tree, in place: before v4.0.0-rc.5 it was no tag to go-yaml."""
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Alias):
            continue
        if node.tag == "!":
            node.tag = None
        if isinstance(node, Mapping | Sequence):
            waiting.extend(node.content)


def resolved(node: Node) -> Target:
    """The node itself, or what it is an alias of."""
    return node.target if isinstance(node, Alias) else node
