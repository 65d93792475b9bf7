"""Lines of YAML to be shown to anyone: values are shown of keys that are known to be public, never of others."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml.comments import content_start, stretch
from talos_registry.goyaml.nodes import Alias, Mapping, Scalar, Sequence
from talos_registry.goyaml.scalars import resolve_plain
from talos_registry.goyaml.tags import resolved
from talos_registry.goyaml.text import split_lines
from talos_registry.masking import PUBLIC_KEYS, SECRET_KEYS, mask_before_at, may_be_secret
from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml.nodes import Node
    from talos_registry.loading import MachineConfig

__all__ = ["MASK", "MaskedText", "Piece"]

MASK = "********"
_COMMENT = "# ..."
"""What stands for a comment, which can say anything."""


class Piece(NamedTuple):
    """A part of a text, or of a line: what to show, and the 0-based offsets of what it stands for."""

    shown: str
    begin: int
    end: int


class MaskedText:
    """The text of a config, whose trees are looked at once a line of it is to be shown."""

    def __init__(self, config: MachineConfig) -> None:
        self._config = config
        self._text = config.text

    @cached_property
    def lines(self) -> list[str]:
        """The lines as they are."""
        return split_lines(self._text)

    def pieces(self, number: int) -> list[Piece]:
        """What to show of a line; of one that is in no document that can be read, known keys and nothing else."""
        line = self.lines[number - 1]
        begin = self._config.lines.offset(number, 1)
        end = begin + len(line)
        roots = [root for _, root in _between(self._roots, begin, end)]
        if not roots:
            return list(_known_keys(line))
        values = (piece for root in roots for piece in self._values(root, _Context(), begin, end))
        return [Piece(shown, at - begin, to - begin) for shown, at, to in self._with_structure(values, begin, end)]

    def line(self, number: int) -> str:
        """A line as it may be shown."""
        return "".join(printable(piece.shown) for piece in self.pieces(number)).rstrip()

    @cached_property
    def _roots(self) -> list[Node]:
        return self._config.written_roots

    @cached_property
    def _secrets(self) -> set[int]:
        """The nodes that have an alias in a place where they would not be shown."""
        waiting = [(root, _Context()) for root in self._roots]
        secrets = set()
        while waiting:
            node, context = waiting.pop()
            if isinstance(node, Mapping | Sequence):
                waiting.extend((child, _below(node, at, context)) for at, child in enumerate(node.content))
            elif isinstance(node, Alias) and (
                context.is_hidden if _is_collection(node.target) else not context.is_public
            ):
                secrets.add(id(node.target))
        return secrets

    def _values(self, node: Node, context: _Context, begin: int, end: int) -> Iterator[Piece]:
        """What to show of keys and values that have a part between two offsets, in order."""
        if node.anchor is not None and id(node) in self._secrets:
            context = _Context(is_hidden=True)
        if isinstance(node, Mapping | Sequence) and not context.is_hidden:
            for at, child in _between(node.content, begin, end):
                yield from self._values(child, _below(node, at, context), begin, end)
            return
        shown, at, to = self._value(node, context, begin)
        part = self._text[max(begin, at) : min(end, to)]
        if part.strip():
            yield Piece(shown, min(end, to) - len(part.lstrip()), max(begin, at) + len(part.rstrip()))

    def _value(self, node: Node, context: _Context, line: int) -> Piece:
        """What to show of a node as a whole; nothing of a value that does not stand beside its key or dash."""
        if isinstance(node, Mapping | Sequence):
            return Piece(MASK, node.start_mark.index, node.end_mark.index)
        begin, end = stretch(node, self._text)
        content = content_start(node, self._text, begin, end)
        if (context.is_public or _is_flag(node, context)) and (context.is_key or self._text[line:content].strip()):
            return Piece(_shown(node, self._text[content:end]), content, end)
        return Piece(MASK, begin if node.anchor or node.tag else content, end)

    def _with_structure(self, values: Iterable[Piece], begin: int, end: int) -> Iterator[Piece]:
        for value in (*values, Piece("", end, end)):
            for match in _STRUCTURE.finditer(self._text, begin, value.begin):
                yield Piece(_COMMENT if match["comment"] else match["structure"] or MASK, *match.span())
            yield value
            begin = value.end


_STRUCTURE = re.compile(
    r"(?P<comment>#.*)|(?P<structure>\s+|---|\.\.\.|[\[\]{},:?-]|[|>][-+\d]*|[&!][\w/.!-]*(?=\s|\Z))|\S+"
)
"""What stands between keys and values."""


def _between(nodes: list[Node], begin: int, end: int) -> Iterator[tuple[int, Node]]:
    """The nodes, in the order of the text, that have a part between two offsets, and their indices."""
    first = max(0, bisect_right(nodes, begin, key=_start) - 1)
    beyond = bisect_left(nodes, end, first, key=_start)
    yield from ((at, nodes[at]) for at in range(first, beyond) if nodes[at].end_mark.index > begin)


def _start(node: Node) -> int:
    return node.start_mark.index


# What may be shown by its place

_SECTIONS = frozenset({"auth", "clientIdentity"})
"""The keys below which some values are secret and some are not."""
_KNOWN = PUBLIC_KEYS | SECRET_KEYS | _SECTIONS | {"ca", "cert", "crt"}


class _Context(NamedTuple):
    """Where a node stands: at, or in the value of, a key; whether it is shown, and whether nothing below it is."""

    key: str = ""
    is_key: bool = False
    is_public: bool = False
    is_hidden: bool = False
    in_section: bool = False


def _below(collection: Mapping | Sequence, at: int, context: _Context) -> _Context:
    """Where the child of a collection stands."""
    if isinstance(collection, Sequence):
        return context if context.key == "endpoints" else context._replace(is_public=False)
    key = resolved(collection.content[at - at % 2])
    name = "" if _is_collection(key) else key.value
    is_hidden = context.is_hidden or _is_collection(key)
    if at % 2 == 0:
        is_hidden = is_hidden or (context.in_section and name not in _KNOWN and not may_be_secret(name))
        return _Context(name, is_key=True, is_public=not is_hidden, is_hidden=is_hidden)
    is_section = name in _SECTIONS and not context.in_section
    is_hidden = is_hidden or (name != "username" if context.in_section else may_be_secret(name) and not is_section)
    return _Context(name, is_public=name in PUBLIC_KEYS and not is_hidden, is_hidden=is_hidden, in_section=is_section)


def _is_collection(node: Node) -> bool:
    return isinstance(node, Mapping | Sequence)


def _is_flag(node: Scalar | Alias, context: _Context) -> bool:
    """Whether a value is but true or false, below a key that is none of a secret."""
    is_plain = isinstance(node, Scalar) and not node.style and not context.is_hidden and not context.in_section
    return is_plain and resolve_plain(node.value) == "!!bool"


_CUT_OFF = re.compile(r"\A(?:\w+:/*)?[^/\[]*:(?!(?:\d+|\$\{\w+\}|)(?:/|\Z))")
"""A URL that goes on elsewhere: what looks like a port is the beginning of a password."""


def _shown(node: Scalar | Alias, written: str) -> str:
    """A public value as it is written, without user and password; masked where it is more than one plain word."""
    if isinstance(node, Alias):
        return written
    quote = written[:1] if written[:1] in {'"', "'"} else ""
    value = mask_before_at(node.value)
    is_cut_off = value == node.value and _CUT_OFF.match(value) is not None
    if written != f"{quote}{node.value}{quote}" or is_cut_off or any(map(str.isspace, value)):
        return MASK
    return f"{quote}{value}{quote}"


_LINE = re.compile(
    rf"""(?P<head>\s*(?:(?:---|-)(?:\s+|\Z))*
            (?:(?P<quote>["']?)(?P<key>{"|".join(map(re.escape, sorted(_KNOWN)))})(?P=quote)\s*:(?:\s+|\Z))?)
         (?P<comment>\#.*)?(?P<rest>.*)""",
    re.VERBOSE | re.DOTALL,
)


def _known_keys(line: str) -> Iterator[Piece]:
    """The known key of a line, and below a public one what has no letter or digit, such as ``*``; the rest is masked."""
    match: re.Match[str] = _LINE.fullmatch(line)  # type: ignore[assignment]  # it matches any line
    is_public = match["key"] in PUBLIC_KEYS and not any(map(str.isalnum, match["rest"]))
    shown = {"head": match["head"], "comment": _COMMENT, "rest": match["rest"] if is_public else MASK}
    yield from (Piece(text, *match.span(part)) for part, text in shown.items() if match[part])
