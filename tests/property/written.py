"""Data written as YAML in the ways people write it, with numbered comments in every place."""

from __future__ import annotations

import json
import re
from collections import Counter
from typing import TYPE_CHECKING, Any

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from random import Random

__all__ = ["Writer", "any_config", "any_data", "comment_texts", "plain", "plain_documents"]

_PLAIN = re.compile(r"[a-zA-Z][a-zA-Z0-9./_-]*(?::[0-9][0-9./a-z]*|://[a-zA-Z0-9./:-]*)?")
_KEYWORDS = {"true", "false", "yes", "no", "on", "off", "y", "n", "null"}
_COMMENT = re.compile(r"# c[0-9]+")
_NO_TEXT = 1000


def comment_texts(text: str) -> Counter[str]:
    """The comments of a text, which no value of it looks like."""
    return Counter(_COMMENT.findall(text))


def plain_documents(text: str) -> list[Any]:
    """The documents of a text as ruamel.yaml reads them; of tabs it takes none before a comment, where all are here."""
    return [plain(document) for document in YAML().load_all(text.replace("\t", " "))]


def plain(data: Any) -> Any:
    """Data in which order and type count."""
    if isinstance(data, dict):
        return {"map": [(str(key), plain(value)) for key, value in data.items()]}
    if isinstance(data, list):
        return [plain(item) for item in data]
    return str(data) if isinstance(data, str) else (type(data).__name__, data)


class Writer:
    """Writes data in one layout: of 2, 4 or 8 columns, in blocks and braces, with or without a last line break.

    ``has_anchors``: some values get an anchor, and some become aliases of what has one.
    """

    def __init__(self, random: Random, *, has_anchors: bool = False) -> None:
        self._random = random
        self._step = random.choice([2, 4, 8])
        self._dash = random.choice([0, self._step])
        self._line_break = random.choice(["\n", "\n", "\r\n"])
        self._is_finished = random.random() < 0.7
        self._has_comments = random.random() < 0.8
        self._has_anchors = has_anchors
        self._comments = 0
        self._anchors = 0
        self._targets: list[str] = []
        self._text_column = _NO_TEXT

    def stream(self, documents: list[Any]) -> str:
        """The documents as one text."""
        lines: list[str] = []
        for at, document in enumerate(documents):
            self._targets = []  # ruamel.yaml forgets anchors at the end of a document, go-yaml does not
            if at or self._is(0.2):
                lines.append(f"---{self._beside()}")
            lines += self._block(document, 0) if self._is(0.9) else self._flow(document, 0)
        return self._line_break.join(lines) + (self._line_break if self._is_finished else "")

    def _is(self, chance: float) -> bool:
        return self._random.random() < chance

    # Comments

    def _comment(self) -> str:
        self._comments += 1
        return f"# c{self._comments}"

    def _may_comment(self, chance: float) -> bool:
        return self._has_comments and self._is(chance)

    def _beside(self) -> str:
        return self._random.choice([" ", "   ", "\t"]) + self._comment() if self._may_comment(0.25) else ""

    def _beside_indicator(self) -> str:
        """A comment beside a dash or colon; YAML has no tab after a dash."""
        return self._beside().replace("\t", " ")

    def _above(self, column: int) -> list[str]:
        pad = " " * column
        blank = self._random.choice(["", "", " "])
        lines = [blank, f"{pad}{self._comment()}", ""] if self._may_comment(0.1) else []
        return lines + [f"{pad}{self._comment()}" for _ in range(2) if self._may_comment(0.2)]

    def _below(self, column: int) -> list[str]:
        """A comment below a value, unless it would be part of the text that this ends with."""
        is_in_text, self._text_column = column >= self._text_column, _NO_TEXT
        return [f"{' ' * column}{self._comment()}"] if not is_in_text and self._may_comment(0.15) else []

    # Blocks

    def _block(self, data: dict[str, Any] | list[Any], column: int) -> list[str]:
        pad = " " * column
        lines = []
        for key, value in data.items() if isinstance(data, dict) else ((None, item) for item in data):
            head = f"{pad}-" if key is None else f"{pad}{self._key(key)}:"
            lines += self._above(column) + self._entry(head, value, column, is_item=key is None)
            lines += self._below(column + self._step)
        return lines + self._below(column)

    def _entry(self, head: str, value: Any, column: int, *, is_item: bool) -> list[str]:
        anchor = self._anchor()
        lines = self._with_value(f"{head}{anchor}", value, column, is_item=is_item, has_anchor=bool(anchor))
        if anchor:
            self._targets.append(anchor.strip(" &"))
        return lines

    def _with_value(self, head: str, value: Any, column: int, *, is_item: bool, has_anchor: bool) -> list[str]:
        if self._targets and not has_anchor and self._is(0.1):
            return [f"{head} *{self._random.choice(self._targets)}{self._beside()}"]
        if not isinstance(value, dict | list):
            return self._scalar(head, value, column)
        if not value or self._is(0.2):
            return self._beside_last(
                [f"{head} {line.lstrip()}" if not at else line for at, line in enumerate(self._flow(value, column + 1))]
            )
        if is_item and not has_anchor and self._is(0.8):
            return self._compact(value, column)
        inner = column + (self._dash if isinstance(value, list) and not is_item else self._step)
        return [f"{head}{self._beside_indicator()}", *self._block(value, inner)]

    def _compact(self, value: dict[str, Any] | list[Any], column: int) -> list[str]:
        """A collection that begins beside the dash of its item; what is above its first member comes above the dash."""
        lines = self._block(value, column + 2)
        first = next(at for at, line in enumerate(lines) if line.strip() and not line.lstrip().startswith("#"))
        above = [line[2:] for line in lines[:first]]
        return [*above, f"{' ' * column}- {lines[first][column + 2 :]}", *lines[first + 1 :]]

    def _anchor(self) -> str:
        if not self._has_anchors or not self._is(0.1):
            return ""
        self._anchors += 1
        return f" &a{self._anchors}"

    # Scalars

    def _key(self, key: str) -> str:
        return key if _PLAIN.fullmatch(key) and self._is(0.9) else json.dumps(key)

    def _scalar(self, head: str, value: Any, column: int) -> list[str]:
        if (
            isinstance(value, str)
            and value.strip() == value.removesuffix("\n")
            and value.isprintable() is ("\n" not in value)
        ):
            if "\n" in value or (value and self._is(0.1)):
                return self._lines_of_text(head, value, column)
            if " " in value and _PLAIN.fullmatch(value.replace(" ", "")) and self._is(0.5):
                first, _, rest = value.partition(" ")
                return [f"{head} {first}", f"{' ' * (column + self._step)}{rest}{self._beside()}"]
        text = self._word(value)
        return [f"{head} {text}{self._beside()}" if text else f"{head}{self._beside_indicator()}"]

    def _lines_of_text(self, head: str, value: str, column: int) -> list[str]:
        """A text as a block; folded if it has one line, because others would mean something else."""
        style = "|" if "\n" in value.removesuffix("\n") else self._random.choice("|>")
        chomping = self._random.choice(["", "+"]) if value.endswith("\n") else "-"
        self._text_column = column + self._step
        pad = " " * self._text_column
        lines = value.removesuffix("\n").split("\n")
        return [f"{head} {style}{chomping}{self._beside()}", *(f"{pad}{line}" for line in lines)]

    def _word(self, value: Any, *, in_braces: bool = False) -> str:
        if value is None:
            return self._random.choice(["null", "~"] if in_braces else ["", "null", "~"])
        if not isinstance(value, str):
            return json.dumps(value)
        if _PLAIN.fullmatch(value) and value not in _KEYWORDS and self._is(0.7):
            return value
        is_simple = value.isprintable() and "'" not in value
        return f"'{value}'" if is_simple and self._is(0.5) else json.dumps(value)

    # Braces

    def _flow(self, value: Any, column: int) -> list[str]:
        """A value in braces, on one line or on lines that are indented further than ``column``."""
        if not isinstance(value, dict | list):
            return [" " * column + self._word(value, in_braces=True)]
        opening, closing = "{}" if isinstance(value, dict) else "[]"
        members = (
            [self._member(key, item, column) for key, item in value.items()]
            if isinstance(value, dict)
            else [self._flow(item, column + 2) for item in value]
        )
        if all(len(member) == 1 for member in members) and (not members or self._is(0.7)):
            space = self._random.choice(["", " "]) if members else ""
            inner = ", ".join(member[0].strip() for member in members)
            return [f"{' ' * column}{opening}{space}{inner}{space}{closing}"]
        lines = [f"{' ' * column}{opening}{self._beside()}"]
        for at, member in enumerate(members):
            is_last = at == len(members) - 1
            comma = "" if is_last and self._is(0.6) else ","
            lines += [*self._above(column + 2), *member[:-1], f"{member[-1]}{comma}{self._beside()}"]
        return [*lines, *self._below(column + 2), f"{' ' * column}{closing}"]

    def _member(self, key: str, value: Any, column: int) -> list[str]:
        first, *others = self._flow(value, column + 2)
        return [f"{' ' * (column + 2)}{self._key(key)}: {first.lstrip()}", *others]

    def _beside_last(self, lines: list[str]) -> list[str]:
        return [*lines[:-1], f"{lines[-1]}{self._beside()}"]


_WORDS = [
    "a",
    "worker",
    "x y",
    "http://a:5000/v2",
    "it's",
    "true",
    "",
    "l1\nl2\n",
    "l1\nl2",
    "#no comment",
    1,
    True,
    None,
    {},
    [],
]


def any_data(random: Random, depth: int = 3) -> dict[str, Any]:
    """A mapping of anything."""
    return {f"k{at}": _any_value(random, depth - 1) for at in range(random.randint(1, 4))}


def _any_value(random: Random, depth: int) -> Any:
    if depth < 0 or random.random() < 0.5:
        return random.choice(_WORDS)
    if random.random() < 0.5:
        return any_data(random, depth)
    return [_any_value(random, depth - 1) for _ in range(random.randint(1, 3))]


_HOSTS = ["docker.io", "ghcr.io", "registry.k8s.io", "*", "harbor.example:5000"]
_URLS = ["http://10.5.0.1:5000", "https://harbor.example", "https://harbor.example/v2/hub", "https://mirror.example/"]


def any_config(random: Random) -> list[Any]:
    """The documents of a config: a v1alpha1 one with a legacy section, typed ones, and one of another kind."""
    hosts = random.sample(_HOSTS, 4)
    documents = [
        _v1alpha1(random, hosts[:2]),
        {"apiVersion": "v1alpha1", "kind": "HostnameConfig", "hostname": "node", "auto": "off"},
        *(_mirror(random, host) for host in hosts[2 : random.randint(2, 4)]),
        *(_auth(host) for host in hosts[2 : random.randint(2, 4)]),
    ]
    random.shuffle(documents)
    return documents[: random.randint(2, len(documents))]


def _v1alpha1(random: Random, hosts: list[str]) -> dict[str, Any]:
    mirrors = {host: {"endpoints": _urls(random), **_some(random, overridePath=True)} for host in hosts}
    tls = {
        "harbor.example": {
            "tls": {"insecureSkipVerify": True},
            **_some(random, auth={"username": "u", "password": "secret"}),
        }
    }
    machine = {
        "type": "worker",
        "install": {"disk": "/dev/sda", "extraKernelArgs": ["a b", "c"]},
        "registries": {"mirrors": mirrors, **_some(random, config=tls)},
        "features": {"rbac": True, **_some(random, imageCache={"localEnabled": True})},
    }
    names = random.sample(sorted(machine), random.randint(2, 4))
    return {
        "version": "v1alpha1",
        "machine": {name: machine[name] for name in names},
        **_some(random, cluster={"clusterName": "a b"}),
    }


def _mirror(random: Random, host: str) -> dict[str, Any]:
    endpoints = [{"url": url, **_some(random, overridePath=True)} for url in _urls(random)]
    return {
        "apiVersion": "v1alpha1",
        "kind": "RegistryMirrorConfig",
        "name": host,
        "endpoints": endpoints,
        **_some(random, skipFallback=True),
    }


def _auth(host: str) -> dict[str, Any]:
    return {
        "apiVersion": "v1alpha1",
        "kind": "RegistryAuthConfig",
        "name": host.replace("*", "quay.io"),
        "username": "u",
        "password": "secret",
    }


def _urls(random: Random) -> list[str]:
    return [random.choice(_URLS) for _ in range(random.randint(1, 3))]


def _some(random: Random, **members: Any) -> dict[str, Any]:
    return members if random.random() < 0.5 else {}
