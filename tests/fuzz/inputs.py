"""Inputs of every kind, in every place of which a secret can stand a canary does; the same seed and number make the same.

Texts are those of the oracle's generator and of the property tests, files in the shapes people keep, and texts made to be
awkward; then canaries are put in, and then some of them are broken.
"""

from __future__ import annotations

import base64
import re
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.comments import leaves
from talos_registry.versions import LATEST, release_of
from tests.oracle import generate
from tests.property.mutations import PIECES, SAMPLES
from tests.property.written import Writer, any_config

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CANARIES", "Input", "any_input"]

ROOT = Path(__file__).parents[1]

CANARY = "c4narY7h1ck"
ENCODED = base64.b64encode(f"user:{CANARY}".encode()).decode()
CANARIES = (CANARY, ENCODED[8:])
"""What no output may hold that is made to be shown."""

VERSIONS = ("1.14", "1.14", "1.14", "1.13", "1.13.9", "1.12", "1.12.0", "1.14.0-beta.1", "1.11", "1.7")


class Input(NamedTuple):
    """A config and what is to be done with it.

    ``other``: another config, most often the same one changed. ``patches``: what may be merged into the config.
    ``is_broken``: whether the config was changed after the canaries were put in, so that nobody can tell each of them.
    """

    seed: int
    number: int
    config: bytes
    other: str
    patches: tuple[str, ...]
    references: tuple[str, ...]
    talos_version: str
    is_broken: bool

    @property
    def text(self) -> str:
        """The config as it would be shown to a person."""
        return self.config.decode("utf-8", "backslashreplace")


def any_input(seed: int, number: int) -> Input:
    """The input of a seed with a number."""
    random = Random(f"{seed}-{number}")  # noqa: S311 - the same inputs again, not secrets
    row = next(generate.patches(random.getrandbits(32)))
    whole = _with_canaries(random, row["in"] if random.random() < 0.4 else random.choice(_SOURCES)(random))
    text = _broken(random, whole)
    data = _encoded(random, text)
    other = _changed(random, text) if random.random() < 0.7 else _with_canaries(random, random.choice(_SOURCES)(random))
    patches = tuple(_with_canaries(random, patch) for patch in row["patch"])
    if random.random() < 0.1:
        patches = (other, *patches[1:])
    references = (
        "docker.io/library/nginx:1",
        next(generate.references(random.getrandbits(32)))["in"],
        f"{random.choice(_REGISTRY_HOSTS)}/a/b@sha256:{'a' * 64}",
    )
    is_broken = data != whole.encode("utf-8", "surrogatepass")
    return Input(seed, number, data, other, patches, references, random.choice(VERSIONS), is_broken)


_REGISTRY_HOSTS = ("ghcr.io", "quay.io", "h:5000", "reg.example:5000", "localhost:5000", "a.b", "[::1]:5000")


def _broken(random: Random, text: str) -> str:
    for _ in range(random.choice((0, 0, 0, 0, 1, 1, 2, 5))):
        text = _changed(random, text)
    return text


def _encoded(random: Random, text: str) -> bytes:
    data = text.encode("utf-8", "surrogatepass")
    match random.randrange(60):
        case 0:
            return text.encode("utf-16", "replace")
        case 1:
            return text.encode(random.choice(("utf-16-le", "utf-16-be", "utf-32", "latin-1")), "replace")
        case 2:
            return b"\xef\xbb\xbf" * random.choice((1, 2)) + data
        case 3:
            at = random.randrange(len(data) + 1)
            changed = data[:at] + bytes([random.randrange(256)]) + data[at:]
            is_telling = _holding_canaries(changed.decode("utf-8", "surrogateescape")) <= _holding_canaries(text)
            return changed if is_telling else data
        case _:
            return data


# What there is to begin with


def _generated(random: Random) -> str:
    rows = generate.loads(random.getrandbits(32), SAMPLES)
    return next(str(row["in"]) for row in rows if "in" in row)


def _met(random: Random) -> str:
    return random.choice(next(generate.pairs(random.getrandbits(32))))


def _for_hosts(random: Random) -> str:
    return next(generate.registry_sets(random.getrandbits(32)))


def _written(random: Random) -> str:
    return Writer(random, has_anchors=random.random() < 0.3).stream(any_config(random))


def _kept(random: Random) -> str:
    return random.choice(_files())


@cache
def _files() -> list[str]:
    paths = sorted(path for folder in ("realworld", "rules") for path in (ROOT / folder).rglob("*.yaml"))
    return [*SAMPLES, *(path.read_text(encoding="utf-8") for path in paths)]


def _awkward(random: Random) -> str:
    size = random.choice((3, 30, 190, 199, 201, 300))
    value = random.choice(_AWKWARD)(random, size)
    place = random.choice(_PLACES)
    return place.replace("VALUE", value)


_AWKWARD: tuple[Callable[[Random, int], str], ...] = (
    lambda _, size: "[" * size + "]" * size,
    lambda _, size: "{a: " * size + "x" + "}" * size,
    lambda _, size: "[" * size,
    lambda _, size: "".join(f"\n{' ' * (at + 4)}a:" for at in range(size)),
    lambda _, size: "\n" + "    - " * (size // 3) + "a",
    lambda _, size: "x" * size * 50,
    lambda _, size: '"' + "\\u2028\\x85\\t" * size + '"',
    lambda _, size: "'" + "\u2028a\x85 " * (size // 10) + "'",
    lambda _, size: "|2-\n" + "       a\u2029\n" * (size // 10),
    lambda _, size: ">+\n" + "      a  b\n\n" * (size // 10),
    lambda _, size: "\n" + "".join(f"    - &a{at} {{url: http://a{at}, x: *a{max(at - 1, 0)}}}\n" for at in range(size // 10)),
    lambda _, size: "\n" + "    - url: http://a\n" * (size // 10),
    lambda _, size: "\n" + "".join(f"    - url: a{at}\n" for at in range(size // 5)),
    lambda _, size: "[" + ", ".join(f"'b{at}'" for at in range(size // 5)) + "]",
    lambda random, _: random.choice(generate.STRINGS + generate.URLS),
    lambda random, _: "".join(random.choice(generate.PIECES) for _ in range(8)),
    lambda random, _: "".join(chr(random.choice((*range(1, 160), 0x2028, 0xFEFF, 0xFFFE, 0xD7FF, 0x1F600))) for _ in range(9)),
)  # fmt: skip
_PLACES = (
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: a.b\nendpoints: VALUE\n",
    "apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: VALUE\nendpoints:\n- url: http://a\n",
    "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\nusername: VALUE\npassword: p\n",
    "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\npassword: VALUE\n",
    "apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: a\nca: VALUE\nclientIdentity:\n    cert: VALUE\n    key: VALUE\n",
    "kind: VALUE\nname: a\n",
    "machine:\n  registries:\n    mirrors: VALUE\n",
    "machine:\n  registries:\n    mirrors:\n      a.b:\n        endpoints: VALUE\n    config:\n      a.b:\n        auth: {password: VALUE}\n",
    "machine:\n  token: VALUE\n  registries: {mirrors: {a: {endpoints: [http://a]}}}\ncluster:\n  secret: VALUE\n",
    "machine:\n  files:\n  - content: VALUE\n    path: /a\n",
    "VALUE",
    "VALUE: VALUE\n---\n# VALUE\n",
    "[VALUE]",
    "%YAML 1.1\n---\nVALUE\n...\n",
)

_SOURCES: tuple[Callable[[Random], str], ...] = (
    _generated, _generated, _met, _met, _met, _for_hosts, _written, _written, _written, _kept, _kept, _awkward,
)  # fmt: skip

# Canaries

_KEY = f"-----BEGIN PRIVATE KEY-----\n{CANARY}\n-----END PRIVATE KEY-----\n"
_SECRET_LINE = re.compile(
    r"(?m)^(?P<head>[ \t]*(?:- )?(?:password|auth|identityToken|key|token|secret):[ \t]+)(?P<value>(?![&*{\[|>!]|\Z)[^\s#\"',}][^\n#,}]*)$"
)
_SECRET_BLOCK = re.compile(r"(?P<head>\b(?:password|auth|identityToken|key): [|>][-+]?\n[ \t]+)\w+$", re.MULTILINE)
_FLOW_SECRET = re.compile(r"(?P<head>[{,] ?(?:password|auth|identityToken|token): )(?P<value>\w+)(?=[,}])")
_SPELLINGS = (
    *(
        CANARY,
        f"'{CANARY}'",
        f'"{CANARY}"',
        f"!!str {CANARY}",
        f"&s {CANARY}",
        f"{CANARY}$x",
        ENCODED,
        f"'user:{CANARY}'",
    ),
    *(
        f"#{CANARY}",
        f"  # {CANARY}",
        f"{CANARY}  # {CANARY}",
        f"{CANARY} #{CANARY} ",
        f"{CANARY}  # {CANARY} {CANARY} ##",
        f'"a\\t{CANARY}"',
        f'"{CANARY}\\u2028"',
        f"${{X}}{CANARY}",
    ),
)
_BEGIN_OF_MEMBER = re.compile(
    r"^(?:apiVersion|kind|name|endpoints|machine|version|username|password|ca):", re.MULTILINE
)
_COMMENTS = (f"# password: {CANARY}", f"#  identityToken: {CANARY}", f"# auth: '{ENCODED}'", f"#key: {CANARY}")


def _with_canaries(random: Random, text: str) -> str:
    """The text with secrets where it has passwords and keys, in the URLs, in names and in comments."""
    text = _SECRET_LINE.sub(lambda match: match["head"] + _secret(random, match["head"]), text)
    text = _FLOW_SECRET.sub(lambda match: match["head"] + random.choice(_SPELLINGS[:4]), text)
    text = _SECRET_BLOCK.sub(lambda match: f"{match['head']}{CANARY}", text)
    if random.random() < 0.4:
        text = re.sub(r"(?<!kind: )(https?://)(?=[\w\[])", lambda match: match[1] + _userinfo(random), text)
    if random.random() < 0.2:
        text = re.sub(
            r"(?m)^(kind: Registry\w+\nname: )([\w.:-]+)$", rf"\1{random.choice(('', 'http://'))}user:{CANARY}@\2", text
        )
    if random.random() < 0.3:
        begins = [match.start() for match in _BEGIN_OF_MEMBER.finditer(text)]
        at = random.choice(begins) if begins else 0
        text = f"{text[:at]}{random.choice(_COMMENTS)}\n{text[at:]}"
    return text


def _secret(random: Random, head: str) -> str:
    if random.random() < 0.2:
        margin = " " * (len(head) - len(head.lstrip(" -")) + 2)
        block = "".join(f"{margin}{line}\n" for line in random.choice((_KEY, f"{CANARY}\n")).splitlines())
        return f"{random.choice(('|', '|-', '>'))}\n{block}".rstrip("\n")
    return random.choice(_SPELLINGS)


def _userinfo(random: Random) -> str:
    return random.choice(("", f"user:{CANARY}@", f"{CANARY}@", f"user:{CANARY}@", f"us%20er:{CANARY}@"))


# Changes, which leave the lines with canaries as they are, and those above, which say what they mean


def _changed(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    is_small = random.random() < 0.9
    changed = "".join(_around(random, lines, at)) if is_small else text.replace("\n", random.choice(_BREAKS))
    return changed if _holding_canaries(changed) <= _holding_canaries(text) else text


def _holding_canaries(text: str) -> set[str]:
    """The values with canaries, without layout: what a change makes one of, such as a block of text, is no secret."""
    if not _has_canary(text):
        return set()
    trees = (item for item in documents(text, release_of(LATEST)) if isinstance(item, Tree))
    values = (leaf.value for tree in trees for leaf in leaves(tree.root))
    return {"".join(value.split()) for value in values if _has_canary(value)}


_BREAKS = ("\r\n", "\r", "\x85", "\u2028")


def _around(random: Random, lines: list[str], at: int) -> Iterator[str]:
    line = lines[at]
    yield from lines[:at]
    if any(map(_has_canary, lines[at : at + 3])):
        yield line
    else:
        yield from random.choice(_CHANGES)(random, line, [other for other in lines if not _has_canary(other)])
    yield from lines[at + 1 :]


def _has_canary(line: str) -> bool:
    return any(canary in line for canary in CANARIES)


def _put_in(random: Random, line: str, _: list[str]) -> Iterator[str]:
    at = random.randrange(len(line) + 1)
    yield line[:at] + random.choice(PIECES + generate.PIECES) + line[at:]


def _take_out(random: Random, line: str, _: list[str]) -> Iterator[str]:
    at = random.randrange(len(line) + 1)
    yield line[:at] + line[at + random.choice((1, 1, 3, 9)) :]


def _take_another(random: Random, line: str, lines: list[str]) -> Iterator[str]:
    yield from (line, random.choice(lines))


def _take_away(_random: Random, _line: str, _: list[str]) -> Iterator[str]:
    yield from ()


def _take_value(random: Random, line: str, _: list[str]) -> Iterator[str]:
    key, colon, _value = line.partition(":")
    yield f"{key}: {random.choice(generate.STRINGS + generate.URLS)}\n" if colon else line


def _move(random: Random, line: str, _: list[str]) -> Iterator[str]:
    yield random.choice((" ", "  ", "\t", "- ")) + line if random.random() < 0.6 else line.lstrip(" ")


_CHANGES: tuple[Callable[[Random, str, list[str]], Iterator[str]], ...] = (
    _put_in, _put_in, _take_out, _take_another, _take_away, _take_value, _take_value, _move,
)  # fmt: skip
