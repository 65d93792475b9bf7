"""Comments without the secrets they repeat: values commented out, user and password in URLs, private keys."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from talos_registry.comments import comments
from talos_registry.placeholders import holds_no_secret
from talos_registry.secret_places import Form

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from talos_registry.comments import Stretch
    from talos_registry.nodes import Node
    from talos_registry.secret_places import Place

__all__ = ["cleaned_comments"]

_SHORTEST, _SHORTEST_LINE = 4, 16
"""A shorter secret, or line of one, is too likely to be an ordinary word."""

_COMMENTED_OUT = re.compile(
    r"^(#[#\s]*(?:-\s+)?(?:password|auth|identityToken)\s*:\s+)(\"[^\"]+\"|'[^']+'|[^\s'\"]+)(?=\s*(?:#.*)?$)"
)
_URL = re.compile(r"(?<=://)[^\s/?#@]+(?:@[^\s/?#@]+)*(?=@)")
_BEGIN, _END = re.compile("-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----"), re.compile("-----END [A-Z0-9 ]*PRIVATE KEY-----")
_BODY = re.compile(r"^(#\s*)(\S.*)$")


def cleaned_comments(
    documents: Iterable[Node], text: str, known: Iterable[Place], replacement: str
) -> dict[Stretch, str]:
    """The new text of the comments that hold one of the ``known`` secrets, or what looks like another."""
    found = [(where, text[slice(*where)]) for where in comments(documents, text)]
    shown = _repeated(known, "\n".join(comment for _, comment in found))
    new = _cleaned((comment for _, comment in found), shown, replacement)
    return {where: after for (where, before), after in zip(found, new, strict=True) if after != before}


def _repeated(known: Iterable[Place], all_comments: str) -> re.Pattern[str] | None:
    """What finds the secrets that comments repeat, the longest first."""
    texts = {text for place in known for text in _texts(place) if text in all_comments}
    if not texts:
        return None
    return re.compile("|".join(rf"(?<!\w){re.escape(text)}(?!\w)" for text in sorted(texts, key=len, reverse=True)))


def _texts(place: Place) -> Iterator[str]:
    if place.form in {Form.TEXT, Form.KEY}:
        lines = place.text.splitlines()
        shortest = _SHORTEST_LINE if len(lines) > 1 else _SHORTEST
        yield from (line for line in lines if len(line) >= shortest and not line.startswith("-----"))


def _cleaned(texts: Iterable[str], shown: re.Pattern[str] | None, replacement: str) -> Iterator[str]:
    inside_key = False
    for text in texts:
        if inside_key and not _END.search(text):
            yield _BODY.sub(lambda found: f"{found[1]}{replacement}", text)
            continue
        inside_key = _BEGIN.search(text) is not None and _END.search(text) is None
        yield _cleaned_line(text, shown, replacement)


def _cleaned_line(text: str, shown: re.Pattern[str] | None, replacement: str) -> str:
    if shown:
        text = shown.sub(lambda _: replacement, text)
    text = _COMMENTED_OUT.sub(lambda found: found[1] + _hidden(found[2], found[2].strip("\"'"), replacement), text)
    return _URL.sub(lambda found: _hidden(found[0], found[0].rpartition(":")[2], replacement), text)


def _hidden(text: str, secret: str, replacement: str) -> str:
    return text if holds_no_secret(secret) else replacement
