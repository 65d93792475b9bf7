"""Docstrings of functions and classes (Google style) as Markdown."""

from __future__ import annotations

import re
from textwrap import dedent
from typing import NamedTuple

__all__ = ["Docstring", "inline", "read"]

_HEADING = re.compile(r"^(Args|Attributes|Raises|Source):\s*", re.MULTILINE)
_ITEM = re.compile(r"^(\*{0,2}\w[\w, ]*): ", re.MULTILINE)


class Docstring(NamedTuple):
    """A docstring in its parts: the paragraphs before its sections, and what these say by name; ``source`` can be ""."""

    paragraphs: list[str]
    parameters: dict[str, str]
    attributes: dict[str, str]
    raises: dict[str, str]
    source: str


def read(text: str) -> Docstring:
    """The parts of a docstring as ``inspect.getdoc`` gives it.

    Raises:
        ValueError: if a section is there twice, or holds what is no item.
    """
    before, *rest = _HEADING.split(text)
    sections = dict(zip(rest[::2], rest[1::2], strict=True))
    if len(sections) < len(rest) // 2:
        raise ValueError(f"a section of this docstring is there twice: {text}")
    paragraphs = [_joined(paragraph) for paragraph in before.strip().split("\n\n")]
    parameters, attributes, raises = (_items(sections.get(name, "")) for name in ("Args", "Attributes", "Raises"))
    return Docstring(paragraphs, parameters, attributes, raises, _joined(sections.get("Source", "")))


def _items(section: str) -> dict[str, str]:
    before, *rest = _ITEM.split(dedent("    " + section.strip()))
    if before.strip():
        raise ValueError(f"no item of a docstring: {before}")
    return {name: _joined(text) for name, text in zip(rest[::2], rest[1::2], strict=True)}


def _joined(text: str) -> str:
    return " ".join(text.split())


def inline(text: str) -> str:
    """Markdown of a paragraph of a docstring; what could be taken for markup outside of code is escaped."""
    outside, code = text.split("``")[::2], text.split("``")[1::2]
    escaped = [re.sub(r"([*<|{])", r"\\\1", part) for part in outside]
    return "".join(
        part + (f"`{next_code}`" if next_code else "") for part, next_code in zip(escaped, [*code, ""], strict=True)
    )
