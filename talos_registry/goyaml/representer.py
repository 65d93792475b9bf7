"""What go-yaml makes of values before it writes them: which quotes they need, and the order of the keys of a map.

``from_value`` takes plain data, ``from_node`` nodes read from a file, whose quoting, tags, anchors and line comments
are kept.

Source: yaml/go-yaml v4, internal/libyaml/{representer,desolver}.go.
"""

from __future__ import annotations

import base64
import re
from functools import cmp_to_key
from typing import Any
from urllib.parse import quote

from talos_registry.go.numbers import written_float
from talos_registry.goyaml.emitter import Branch, Text, Written
from talos_registry.goyaml.nodes import Alias, Mapping, Node, Scalar, Sequence, pairs
from talos_registry.goyaml.scalars import BOOL_WORDS, resolve_plain
from talos_registry.versions import LATEST, Release, release_of

__all__ = ["Moment", "NodeText", "from_node", "from_value", "natural_key"]

_BASE64_LINE = 70
_SEXAGESIMAL = re.compile(r"[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?", re.ASCII)
_LATEST = release_of(LATEST)


class NodeText(str):
    """Text that Talos hands over as a node: go-yaml quotes such only where it would be read as something else."""

    __slots__ = ()


class Moment(str):
    """A date as go-yaml writes it, which needs no quotes."""

    __slots__ = ()


def from_value(value: Any, release: Release = _LATEST) -> Written:
    """Plain data as the go-yaml of a release represents it: dicts keep their order, strings get the quotes they need."""
    if isinstance(value, dict):
        items = [(from_value(key, release), from_value(item, release)) for key, item in value.items()]
        return Branch(tuple(items), is_mapping=True)
    if isinstance(value, list | tuple) and not isinstance(value, Text | Branch):
        return Branch(tuple(from_value(item, release) for item in value), is_mapping=False)
    if isinstance(value, bool):
        return Text("true" if value else "false")
    if value is None or isinstance(value, int):
        return Text("null" if value is None else str(value))
    if isinstance(value, float):
        return Text(_SPECIAL.get(written_float(value)) or written_float(value))
    if isinstance(value, Moment):
        return Text(str(value))
    return _string(value, release) if isinstance(value, str) else value


_SPECIAL = {"+Inf": ".inf", "-Inf": "-.inf", "NaN": ".nan"}


def from_node(node: Node, source: str, release: Release = _LATEST) -> Written:
    """A node as it stands in the text ``source``: quoting, anchor, tag and line comment kept."""
    comment = _line_comment(node, source)
    if isinstance(node, Alias):
        return Text(node.value, "*", comment=comment)
    prefix = (f"&{node.anchor} " if node.anchor else "") + (f"{_shown_tag(node.tag)} " if node.tag else "")
    if isinstance(node, Mapping):
        entries = tuple(
            (from_node(key, source, release), from_node(value, source, release)) for key, value in pairs(node)
        )
        return Branch(entries, is_mapping=True, flow=node.flow, prefix=prefix)
    if isinstance(node, Sequence):
        items = tuple(from_node(item, source, release) for item in node.content)
        return Branch(items, is_mapping=False, flow=node.flow, prefix=prefix)
    if release.writes_merge_tag and node.value == "<<" and not (node.tag or node.style):
        prefix += "!!merge "
    style = node.style or ("|" if "\n" in node.value else "")
    return Text(node.value, style, prefix, comment, release.hints_leading_break)


_COMMENT = re.compile(r"[ \t]+(#[^\r\n]*)")
_HEADER = re.compile(r"(?:[&!]\S*[ \t]+)*[|>]\S*[ \t]+(#[^\r\n]*)")
_HANDLES = (("tag:yaml.org,2002:", "!!"), ("!", "!"))
_IN_TAGS = ";/?:@&=+$,_.~*'()[]"


def _line_comment(node: Node, source: str) -> str:
    if node.end_mark.index == node.start_mark.index:
        return ""  # the comment after nothing is the key's
    is_block = isinstance(node, Scalar) and node.style in {"|", ">"}
    match = _HEADER.match(source, node.start_mark.index) if is_block else _COMMENT.match(source, node.end_mark.index)
    return match[1] if match else ""


def _shown_tag(tag: str) -> str:
    for prefix, handle in _HANDLES:
        if tag.startswith(prefix):
            return handle + quote(tag.removeprefix(prefix), safe=_IN_TAGS)
    return f"!<{quote(tag, safe=_IN_TAGS)}>"


def _string(text: str, release: Release) -> Text:
    data = text.encode("utf-8", "surrogateescape")
    try:
        data.decode()
    except UnicodeDecodeError:
        return _binary(data)
    if "\n" in text:
        return Text(text, "|" if len(data) > 1 and text.strip() else '"', hint=release.hints_leading_break)
    if not isinstance(text, NodeText) and (text in BOOL_WORDS or text == "<<" or _SEXAGESIMAL.fullmatch(text)):
        return Text(text, '"' if release.quotes_words_double else "'")
    return Text(text, "" if resolve_plain(text) == "!!str" else '"')


def _binary(data: bytes) -> Text:
    encoded = base64.b64encode(data).decode()
    lines = [encoded[at : at + _BASE64_LINE] for at in range(0, len(encoded), _BASE64_LINE)]
    if len(encoded) < _BASE64_LINE:
        return Text(encoded, prefix="!!binary ")
    return Text("".join(f"{line}\n" for line in lines), "|", "!!binary ")


def natural_key(text: str) -> Any:
    """A sort key for the order in which go-yaml writes the keys of a map: ``a9`` before ``a10``."""
    return _NATURAL(text)


def _compare(left: str, right: str) -> int:
    after_digit = False
    for at, (a, b) in enumerate(zip(left, right, strict=False)):
        if a == b:
            after_digit = a.isdigit()
            continue
        if a.isalpha() and b.isalpha():
            return -1 if a < b else 1
        if a.isalpha() or b.isalpha():
            return -1 if a.isalpha() == after_digit else 1
        lead = int("0" in {a, b} and left[:at].rstrip("0")[-1:].isdigit())
        numbers = (*_number(left, at, lead), a), (*_number(right, at, lead), b)
        return -1 if numbers[0] < numbers[1] else 1
    return len(left) - len(right)


def _number(text: str, start: int, lead: int) -> tuple[int, int]:
    end = start
    while end < len(text) and text[end].isdigit():
        lead = lead * 10 + ord(text[end]) - ord("0")
        end += 1
    return lead, end


_NATURAL = cmp_to_key(_compare)
