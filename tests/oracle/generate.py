"""Inputs for the oracles: composed, taken from recorded vectors, and mutated; the same seed makes the same inputs."""

from __future__ import annotations

import base64
import json
from itertools import count, islice
from random import Random
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

__all__ = [
    "MUTATIONS",
    "STRINGS",
    "loads",
    "merges",
    "pairs",
    "patches",
    "references",
    "registry_sets",
    "seeded",
    "taken",
]

Row = dict[str, Any]

STRINGS = (
    "a", "docker.io", "h:5000", "u", "p w", '"quoted"', "'single'", "0123", "0o17", "0x1F", "1_000", "1e3", "12.50", "+1", "-0",
    ".inf", ".nan", "true", "True", "yes", "y", "on", "n", "Off", "null", "~", "", "nUll", "190:20:30", "1:2", "12:60", "=",
    "<<", "2001-01-01", "2001-1-1", "2001-12-14t21:59:43.10-05:00", "2001-12-14 21:59:43", "2001-13-01", "!!str null",
    "!!str", "!", "! 12", "! null", "! yes", "!foo bar", "!foo yes", "!!int 12", "!!int '12'", "!!int abc", "!!float 1",
    "!!bool true", "!!bool yes", "!!bool 'true'", "!!null ''", "!!null x", "!!binary aGVsbG8=", "!!binary eQ==", "!!binary '!!!'",
    "!!binary /w==", "!!timestamp 2001-01-01", "!!timestamp '2001-01-01'", "!!timestamp x", "!!seq x", "!!set x",
    "!!merge x", "!!merge yes", "[a, b]", "{a: b}", "[]", "{}", "&x a", "*x", "*nope", "|\n  x", "|-\n  x\n  y", "|+\n  x\n\n",
    ">\n  a\n  b\n", "|2\n   x", '"\\x0Aa"', '"\\n\\n"', '"a\\tb"', '" a"', '"a "', '"a\\nb\\n"', '" a\\nb"', '"a \\nb"',
    '"\\ta\\nb"', '"\\0"', '"\\ud83d"', '"\\/"', '"\\\'"', '"\\U0001F600"', '"\\u2028"', '"a\\u2028b"', '"\\x85"',
    '"\\uFEFF"', "\u00e9", "\U0001f600", "a #c", "a#b", "#c", "a: b", "a:", "- a", "-", "? a", "%a", "@a", "`a", "&", "*",
    "a\tb", "kind", "apiVersion", "machine", "cluster", "debug", "persist", "name", "v1alpha1", "RegistryAuthConfig",
    "18446744073709551616", "1e400", "${VAR}", "{{ x }}", "a\u2028b", "a\x7fb", "''", '""', '"~"', "'yes'", "'true'", '"2001-01-01"',
)  # fmt: skip
FLAGS = (
    "true",
    "false",
    "yes",
    "no",
    "on",
    "'yes'",
    "'true'",
    "null",
    "",
    "1",
    "0",
    "~",
    "TRUE",
    "!foo yes",
    "n",
    *STRINGS[:60],
)
URLS = (
    "http://a", "https://a", "http://10.5.0.1:5000", "http://a/v2/", "https://h:5000/v2/proxy-docker.io", "HTTP://A/b", "ftp://a",
    "a", "a:5000", "http:", "http://", "http:a", "http:/a", "//a/b", "http://::1", "http://[::1]:5000", "http://[::1", "http://a:80:80",
    "http://a:", "http://a:x", "http://a b", '"http://a b"', "http://u:p@a/", "http://u@b@h/", "http://a#", "http://a#f", "http://a?",
    "http://a?x=y z", "http://a/%zz", "http://a/%41%2f", "http://a/[b]", '"http://a/b|c"', "http://\u00e4.example", "http://a%20b/",
    "http://[fe80::1%25en0]/", "'*'", '"http://a\\x7f"', "http://a:99999", '""', "null", "http://a//b/../c",
)  # fmt: skip
KEYS = (
    "name", "endpoints", "skipFallback", "username", "password", "auth", "identityToken", "ca", "clientIdentity", "insecureSkipVerify",
    "local", "apiVersion", "kind", "url", "overridePath", "cert", "crt", "key", "enabled", "x", "'y'", "yes", "1", "~", "<<", '"name"',
    "? name", "machine", "$patch", "2001-01-01", "!!binary bmFtZQ==", "[a]", "a10", "a9", "Z", "\u00e9",
)  # fmt: skip
SEPARATORS = (
    "---\n",
    "---\n",
    "---\n",
    "--- \n",
    "--- # c\n",
    "...\n---\n",
    "---\n---\n",
    "---\n# c\n---\n",
    "...\n",
    "\n",
    "---\nnull\n---\n",
)
PIECES = ("-", ":", " ", "\t", "\n", "#", "'", '"', "|", ">", "&", "*", "!", "%", "@", "`", "{", "}", "[", "]", ",", "?", "~", "\\", "\r\n", "\r", "\x85", "\u2028", "\ufeff", "\x01", "\x7f", "\u00e9", "0", "a", "---\n", "...\n", "<<: *x\n", "&x ", "*x", "!!str ", "! ", ": ", "- ", "  ")  # fmt: skip


def seeded(seed: int) -> Random:
    """Numbers that are the same again for the same seed."""
    return Random(seed)  # noqa: S311 - not for secrets


# Documents


def loads(seed: int, corpus: Sequence[str]) -> Iterator[Row]:
    """Endless ``load`` requests; ``corpus`` holds the texts that are mutated beside the composed ones."""
    random = seeded(seed)
    for number in count():
        text = _stream(random) if random.random() < 0.6 else random.choice(corpus)
        for _ in range(random.choice((0, 0, 1, 1, 2, 4))):
            text = random.choice(MUTATIONS)(random, text)
        yield {"id": f"generated-{seed}-{number}", "op": "load", **_encoded(random, text)}


def _encoded(random: Random, text: str) -> Row:
    chance = random.random()
    if chance < 0.005:
        return {"b64": base64.b64encode(text.encode("utf-16", "replace")).decode()}
    if chance < 0.01:
        data = bytearray(text.encode("utf-8", "replace") or b"\n")
        data[random.randrange(len(data))] = random.randrange(256)
        return {"b64": base64.b64encode(bytes(data)).decode()}
    return {"in": text}


def _stream(random: Random) -> str:
    documents = [random.choice(_DOCUMENTS)(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
    return "".join(text if at == 0 else random.choice(SEPARATORS) + text for at, text in enumerate(documents))


def _document(random: Random, kind: str, members: list[str]) -> str:
    """A document with most of its members; now and then one too many, and in any order."""
    lines = [f"kind: {kind}\n"]
    if random.random() < 0.97:
        lines.insert(0, "apiVersion: v1alpha1\n")
    if kind != "ImageCacheConfig" and random.random() < 0.97:
        lines.append(f"name: {_rarely(random, 'docker.io', STRINGS)}\n")
    lines += [member for member in members if random.random() < 0.6]
    if random.random() < 0.08:
        lines.append(f"{random.choice(KEYS)}: {random.choice(STRINGS)}\n")
    if random.random() < 0.1:
        random.shuffle(lines)
    return "".join(lines)


def _rarely(random: Random, usual: str, pool: Sequence[str]) -> str:
    return random.choice(pool) if random.random() < 0.4 else usual


def _mirror(random: Random) -> str:
    endpoints = "".join(_endpoint(random) for _ in range(random.randrange(4)))
    listed = f"endpoints:\n{endpoints}" if endpoints else f"endpoints: {random.choice(('', '[]', 'null', *STRINGS))}\n"
    return _document(random, "RegistryMirrorConfig", [listed, f"skipFallback: {random.choice(FLAGS)}\n"])


def _endpoint(random: Random) -> str:
    if random.random() < 0.03:
        return f"  - &e {{url: http://a, {random.choice(('foo: 1', 'overridePath: true'))}}}\n  - *e\n"
    if random.random() < 0.06:
        return f"  - {random.choice(STRINGS)}\n"
    flag = f"    overridePath: {random.choice(FLAGS)}\n" if random.random() < 0.3 else ""
    extra = f"    {random.choice(KEYS)}: {random.choice(STRINGS)}\n" if random.random() < 0.03 else ""
    return f"  - url: {_rarely(random, 'http://a:5000', URLS)}\n{flag}{extra}"


def _auth(random: Random) -> str:
    names = ("username", "password", "auth", "identityToken")
    return _document(random, "RegistryAuthConfig", [f"{name}: {random.choice(STRINGS)}\n" for name in names])


def _tls(random: Random) -> str:
    identity = "clientIdentity:\n" + "".join(
        f"  {name}: {random.choice(STRINGS)}\n" for name in ("cert", "key") if random.random() < 0.8
    )
    members = [identity, f"ca: {random.choice(STRINGS)}\n", f"insecureSkipVerify: {random.choice(FLAGS)}\n"]
    return _document(random, "RegistryTLSConfig", members)


def _image_cache(random: Random) -> str:
    local = (
        f"local:\n  enabled: {random.choice(FLAGS)}\n"
        if random.random() < 0.8
        else f"local: {random.choice(STRINGS)}\n"
    )
    return _document(random, "ImageCacheConfig", [local])


def _legacy(random: Random) -> str:
    mirror = (
        f"      {_rarely(random, 'docker.io', STRINGS)}:\n        endpoints: [{_rarely(random, 'http://a', URLS)}]\n"
    )
    mirror += f"        overridePath: {random.choice(FLAGS)}\n" if random.random() < 0.3 else ""
    config = f"      h:5000:\n        auth:\n          username: {random.choice(STRINGS)}\n"
    config += f"        tls:\n          ca: {random.choice(STRINGS)}\n" if random.random() < 0.3 else ""
    parts = [
        f"    mirrors:\n{mirror}" if random.random() < 0.7 else "",
        f"    config:\n{config}" if random.random() < 0.5 else "",
    ]
    cache = (
        f"  features:\n    imageCache:\n      localEnabled: {random.choice(FLAGS)}\n" if random.random() < 0.2 else ""
    )
    return f"version: v1alpha1\nmachine:\n  registries:\n{''.join(parts)}{cache}"


_DOCUMENTS: tuple[Callable[[Random], str], ...] = (_mirror, _mirror, _auth, _tls, _image_cache, _legacy)


# Mutations of a text


def _drop_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True)
    at = random.randrange(len(lines)) if lines else 0
    return "".join(lines[:at] + lines[at + 1 :])


def _repeat_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    lines.insert(random.randrange(len(lines) + 1), random.choice(lines))
    return "".join(lines)


def _indent_line(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    lines[at] = random.choice((" ", "  ", "\t", "- ")) + lines[at] if random.random() < 0.6 else lines[at].lstrip(" ")
    return "".join(lines)


def _replace_value(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    key, colon, _ = lines[at].partition(": ")
    lines[at] = f"{key}: {random.choice(STRINGS + URLS)}\n" if colon else lines[at]
    return "".join(lines)


def _replace_key(random: Random, text: str) -> str:
    lines = text.splitlines(keepends=True) or [""]
    at = random.randrange(len(lines))
    key, colon, value = lines[at].partition(":")
    margin = key[: len(key) - len(key.lstrip(" -"))]
    lines[at] = f"{margin}{random.choice(KEYS)}:{value}" if colon else lines[at]
    return "".join(lines)


def _insert_piece(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + random.choice(PIECES) + text[at:]


def _drop_piece(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.choice((1, 1, 2, 5)) :]


def _append_document(random: Random, text: str) -> str:
    return text + random.choice(SEPARATORS) + _stream(random)


def _dos_lines(_random: Random, text: str) -> str:
    return text.replace("\n", "\r\n")


MUTATIONS = (
    _drop_line, _repeat_line, _indent_line, _replace_value, _replace_value, _replace_key, _insert_piece, _insert_piece,
    _drop_piece, _append_document, _dos_lines,
)  # fmt: skip


# Patches


def patches(seed: int) -> Iterator[Row]:
    """Endless ``patch`` requests: a config of up to three documents, and up to three patches that mostly meet them."""
    random = seeded(seed)
    for number in count():
        base = _met_stream(random) if random.random() < 0.85 else _stream(random)
        texts = [_patch(random) for _ in range(random.choice((1, 1, 1, 2, 3)))]
        yield {"id": f"generated-{seed}-{number}", "op": "patch", "in": base, "patch": texts}


def _patch(random: Random) -> str:
    text = random.choice(_PATCHES)(random)
    if random.random() < 0.12:
        text = random.choice(MUTATIONS)(random, text)
    if random.random() < 0.3:
        text += "---\n" + random.choice(_PATCHES)(random)
    return text if "\n" in text or " " in text else f"{text}\n"  # else Talos takes it for the name of a file


_MET_NAMES = ("docker.io", "docker.io", "docker.io", "h:5000", "'*'", "ghcr.io", '""')
_MET_KINDS = ("RegistryMirrorConfig", "RegistryMirrorConfig", "RegistryAuthConfig", "RegistryTLSConfig")
_MET_URLS = ("http://a", "http://b", "https://h:5000/v2/x", "HTTP://A/b", "http://a?x=1&y", '""')
_WORDS = ("u", "p", "0123", "'yes'", '""', "null", "1e3", "a&b", "2001-01-01", '"a\\nb"', "<<")
_SET_FLAGS = ("true", "false", "yes", "null")
_DELETE = "{$patch: delete}"


def _met_stream(random: Random) -> str:
    chosen: dict[tuple[str, str], str] = {}
    for _ in range(random.choice((1, 1, 2, 3))):
        kind = random.choice((*_MET_KINDS, "ImageCacheConfig", "", ""))
        name = random.choice(_MET_NAMES)
        chosen[kind, name if kind in _MET_KINDS else ""] = _met_document(random, kind, name)
    text = "---\n".join(chosen.values())
    return f"# head\n{text}# foot\n" if random.random() < 0.2 else text


def _met_document(random: Random, kind: str, name: str) -> str:
    """A document that is nearly always right; the kind-less one for no kind."""
    if not kind:
        return _met_legacy(random)
    if kind == "ImageCacheConfig":
        return f"apiVersion: v1alpha1\nkind: {kind}\nlocal:\n  enabled: {random.choice(_SET_FLAGS)}\n"
    lines = [line for line in _members(random, kind) if random.random() < 0.7]
    if random.random() < 0.15:
        lines = [f"{line}  # why\n" for line in "".join(lines).splitlines()]
    return f"apiVersion: v1alpha1\nkind: {kind}\nname: {name}\n{''.join(lines)}"


def _members(random: Random, kind: str) -> list[str]:
    if kind == "RegistryMirrorConfig":
        items = "".join(
            f"  - url: {random.choice(_MET_URLS)}\n"
            + (f"    overridePath: {random.choice(_SET_FLAGS)}\n" if random.random() < 0.3 else "")
            for _ in range(random.choice((0, 1, 2, 3)))
        )
        listed = (
            f"endpoints:\n{items}" if items else random.choice(("endpoints: []\n", "endpoints: [{url: http://a}]\n"))
        )
        return [listed, f"skipFallback: {random.choice(_SET_FLAGS)}\n"]
    if kind == "RegistryAuthConfig":
        names = ("username", "password", "auth", "identityToken")
        return [f"{name}: {random.choice(_WORDS)}\n" for name in names]
    identity = f"clientIdentity:\n  cert: {random.choice(_WORDS)}\n  key: |\n    x\n    y\n"
    return [
        random.choice((identity, "clientIdentity: {}\n")),
        "ca: |-\n  x\n  y\n",
        f"insecureSkipVerify: {random.choice(_SET_FLAGS)}\n",
    ]


def _met_legacy(random: Random) -> str:
    mirrors = "".join(
        f"      {name}:\n        endpoints: [{random.choice(_MET_URLS)}, http://c]\n"
        + (f"        skipFallback: {random.choice(_SET_FLAGS)}\n" if random.random() < 0.3 else "")
        for name in random.sample(("docker.io", "ghcr.io", "a9"), random.randrange(3))
    )
    auth = "          username: u\n          password: p\n" if random.random() < 0.5 else "          auth: x\n"
    tls = (
        "        tls:\n          ca: eA==\n          clientIdentity: {crt: eA==, key: eQ==}\n"
        if random.random() < 0.4
        else ""
    )
    config = f"    config:\n      h:5000:\n        auth:\n{auth}{tls}" if random.random() < 0.6 else ""
    listed = f"    mirrors:\n{mirrors}" if mirrors else ""
    cache = (
        f"  features:\n    imageCache:\n      localEnabled: {random.choice(_SET_FLAGS)}\n"
        if random.random() < 0.3
        else ""
    )
    registries = f"  registries:\n{listed}{config}" if listed or config else ""
    version = random.choice(("version: v1alpha1\n", ""))
    return f"{version}machine:\n{registries}{cache}" if registries or cache else f"{version}machine: {{}}\n"


def _merging(random: Random) -> str:
    return _met_document(random, random.choice((*_MET_KINDS, "ImageCacheConfig", "")), random.choice(_MET_NAMES))


def _deleting(random: Random) -> str:
    """A document with one or more deletions in it, most of them where they can be."""
    kind = random.choice(_MET_KINDS)
    lines = [f"apiVersion: v1alpha1\nkind: {kind}\nname: {random.choice(_MET_NAMES)}\n"]
    if random.random() < 0.1:
        lines = [random.choice((f"kind: {kind}\n", "apiVersion: v1alpha1\n", f"apiVersion: v1alpha1\nkind: {kind}\n"))]
    for _ in range(random.choice((1, 1, 2))):
        lines.append(random.choice(_DELETIONS)(random))
    if random.random() < 0.3:
        lines += random.sample(_members(random, kind), 1)
    return "".join(lines)


def _delete_document(_random: Random) -> str:
    return "$patch: delete\n"


def _delete_member(random: Random) -> str:
    names = (
        "endpoints",
        "skipFallback",
        "username",
        "password",
        "ca",
        "clientIdentity",
        "name",
        "kind",
        "insecureSkipVerify",
        "foo",
    )
    return f"{random.choice(names)}: {_DELETE}\n"


def _delete_inner(random: Random) -> str:
    outer, inner = random.choice(
        (
            ("clientIdentity", "key"),
            ("clientIdentity", "cert"),
            ("clientIdentity", "foo"),
            ("endpoints", "url"),
            ("name", "x"),
            ("local", "enabled"),
        )
    )
    return f"{outer}:\n  {inner}: {_DELETE}\n"


def _delete_item(random: Random) -> str:
    by = random.choice(
        (
            "url: http://a",
            "url: http://b",
            "url: https://h:5000/v2/x",
            "overridePath: true",
            "foo: x",
            "url: http://nope",
        )
    )
    item = random.choice(
        (
            f"$patch: delete\n    {by}",
            f"{by}\n    $patch: delete",
            "$patch: delete",
            f"{by}\n    overridePath: {_DELETE}",
        )
    )
    new = "  - url: http://new\n" if random.random() < 0.4 else ""
    return f"endpoints:\n  - {item}\n{new}"


_DELETIONS: tuple[Callable[[Random], str], ...] = (
    _delete_document,
    _delete_member,
    _delete_member,
    _delete_inner,
    _delete_item,
    _delete_item,
)


def _deleting_legacy(random: Random) -> str:
    path = random.choice((
        "registries", "registries mirrors", "registries mirrors docker.io", "registries mirrors docker.io endpoints", "registries mirrors nope",
        "registries mirrors docker.io skipFallback", "registries config h:5000", "registries config h:5000 auth", "registries config h:5000 auth password",
        "registries config h:5000 tls ca", "registries config h:5000 tls clientIdentity", "registries config h:5000 tls clientIdentity key", "features imageCache",
        "features imageCache localEnabled", "registries foo", "",
    ))  # fmt: skip
    text, margin = "machine:", "  "
    for step in path.split():
        text, margin = f"{text}\n{margin}{step}:", f"{margin}  "
    extra = (
        "    mirrors:\n      new:\n        endpoints: [http://n]\n"
        if text.endswith(("auth:", "tls:")) and random.random() < 0.3
        else ""
    )
    return f"{text} {_DELETE}\n{extra}"


def _json_patch(random: Random) -> str:
    operations = [_operation(random) for _ in range(random.choice((1, 1, 2, 3)))]
    if random.random() < 0.6:
        return json.dumps(operations, indent=random.choice((None, 1))) + "\n"
    return (
        "".join(f"- {json.dumps(one)}\n" for one in operations)
        if random.random() < 0.5
        else _yaml_operations(operations)
    )


def _yaml_operations(operations: list[Row]) -> str:
    return "".join(
        "- " + "".join(f"{key}: {json.dumps(value)}\n  " for key, value in one.items()).rstrip(" ")
        for one in operations
    )


def _operation(random: Random) -> Row:
    paths = (
        "/endpoints/0", "/endpoints/-", "/endpoints/1", "/endpoints/9", "/endpoints/x", "/endpoints", "/endpoints/0/url", "/endpoints/-1", "/skipFallback",
        "/username", "/password", "/name", "/kind", "/ca", "/clientIdentity/key", "/clientIdentity", "/local/enabled", "/nope", "/nope/x", "", "name",
        "/machine/registries/mirrors/docker.io/endpoints/0", "/machine/registries/mirrors/docker.io", "/machine/registries/mirrors", "/machine/registries",
        "/machine/registries/config/h:5000/auth/password", "/machine/features/imageCache/localEnabled", "/a~1b",
    )  # fmt: skip
    values: tuple[Any, ...] = (
        "v", "http://a", "http://b", {"url": "http://n"}, [{"url": "http://n"}], [], {}, True, False, None, 5, 1.5, "0123", "a&b", "yes", "<<",
        {"endpoints": ["http://n"]}, {"mirrors": {"docker.io": {"endpoints": ["http://n"]}}}, {"x": {"y": [1, None]}},
    )  # fmt: skip
    operation: Row = {
        "op": random.choice(("add", "add", "remove", "replace", "test", "move", "copy", "bad")),
        "path": random.choice(paths),
    }
    if random.random() < 0.85:
        operation["value"] = random.choice(values)
    if operation["op"] in {"move", "copy"} and random.random() < 0.9:
        operation["from"] = random.choice(paths)
    if random.random() < 0.05:
        operation[random.choice(("op", "path", "from"))] = random.choice((None, 1, {}, []))
    return operation


def _any_stream(random: Random) -> str:
    return _stream(random)


def _no_patch(random: Random) -> str:
    return random.choice(
        (
            "# nothing\n",
            "null\n",
            "{}\n",
            "[]\n",
            "---\n",
            "[1]\n",
            "x y\n",
            '[{"op":\n',
            "- a\n",
            "- null\n",
            "[[]]\n",
            '[{"op": "add"}, 1]\n',
            "kind: x\n",
        )
    )


_PATCHES: tuple[Callable[[Random], str], ...] = (
    _merging, _merging, _merging, _deleting, _deleting, _deleting, _deleting_legacy, _json_patch, _json_patch, _any_stream, _no_patch,
)  # fmt: skip


def merges(seed: int) -> Iterator[Row]:
    """Endless ``patch`` requests whose one patch is merged, or appended."""
    random = seeded(seed)
    for number in count():
        yield {"id": f"merge-{seed}-{number}", "op": "patch", "in": _met_stream(random), "patch": [_merging(random)]}


def pairs(seed: int) -> Iterator[tuple[str, str]]:
    """Endless pairs of configs, the second of which is the first one changed or another one."""
    random = seeded(seed)
    while True:
        first = _met_stream(random)
        yield first, random.choice((_replace_value, _drop_line, lambda random, _: _met_stream(random)))(random, first)


# References


_DOMAINS = ("", "docker.io/", "index.docker.io/", "ghcr.io/", "reg.example:5000/", "localhost/", "a_b.c/", "[::1]:5000/", "A.b/", "10.0.0.1/", "a..b/", "-a/", "*/")  # fmt: skip
_PATHS = ("nginx", "library/nginx", "a/b/c", "A/b", "a__b", "a--b", "a.b", "a_.b", "", "a/", "/a", "a" * 250, "0" * 64)
_TAGS = ("", ":latest", ":v1.0", ":", ":-a", ":" + "t" * 128, ":" + "t" * 129, ":5000/x", "::")
_DIGESTS = ("", "", "@sha256:" + "a" * 64, "@sha512:" + "b" * 128, "@sha384:" + "c" * 96, "@sha256:" + "a" * 63, "@sha256:" + "A" * 64, "@md5:abc", "@", "@sha256:", "@x+y:" + "0" * 32)  # fmt: skip


def references(seed: int) -> Iterator[Row]:
    """Endless ``reference`` requests."""
    random = seeded(seed)
    for number in count():
        text = "".join(random.choice(pool) for pool in (_DOMAINS, _PATHS, _TAGS, _DIGESTS))
        if random.random() < 0.3 and text:
            at = random.randrange(len(text))
            text = text[:at] + random.choice(".-_/:@aZ0 \u00e9") + text[at + random.randrange(2) :]
        yield {"id": f"generated-{seed}-{number}", "op": "reference", "in": text}


# Registry sets


_NAMES = (
    "docker.io",
    "ghcr.io",
    "reg.example:5000",
    "*",
    "localhost:5000",
    "a.b",
    "h",
    "10.0.0.1:443",
    "quay.io",
    "[::1]:5000",
)
_ENDPOINTS = (
    "http://a", "https://a", "http://10.5.0.1:5000", "https://h:5000/v2/proxy", "https://a/v2", "http://a/v2/", "https://a/x/",
    "http://localhost:5000", "https://reg.example:5000", "https://docker.io", "https://registry-1.docker.io", "http://a:80", "https://a:443/p",
)  # fmt: skip


def registry_sets(seed: int) -> Iterator[str]:
    """Endless configs that Talos accepts, for the hosts directory."""
    random = seeded(seed)
    for _ in count():
        mirrors = [_valid_mirror(random, name) for name in random.sample(_NAMES, random.randrange(4))]
        tls = [
            _valid_tls(random, name)
            for name in random.sample([name for name in _NAMES if name != "*"], random.randrange(3))
        ]
        yield "---\n".join([*mirrors, *tls]) or "apiVersion: v1alpha1\nkind: RegistryAuthConfig\nname: a\n"


def _valid_mirror(random: Random, name: str) -> str:
    endpoints = "".join(
        f"  - url: {random.choice(_ENDPOINTS)}\n" + ("    overridePath: true\n" if random.random() < 0.3 else "")
        for _ in range(random.randrange(4))
    )
    listed = f"endpoints:\n{endpoints}" if endpoints else ""
    skip = f"skipFallback: {random.choice(('true', 'false'))}\n" if random.random() < 0.4 else ""
    return f"apiVersion: v1alpha1\nkind: RegistryMirrorConfig\nname: '{name}'\n{listed}{skip}"


def _valid_tls(random: Random, name: str) -> str:
    flag = f"insecureSkipVerify: {random.choice(('true', 'false'))}\n" if random.random() < 0.8 else ""
    return f"apiVersion: v1alpha1\nkind: RegistryTLSConfig\nname: '{name}'\n{flag}"


def taken(requests: Iterator[Row], number: int) -> list[Row]:
    """The first ``number`` of endless requests."""
    return list(islice(requests, number))
