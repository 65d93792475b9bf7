"""Trees as YAML in one of the many layouts that people and programs write."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from random import Random

__all__ = ["Pairs", "Tree", "written"]


class Pairs(list[Any]):
    """A mapping: its keys, which can occur more than once, with their values."""


Tree: TypeAlias = "Pairs | list[Any] | str"
"""A mapping, a sequence, or the text of a scalar as it stands in the file."""


class Style(NamedTuple):
    """How a document is laid out."""

    indent: int
    dash_indent: int
    flow: float
    comment: float
    quote: float


def written(random: Random, tree: Tree) -> str:
    """A document, with a line break at its end."""
    style = Style(
        random.choice((2, 2, 2, 4)),
        random.choice((0, 2)),
        random.choice((0, 0, 0.1, 0.5)),
        random.choice((0, 0, 0, 0.1)),
        random.choice((0, 0, 0.1, 0.5)),
    )
    return _Writer(random, style).document(tree)


_IN_FLOW = re.compile(r"[\w./'\" -]*")
_PLAIN = re.compile(r"[A-Za-z][\w./-]*")
_PLAIN_ITEM = re.compile(r"(?:(?:https?://)?[\w./]+|'[^'\n]*'|\"[^\"\n]*\")")


class _Writer:
    def __init__(self, random: Random, style: Style) -> None:
        self._random = random
        self._style = style

    def document(self, tree: Tree) -> str:
        if not isinstance(tree, list) or not tree:
            return f"{self._flow(tree)}\n"
        return self._block(tree, 0)

    def _block(self, tree: Tree, margin: int) -> str:
        if isinstance(tree, Pairs):
            return "".join(self._entry(key, value, margin) for key, value in tree)
        return "".join(self._item(item, margin) for item in tree)

    def _entry(self, key: str, value: Tree, margin: int) -> str:
        head = f"{self._comment(margin)}{' ' * margin}{self._key(key)}:"
        if not self._is_block(value):
            return f"{head} {self._inline(value)}{self._beside()}\n"
        is_list = not isinstance(value, Pairs)
        return f"{head}{self._beside()}\n{self._block(value, margin + (self._style.dash_indent if is_list else self._style.indent))}"

    def _item(self, item: Tree, margin: int) -> str:
        above = self._comment(margin)
        if not self._is_block(item):
            return f"{above}{' ' * margin}- {self._inline(item)}{self._beside()}\n"
        inner = margin + self._style.indent
        block = self._block(item, inner)
        if block.lstrip(" ").startswith("#"):
            return f"{above}{' ' * margin}-\n{block}"
        return f"{above}{' ' * margin}-{' ' * (self._style.indent - 1)}{block[inner:]}"

    def _is_block(self, value: Tree) -> bool:
        if not isinstance(value, list) or not value:
            return False
        return not (_is_flow(value) and self._random.random() < self._style.flow)

    def _inline(self, value: Tree) -> str:
        return self._flow(value) if isinstance(value, list) else self._scalar(value)

    def _flow(self, tree: Tree) -> str:
        if isinstance(tree, Pairs):
            return "{" + ", ".join(f"{self._key(key)}: {self._flow(value)}" for key, value in tree) + "}"
        if isinstance(tree, list):
            return "[" + ", ".join(self._flow(item) for item in tree) + "]"
        return self._scalar(tree)

    def _key(self, key: str) -> str:
        return f'"{key}"' if _PLAIN.fullmatch(key) and self._random.random() < self._style.quote / 2 else key

    def _scalar(self, text: str) -> str:
        if _PLAIN.fullmatch(text) and text not in _WORDS and self._random.random() < self._style.quote:
            return self._random.choice((f'"{text}"', f"'{text}'"))
        return text

    def _comment(self, margin: int) -> str:
        if self._random.random() < self._style.comment:
            return f"{' ' * margin}# {self._random.choice(('why', 'a: b', '- c'))}\n"
        return ""

    def _beside(self) -> str:
        return "  # because" if self._random.random() < self._style.comment else ""


_WORDS = frozenset({"true", "false", "null", "yes", "no", "on", "off", "True", "x"})


def _is_flow(tree: Tree) -> bool:
    """Whether a value can stand in braces as it is."""
    if isinstance(tree, Pairs):
        return all(_IN_FLOW.fullmatch(key) and _is_flow(value) for key, value in tree)
    if isinstance(tree, list):
        return all(map(_is_flow, tree))
    return tree == "" or _PLAIN_ITEM.fullmatch(tree) is not None
