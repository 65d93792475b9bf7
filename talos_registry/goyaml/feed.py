r"""The text of a file, and how it is spelled for the parser.

go-yaml takes a few things that libyaml refuses: some control characters, ``\'`` in double quotes, anchors with
punctuation, ``...`` before the first document. They are respelled, character for character so that every mark stays
true, and given back in the values.

Source: yaml/go-yaml v4, internal/libyaml/{reader,scanner,parser}.go.
"""

from __future__ import annotations

import re
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

import yaml
from yaml.reader import ReaderError

from talos_registry.go.strings import text_bytes
from talos_registry.goyaml.parser import open_parser
from talos_registry.goyaml.text import BREAKS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.versions import Release

__all__ = ["Feed", "Source", "place"]

_PRIVATE = 0xF0000
"""Where a plane of private characters begins, free to stand for others in a text that uses none of them."""

_REFUSED = re.compile(r"[\x7f-\x84\x86-\x9f\ufeff]")
_REFUSED_WITH_DEL = re.compile(r"\ufeff")
_USES_PRIVATE = re.compile(r"[\U000F0000-\U000FFFFF]")
_LEADING_END = re.compile(
    rf"(?: *(?:#[^{BREAKS}]*)?(?:\r\n|[{BREAKS}])|(?<![^{BREAKS}])\.\.\.(?=[ \t{BREAKS}]|\Z)[ \t]*)*+"
)
_ANCHOR = re.compile(r"[!-+\--9;-Z\\^-z|~]+(?=[ \t\r\n\x85\u2028\u2029:,\]}]|\Z)")
_BREAK = f"(?:\r\n|[{BREAKS}])"
_COMMENTS = re.compile(f"(?:(?:[ \t]*{_BREAK})*[ \t]*#[^{BREAKS}]*(?:{_BREAK}|\\Z))+")
"""Lines of comments, and blank ones before each."""
_COMMENT_ABOVE = re.compile(
    rf"(?:\A|(?<=[{BREAKS}]))[ \t]*(?:(?:---|\.\.\.|-)[ \t]+)*#[^{BREAKS}]*{_BREAK}(?:[ \t]*{_BREAK})*\Z"
)
"""A line with nothing but a comment, or one after indicators, as the last one that is not blank."""
_MARGIN = re.compile(f"(?:\\A|(?<=[{BREAKS}]))[ \t]+")
_FLOW_ENDS = frozenset(",]}")
_ANCHOR_CONTEXTS = frozenset({"while scanning an anchor", "while scanning an alias"})


class Source(NamedTuple):
    """The text of a file, decoded, without its byte order mark; ``data`` is the same as UTF-8."""

    text: str
    data: bytes

    @classmethod
    def of(cls, source: str | bytes) -> Source:
        """The source of text or of the bytes of a file: UTF-8, or UTF-16 with a byte order mark.

        Bytes that are neither stay in ``data``, for the parser to say what is wrong with them; no part of bad UTF-16
        is text.
        """
        if isinstance(source, str):
            return cls.of_decoded(source.removeprefix("\ufeff"))
        if source.startswith((b"\xff\xfe", b"\xfe\xff")):
            return cls._of_utf_16(source)
        data = source.removeprefix(b"\xef\xbb\xbf")
        return cls(data.decode("utf-8", "surrogateescape"), data)

    @classmethod
    def of_decoded(cls, text: str) -> Source:
        """The source of a text that has lost its byte order mark already; another one is a character like others."""
        return cls(text, text.encode("utf-8", "surrogatepass"))

    @classmethod
    def _of_utf_16(cls, source: bytes) -> Source:
        try:
            text = source.decode("utf-16")
        except UnicodeDecodeError:
            return cls("", source)
        return cls(text, text.encode())


class Feed(NamedTuple):
    """What the parser is given; ``spellings`` maps what stands in it to what stands in the file."""

    text: str
    data: bytes
    release: Release
    spellings: Mapping[str, str] = MappingProxyType({})

    @classmethod
    def of(cls, source: Source, release: Release) -> Feed:
        """A source with the characters that only libyaml refuses spelled otherwise."""
        text = source.text
        if release.takes_leading_end:
            text = _without_leading_end(text)
        refused = _refused(text, release)
        if refused and not _USES_PRIVATE.search(text):
            spellings = {chr(_PRIVATE + ord(char)): char for char in refused}
            text = text.translate({ord(char): spelling for spelling, char in spellings.items()})
            return cls(text, text_bytes(text), release, spellings)
        return cls(text, source.data if text is source.text else text_bytes(text), release)

    def from_offset(self, start: int) -> bytes:
        """The data with everything before ``start`` blanked, so that marks stay true."""
        return text_bytes(_blank(self.text[:start]) + self.text[start:]) if start else self.data

    def original(self, value: str) -> str:
        """A value as the file spells it."""
        for spelling, original in self.spellings.items():
            value = value.replace(spelling, original)
        return value

    def respelled(self, problem: str, context: str, context_offset: int, offset: int | None) -> Feed | None:
        """The feed that gets past what the parser refused, if go-yaml does not refuse it."""
        if offset is None:
            return None
        if problem == "found unknown escape character" and self.text.startswith("\\'", offset):
            return self._with(offset, "\\'", "'", f"{chr(_PRIVATE + 0xFF00)}{chr(_PRIVATE + 0xFF01)}")
        if problem == "found unexpected ':'" and not self._ends_flow_text(offset):
            return self._with(offset, ":", ":", chr(_PRIVATE + ord(":")))
        if context in _ANCHOR_CONTEXTS:
            return self._with_anchor(context_offset + 1)
        if problem == "found character that cannot start any token" and self.text.startswith("\t", offset):
            return self._with_plain_margins(offset)
        return None

    def _with_plain_margins(self, tab: int) -> Feed | None:
        """Spaces for the tabs before comments that follow a comment; go-yaml reads them as one, whatever is before each."""
        line = _line_start(self.text, tab)
        comments = _COMMENTS.match(self.text, line)
        above = _COMMENT_ABOVE.search(self.text[:line])
        if not comments or not above or self._is_block_text(above.start()):
            return None
        margins = _MARGIN.sub(lambda margin: " " * len(margin[0]), comments[0])
        text = self.text[:line] + margins + self.text[comments.end() :]
        return self._replace(text=text, data=text_bytes(text))

    def _is_block_text(self, offset: int) -> bool:
        """Whether a line is part of a text that is written as a block."""
        tokens = open_parser(self.data)
        try:
            while (token := tokens.get_token()) is not None and token.start_mark.index <= offset:
                if getattr(token, "style", None) in {"|", ">"} and offset < token.end_mark.index:
                    return True
        except (yaml.MarkedYAMLError, ReaderError):
            return False
        return False

    def _ends_flow_text(self, colon: int) -> bool:
        return self.release.colon_ends_flow_text and self.text[colon + 1 : colon + 2] in _FLOW_ENDS

    def _with_anchor(self, offset: int) -> Feed | None:
        match = _ANCHOR.match(self.text, offset)
        if not match or re.fullmatch(r"[\w-]+", match[0], re.ASCII):
            return None
        known = next((spelling for spelling, original in self.spellings.items() if original == match[0]), None)
        spelling = known or f"{len(self.spellings):_>{len(match[0])}}"
        if len(spelling) != len(match[0]) or (not known and spelling in self.text):
            return None
        return self._with(offset, match[0], match[0], spelling)

    def _with(self, offset: int, old: str, original: str, spelling: str) -> Feed:
        text = self.text[:offset] + spelling + self.text[offset + len(old) :]
        return self._replace(text=text, data=text_bytes(text), spellings={**self.spellings, spelling: original})


def _refused(text: str, release: Release) -> set[str]:
    if text.isascii() and "\x7f" not in text:
        return set()  # as most files are; the pattern takes a tenth of the time of reading
    return set((_REFUSED if release.takes_del else _REFUSED_WITH_DEL).findall(text))


def _without_leading_end(text: str) -> str:
    """The text without each ``...`` before its first document; one with text beside it, which is no key there, is ``---``."""
    match: re.Match[str] = _LEADING_END.match(text)  # type: ignore[assignment]  # it matches the empty text
    head, rest = match[0], text[match.end() :]
    if "..." not in head:
        return text
    is_beside = rest and head[-1] not in BREAKS
    last = head.rfind("...") if is_beside else len(head)
    return _blank(head[:last]) + head[last:].replace("...", "---") + rest


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind(end, 0, offset) for end in BREAKS) + 1


def _blank(text: str) -> str:
    """Blank text that is as long, has as many lines and ends in the same column, so that the marks after it stay true."""
    breaks, last = _count_breaks(text), _line_start(text, len(text))
    return " " * (last - breaks) + "\n" * breaks + " " * (len(text) - last)


def _count_breaks(text: str) -> int:
    return sum(map(text.count, BREAKS)) - text.count("\r\n")


def place(text: str, offset: int) -> tuple[int, int]:
    """The 1-based line and column of an offset, lines being what YAML takes for lines."""
    before = text[:offset]
    return _count_breaks(before) + 1, offset - max(map(before.rfind, BREAKS))
