"""Texts in the manner of those they replace: in quotes, as blocks, as JSON."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import block_indicators
from talos_registry.goyaml.emitter import Branch, Text, write
from talos_registry.goyaml.nodes import Mapping, Sequence, last_node, pairs
from talos_registry.goyaml.scalars import resolve_plain

if TYPE_CHECKING:
    from talos_registry.goyaml.editing.plan import Item
    from talos_registry.goyaml.emitter import Written
    from talos_registry.goyaml.nodes import Node

__all__ = [
    "as_json",
    "beside_key",
    "in_quotes_of",
    "is_block_scalar",
    "is_json",
    "keeps_breaks",
    "last_block",
    "needs_end",
    "stays_plain",
    "string",
]


def string(text: str) -> Text:
    """A text to be written as one, whatever it looks like."""
    return Text(text, "" if resolve_plain(text) == "!!str" else '"')


def _is_string(text: Text) -> bool:
    return bool(text.style) or resolve_plain(text.value) == "!!str"


def in_quotes_of(node: Node, leaf: Written) -> Written:
    """A text in the quotes of the one it replaces, if that has some."""
    style = getattr(node, "style", "")
    if style not in {"'", '"'} or not isinstance(leaf, Text) or leaf.prefix or leaf.style in {"|", "*"}:
        return leaf
    return leaf._replace(style=style) if _is_string(leaf) else leaf


_NEEDS_QUOTES_IN_BRACES = re.compile(r"[\[\]{},#]|:\Z")


def stays_plain(node: Node, leaf: Written) -> bool:
    """Whether a plain text in braces can be replaced by another, where go-yaml would write quotes to be sure."""
    if getattr(node, "style", None) != "" or not node.value or not isinstance(leaf, Text) or leaf.style or leaf.prefix:
        return False
    return write(leaf) == f"{leaf.value}\n" and not _NEEDS_QUOTES_IN_BRACES.search(leaf.value)


def beside_key(leaf: Written) -> str | None:
    """A value on the line of its key; None if it needs lines of its own."""
    if isinstance(leaf, Branch) and leaf.items and not leaf.flow:
        return None
    text = write(leaf).rstrip("\n")
    return None if "\n" in text else text


# Blocks of text


def is_block_scalar(node: Node) -> bool:
    """Whether a text is written as a block, line by line."""
    return getattr(node, "style", "") in {"|", ">"}


_KEEPS = re.compile(r"(?:[&!]\S*\s+)*[|>]\d*\+")


def keeps_breaks(node: Node, text: str) -> bool:
    """Whether the blank lines below a node are part of it."""
    return is_block_scalar(node) and _KEEPS.match(text, node.start_mark.index) is not None


def needs_end(node: Node, text: str) -> bool:
    """Whether a node ends with a block of text that would hold something else without its last line break."""
    last = last_node(node)
    return is_block_scalar(last) and "-" not in text[slice(*block_indicators(last, text))]


def last_block(item: Item) -> Text | None:
    """The block of text that something to write ends with, if it does."""
    if isinstance(item, Text):
        return item if item.style in {"|", ">"} else None
    if isinstance(item, Branch):
        return last_block(item.items[-1]) if item.items and not item.flow else None
    return last_block(item[1])


# JSON


def is_json(node: Mapping | Sequence) -> bool:
    """Whether a flow collection is written as JSON: its keys, or its texts, in double quotes."""
    if isinstance(node, Mapping):
        return bool(node.content) and all(getattr(key, "style", "") == '"' for key, _ in pairs(node))
    collections = [item for item in node.content if isinstance(item, Mapping | Sequence)]
    if collections:
        return all(map(is_json, collections))
    return any(getattr(item, "style", "") == '"' for item in node.content)


def as_json(leaf: Written) -> str:
    """A value as JSON, on one line."""
    if isinstance(leaf, Text):
        return json.dumps(leaf.value, ensure_ascii=False) if _is_string(leaf) else leaf.value
    if leaf.is_mapping:
        return "{" + ", ".join(f"{as_json(_quoted(key))}: {as_json(value)}" for key, value in leaf.items) + "}"
    return f"[{', '.join(map(as_json, leaf.items))}]"


def _quoted(key: Text) -> Text:
    return key._replace(style='"')
