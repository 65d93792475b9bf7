"""YAML as go-yaml's ``Marshal`` writes it: four spaces, no wrapping, and its choice of quotes.

What is written is a ``Text`` or a ``Branch``; ``talos_registry.goyaml.representer`` makes them.

Source: yaml/go-yaml v4, internal/libyaml/{serializer,emitter}.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias, TypeGuard

from talos_registry.goyaml.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CANONICAL", "Branch", "Layout", "Text", "Written", "inline", "write"]

_INDENT = 4
_LONGEST_SIMPLE_KEY = 128

_SPECIAL = re.compile(r"[^\n\t\x20-\x7e\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd]")
_SPACE_BEFORE_BREAK = re.compile(f" [{BREAKS}]")
_BREAK_BEFORE_SPACE = re.compile(f"[{BREAKS}] ")
_BREAK = re.compile(f"[{BREAKS}]")
_BLANK_LAST_LINE = re.compile(f"[{BREAKS}]{{2}}\\Z")
_NEVER_PLAIN = re.compile(r"""[#,\[\]{}&*!|>'"%@`]|---|\.\.\.|[?:-](?:[ \t\n\r\x85\u2028\u2029]|\Z)""")
_COLON_OR_HASH = re.compile(r":(?:[ \t\n\r\x85\u2028\u2029]|\Z)|(?<=[ \t\n\r\x85\u2028\u2029\0])#")
_FLOW_INDICATOR = re.compile(r"[?:]|.[,?\[\]{}:]", re.DOTALL)
_ESCAPES = {
    "\0": "0", "\a": "a", "\b": "b", "\t": "t", "\n": "n", "\v": "v", "\f": "f", "\r": "r", "\x1b": "e",
    '"': '"', "\\": "\\", "\x85": "N", "\xa0": "_", "\u2028": "L", "\u2029": "P",
}  # fmt: skip
_ESCAPED = re.compile(r"[^\x20\x21\x23-\x5b\x5d-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd]")


_LINE_START = re.compile(f"(?:(?<=[{BREAKS}])|\\A)[^{BREAKS}]")
_BLOCK_ENDS = ("\n", "\u2028", "\u2029")
_FOLDED_LINE = re.compile(f"(?:(?<=[{BREAKS}])|\\A)(?![ \\t])[^{BREAKS}]+\n")


class Text(NamedTuple):
    """A scalar to write.

    ``style``: ``""``, ``"'"``, ``'"'``, ``"|"``, ``">"``, or ``"*"`` for an alias. ``prefix``: anchor and tag, written before it.
    ``hint``: a block that begins with a line break says its indentation, too. ``lead``: lines above a key or item.
    """

    value: str
    style: str = ""
    prefix: str = ""
    comment: str = ""
    hint: bool = False
    lead: tuple[str, ...] = ()


class Branch(NamedTuple):
    """A mapping or sequence to write; ``items`` holds ``(key, value)`` pairs for a mapping.

    ``lead``: lines above it as an item; ``foot``: lines below its last item. "" is a blank line.
    """

    items: tuple[Any, ...]
    is_mapping: bool
    flow: bool = False
    prefix: str = ""
    comment: str = ""
    lead: tuple[str, ...] = ()
    foot: tuple[str, ...] = ()


Written: TypeAlias = Text | Branch


class Layout(NamedTuple):
    """How block collections are indented, in columns.

    ``step``: from one level of mappings to the next; ``dash``: from a key to the dashes of its items. ``hints``: a block
    that begins with a space says its indentation, as go-yaml does, which is not always the right one; else it is quoted,
    as is one that ends with a blank line, which would be one with the blank lines of the file below it.
    """

    step: int = _INDENT
    dash: int = _INDENT
    hints: bool = True

    def inner(self, indent: int, collection: Branch | None = None) -> int:
        """The column of what is below a key at the column ``indent``."""
        if collection is not None and not collection.is_mapping and self.dash != self.step:
            return indent + self.dash
        return self.step * ((indent + self.step) // self.step)


CANONICAL = Layout()
"""The layout of go-yaml."""


def write(written: Written, indent: int = 0, layout: Layout = CANONICAL) -> str:
    """The text of a whole document, ending with a line break; of a block collection also ``indent`` columns further in."""
    if isinstance(written, Branch) and not written.flow and written.items:
        return "".join(map(_ended, _Blocks(layout).of(written, indent)))
    return _ended(_inline(written, 0).lstrip(" "))


def _ended(line: str) -> str:
    """A line with its line break; a block scalar can end in one, which need not be a line feed."""
    return line if line.endswith(_BLOCK_ENDS) else f"{line}\n"


def inline(written: Written) -> str:
    """A value on one line, spelled so that it can stand in block and in flow style."""
    return _inline(written, 0, flow=True).lstrip(" ")


class _Row(NamedTuple):
    """A part of a block collection: what stands before a value, and the column of what is below.

    ``is_joined``: a block collection begins on the line of ``head``.
    """

    lead: tuple[str, ...]
    head: str
    value: Written
    indent: int
    is_joined: bool


class _Blocks:
    """Writes block collections in a layout, line by line."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def of(self, branch: Branch, indent: int) -> Iterator[str]:
        """The lines of a collection that is not empty, each with its indentation and not yet ended.

        One frame for each level: collections can be as deep as a file may be.
        """
        pad = " " * indent
        for lead, head, value, below, is_joined in self._rows(branch, pad, indent):
            yield from _indented(lead, pad)
            if not _is_block(value):
                yield f"{head}{self._inline(value, below)}"
                continue
            lines = self.of(value, below)
            if is_joined and not value.prefix:
                yield f"{head}{next(lines)[len(head) :]}"
            else:
                yield f"{head}{_prefixed(value)}"
            yield from lines
        yield from _indented(branch.foot, pad)

    def _rows(self, branch: Branch, pad: str, indent: int) -> Iterator[_Row]:
        inner = self._layout.inner(indent)
        for item in branch.items:
            if not branch.is_mapping:
                yield _Row(item.lead, f"{pad}-", item, indent + 2, is_joined=True)
                continue
            key, value = item
            if _is_simple_key(key):
                space = " " if isinstance(key, Text) and key.style == "*" else ""
                head = f"{pad}{_inline(key, inner, simple_key=True).lstrip(' ')}{space}:"
                below = self._layout.inner(indent, value) if _is_block(value) else inner
                yield _Row(key.lead, head, value, below, is_joined=False)
            else:
                yield _Row(key.lead, f"{pad}?", key, inner, is_joined=True)
                yield _Row((), f"{pad}:", value, inner, is_joined=True)

    def _inline(self, written: Written, indent: int) -> str:
        return _inline(
            written if self._layout.hints or not _needs_hint(written) else written._replace(style='"'), indent
        )


def _needs_hint(written: Written) -> TypeGuard[Text]:
    """Whether a text, as a block, has to say its indentation, or that the blank lines below are part of it."""
    if not isinstance(written, Text) or written.style not in {"|", ">"}:
        return False
    return written.value[:1] in {" ", *BREAKS} or bool(_BLANK_LAST_LINE.search(written.value))


def _indented(lines: tuple[str, ...], pad: str) -> Iterator[str]:
    return (f"{pad}{line}".replace("\n", f"\n{pad}") if line else "" for line in lines)


def _prefixed(branch: Branch) -> str:
    return (f" {branch.prefix.rstrip()}" if branch.prefix else "") + _beside(branch)


def _beside(written: Written) -> str:
    return f" {written.comment}" if written.comment else ""


def _is_block(written: Written) -> TypeGuard[Branch]:
    return isinstance(written, Branch) and not written.flow and bool(written.items)


def _is_simple_key(key: Written) -> bool:
    if isinstance(key, Branch):
        return not key.items
    return not _BREAK.search(key.value) and len(key.prefix + key.value) <= _LONGEST_SIMPLE_KEY


def _inline(written: Written, indent: int, *, flow: bool = False, simple_key: bool = False) -> str:
    """A value on the line of its key, with the space before it; block scalars bring their lines."""
    if isinstance(written, Branch):
        return f" {written.prefix}{_flow(written, indent)}{'' if flow else _beside(written)}"
    text = f"*{written.value}" if written.style == "*" else _scalar(written, indent, flow=flow, simple_key=simple_key)
    shown = f"{written.prefix}{text}" if text else written.prefix.rstrip()
    if flow or not written.comment:
        return f" {shown}" if shown else ""
    first, mark, rest = shown.partition("\n") if written.style in {"|", ">"} else (shown, "", "")
    return (f" {first}" if first else "") + _beside(written) + mark + rest


def _flow(branch: Branch, indent: int) -> str:
    """A collection in flow style; without recursion, for it can be as deep as a file may be."""
    done: list[str] = []
    waiting: list[str | Branch] = [branch]
    while waiting:
        part = waiting.pop()
        if isinstance(part, str):
            done.append(part)
        else:
            waiting.extend(reversed([*_flow_parts(part, indent)]))
    return "".join(done)


def _flow_parts(branch: Branch, indent: int) -> Iterator[str | Branch]:
    """What a collection is written as in flow style: text, and collections that are still to be written."""
    yield "{" if branch.is_mapping else "["
    for number, item in enumerate(branch.items):
        if number:
            yield ", "
        yield from _flow_entry(item[0], item[1], indent) if branch.is_mapping else _flow_value(item, indent, "")
    yield "}" if branch.is_mapping else "]"


def _flow_entry(key: Written, value: Written, indent: int) -> Iterator[str | Branch]:
    if _is_simple_key(key):
        yield f"{_inline(key, indent, flow=True, simple_key=True).lstrip(' ')}:"
    else:
        yield "?"
        yield from _flow_value(key, indent, " ")
        yield " :"
    yield from _flow_value(value, indent, " ")


def _flow_value(value: Written, indent: int, space: str) -> Iterator[str | Branch]:
    if isinstance(value, Branch):
        yield space + value.prefix
        yield value
    else:
        text = _inline(value, indent, flow=True)
        yield text if space else text.lstrip(" ")


def _scalar(text: Text, indent: int, *, flow: bool, simple_key: bool) -> str:
    value, style = text.value, text.style
    if style == "" and not _is_plain_allowed(value, flow=flow, simple_key=simple_key):
        style = "'"
    if style in {"|", ">"} and (flow or simple_key or not _is_block_allowed(value)):
        style = '"'
    if style == "'" and not _is_single_allowed(value):
        style = '"'
    if style == "":
        return value
    if style == "'":
        return _single_quoted(value, indent)
    return _double_quoted(value) if style == '"' else _block_scalar(text, style, indent)


def _is_plain_allowed(value: str, *, flow: bool, simple_key: bool) -> bool:
    if not value:
        return not flow and not simple_key
    if _BREAK.search(value) or not _is_single_allowed(value) or value[0] == " " or value[-1] == " ":
        return False
    if _NEVER_PLAIN.match(value) or _COLON_OR_HASH.search(value):
        return False
    return not (flow and _FLOW_INDICATOR.search(value))


def _is_single_allowed(value: str) -> bool:
    return not (
        "\t" in value
        or _SPECIAL.search(value)
        or _SPACE_BEFORE_BREAK.search(value)
        or _BREAK_BEFORE_SPACE.search(value)
    )


def _is_block_allowed(value: str) -> bool:
    return bool(value) and not (value[-1] == " " or _SPECIAL.search(value) or _SPACE_BEFORE_BREAK.search(value))


def _single_quoted(value: str, indent: int) -> str:
    def broken(match: re.Match[str]) -> str:
        breaks = match[0]
        padding = " " * indent if match.end() < len(match.string) else ""
        return ("\n" if breaks[0] == "\n" else "") + breaks + padding

    return "'" + re.sub(f"[{BREAKS}]+", broken, value.replace("'", "''")) + "'"


def _double_quoted(value: str) -> str:
    if value.startswith("\ufeff"):
        return '"' + "".join(_escape(char) for char in value) + '"'
    return '"' + _ESCAPED.sub(lambda match: _escape(match[0]), value) + '"'


def _escape(char: str) -> str:
    if char in _ESCAPES:
        return "\\" + _ESCAPES[char]
    code = ord(char)
    if code <= 0xFF:  # noqa: PLR2004 - the widths of YAML's three hexadecimal escapes
        return f"\\x{code:02X}"
    return f"\\u{code:04X}" if code <= 0xFFFF else f"\\U{code:08X}"  # noqa: PLR2004 - likewise


def _block_scalar(text: Text, style: str, indent: int) -> str:
    value = text.value
    hint = str(_INDENT) if value[0] == " " or (text.hint and value[0] in BREAKS) else ""
    if value[-1] not in BREAKS:
        hint += "-"
    elif len(value) == 1 or value[-2] in BREAKS:
        hint += "+"
    pad = " " * indent
    lines = _folded(value) if style == ">" else value
    body = _LINE_START.sub(lambda match: pad + match[0], lines)
    return f"{style}{hint}\n{body}"


def _folded(value: str) -> str:
    """The lines of a folded scalar: a break is doubled after text that is not indented, unless the first text is."""
    if value.lstrip(BREAKS).startswith((" ", "\t")):
        return value
    return _FOLDED_LINE.sub(lambda line: f"{line[0]}\n", value)
