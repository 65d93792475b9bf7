"""Comments without the secrets they repeat: values commented out, user and password in URLs, private keys."""

from __future__ import annotations

import re
from bisect import bisect_right
from itertools import islice
from posixpath import commonprefix
from typing import TYPE_CHECKING

from talos_registry.goyaml.comments import Stretch, comments
from talos_registry.goyaml.nodes import Alias
from talos_registry.goyaml.text import BREAKS
from talos_registry.masking import SECRET_KEYS, USERINFO_IN_TEXT, private_keys
from talos_registry.placeholders import holds_no_secret
from talos_registry.redaction.places import Form, all_places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.goyaml.nodes import Node, Scalar
    from talos_registry.loading import MachineConfig
    from talos_registry.redaction.places import SecretPlace

__all__ = ["IS_COMMENT", "cleaned_comments", "comments_for_values", "comments_instead_of_values"]

_SHORTEST, _SHORTEST_LINE = 4, 16
"""A shorter secret, or line of one, is too likely to be an ordinary word."""
_LONGEST = 200
"""As much of a secret as is looked for; what follows it without a space is the rest."""
_STARTS, _WORD_ENDS, _REST = re.compile(r"(?<!\w)(?=\S)"), re.compile(r"(?!\w)"), re.compile(r"\S*")

_KEYS = "|".join(sorted(SECRET_KEYS))
_BEFORE_VALUE = r"\s*:\s+(?:[!&]\S*\s+)*(?![!&])"
_COMMENTED_OUT = re.compile(
    rf"^(#[#\s]*(?:-\s+)?(?:{_KEYS}){_BEFORE_VALUE})(\"[^\"]+\"|'[^']+'|[^\s'\"]+)(?=\s*(?:#.*)?$)"
)
_IN_BRACES = re.compile(
    rf"([{{,]\s*(?:{_KEYS}){_BEFORE_VALUE})(\"[^\"]+\"|'[^']+'|(?:\$\{{\w+\}}|[^\s'\",{{}}])+)(?=\s*[,}}])"
)
_BEGIN, _END = re.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----"), re.compile("-----END [A-Z0-9 ]*PRIVATE KEY-----")
_BESIDE = re.compile(rf"(?:[ \t]*,)?[ \t]+(?P<comment>#(?P<words>[^{BREAKS}]*[^\s#])[^{BREAKS}]*)")
_BODY = re.compile(r"^(#\s*)(\S.*)$")


def cleaned_comments(
    documents: Iterable[Node], text: str, known: Iterable[SecretPlace], replacement: str
) -> dict[Stretch, str]:
    """The new text of the comments that hold one of the ``known`` secrets, or what looks like another."""
    documents = [*documents]
    shown = _repeated(known, (text[slice(*where)] for where in comments(documents, text)))
    new = _cleaned((text[slice(*where)] for where in comments(documents, text)), shown, replacement)
    cleaned = zip(comments(documents, text), new, strict=True)
    return {where: after for where, after in cleaned if after != text[slice(*where)]}


def comments_for_values(
    every: Iterable[SecretPlace], text: str, replacement: str
) -> Iterator[tuple[Stretch, SecretPlace]]:
    """The comments that are, by their look, a value or the end of one, and the places that they are beside.

    They are those beside a missing value, and ``#tail`` beside an empty or a plain one: to YAML a ``#`` after a space begins a
    comment. One that says which placeholder to put there is none.
    """
    for place in every:
        node = place.node
        if place.form not in {Form.TEXT, Form.KEY} or isinstance(node, Alias) or (place.text and node.style):
            continue
        beside = _BESIDE.match(text, _end(node, text))
        if beside is None or holds_no_secret(beside["words"].strip()):
            continue
        is_missing = not place.text and not node.style
        has_value = place.text and (place.text == replacement or holds_no_secret(place.text))
        if is_missing or not (beside["words"][0].isspace() or has_value):
            yield Stretch(*beside.span("comment")), place


IS_COMMENT = (
    "The value is missing, and the comment in its place looks like a secret: text that begins with # needs quotes."
)
_GLUED = re.compile(r"[ \t]#[^\s#]")


def comments_instead_of_values(config: MachineConfig, replacement: str) -> Iterator[tuple[Stretch, SecretPlace]]:
    """The comments that begin like a word and stand where a value is missing, with the places of the values."""
    text = config.text
    if _GLUED.search(text):
        every = all_places(config, config.roots.items())
        for where, place in comments_for_values(every, text, replacement):
            written = text[slice(*where)][1:].rstrip()
            if not place.text and not written[:1].isspace() and written != replacement:
                yield where, place


def _end(node: Scalar, text: str) -> int:
    """Where a value ends; a missing one in braces has its mark at what follows, lines below its key and comment perhaps."""
    end = node.end_mark.index
    if node.start_mark.index < end:
        return end
    begin, last = _begin_of_line(text, end), end
    while begin and _NO_MORE.fullmatch(text, begin, last):
        begin, last = _begin_of_line(text, begin - 1), begin
    colon = _BEFORE_COMMENT.search(text, begin, last)
    return colon.end() if colon else end


def _begin_of_line(text: str, at: int) -> int:
    """Where the line begins in which an offset is."""
    begin = text.rfind("\n", 0, at) + 1  # by which most lines end, so that no search goes through the whole text
    return max(begin, *(text.rfind(mark, begin, at) + 1 for mark in BREAKS))


_NO_MORE = re.compile(r"\s*(?:#.*)?\s*")
_BEFORE_COMMENT = re.compile(r":(?=[ \t]+#)")


_AT_ONCE = 10_000
"""As many comments are searched together."""


def _repeated(known: Iterable[SecretPlace], every: Iterator[str]) -> list[str]:
    """How the secrets that comments repeat begin, sorted."""
    texts = {text for place in known for text in _texts(place)}
    found: set[str] = set()
    while texts and (comments := "\n".join(islice(every, _AT_ONCE))):
        found |= {text for text in texts if text in comments}
    return sorted({text[:_LONGEST] for text in found})


def _texts(place: SecretPlace) -> Iterator[str]:
    if place.form not in {Form.USERINFO, Form.URLS, Form.QUERY}:
        lines = _secret_lines(place)
        shortest = _SHORTEST_LINE if len(lines) > 1 else _SHORTEST
        yield from (line for line in lines if len(line) >= shortest and not line.startswith("-----"))


def _secret_lines(place: SecretPlace) -> list[str]:
    if place.form is not Form.CERTIFICATES:
        return place.text.splitlines()
    return [line for span in private_keys(place.text) for line in place.text[slice(*span)].splitlines()]


def _cleaned(texts: Iterable[str], shown: list[str], replacement: str) -> Iterator[str]:
    inside_key = False
    for text in texts:
        if inside_key and not _END.search(text):
            yield _BODY.sub(lambda match: f"{match[1]}{replacement}", text)
            continue
        inside_key = _BEGIN.search(text) is not None and _END.search(text) is None
        yield _cleaned_line(_without(text, shown, replacement) if shown else text, replacement)


def _cleaned_line(text: str, replacement: str) -> str:
    if ":" not in text:
        return text
    for values in (_COMMENTED_OUT, _IN_BRACES):
        text = values.sub(lambda match: match[1] + _hidden(match[2], match[2].strip("\"'"), replacement), text)
    return USERINFO_IN_TEXT.sub(lambda match: _hidden(match[0], match[0].rpartition(":")[2], replacement), text)


def _hidden(text: str, secret: str, replacement: str) -> str:
    return text if holds_no_secret(secret) else replacement


def _without(text: str, shown: list[str], replacement: str) -> str:
    """The text with every whole word, or words, that is shown replaced."""
    parts, done = [], 0
    for start in _STARTS.finditer(text):
        end = _end_of_known(text, start.end(), shown) if start.end() >= done else None
        if end is not None:
            parts += [text[done : start.end()], replacement]
            done = end
    return "".join([*parts, text[done:]])


def _end_of_known(text: str, begin: int, shown: list[str]) -> int | None:
    """Where the longest of the sorted texts that stands at ``begin`` ends, if one does."""
    sought = text[begin : begin + _LONGEST]
    while sought:
        place = bisect_right(shown, sought) - 1
        candidate = shown[place] if place >= 0 else ""
        if not sought.startswith(candidate):
            sought = commonprefix([sought, candidate])
            continue
        end = begin + len(candidate)
        if len(candidate) == _LONGEST:
            return _REST.match(text, end).end()  # type: ignore[union-attr]  # it matches the empty text
        if candidate and _WORD_ENDS.match(text, end):
            return end
        sought = candidate[:-1]
    return None
