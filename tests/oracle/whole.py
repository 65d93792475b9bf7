"""Whole configs for the oracle: documents of every kind by their recorded shapes, Talos' own, mutated and patched."""

from __future__ import annotations

import json
import re
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from talos_registry.documents.recorded import path_of
from tests.oracle.generate import MUTATIONS, STRINGS, seeded
from tests.oracle.layout import Pairs, Tree, written

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from random import Random

__all__ = ["loads", "patches", "recipes", "without_secrets"]

Row = dict[str, Any]
CONTRACTS = ("1.5", "1.8", "1.10", "1.11", "1.12", "1.13", "1.14")


def recipes(talos_version: str) -> list[Row]:
    """Requests for what Talos itself generates: every contract and type of machine, with and without registries."""
    number = int(talos_version.partition(".")[2])
    contracts = [one for one in CONTRACTS if int(one.partition(".")[2]) <= number]
    return [
        {"op": "generate", "contract": contract, "machine": machine, **options}
        for contract in contracts
        for machine in ("controlplane", "worker")
        for options in _OPTIONS
    ]


_OPTIONS: tuple[Row, ...] = (
    {},
    {"comments": True},
    {"mirrors": {"docker.io": ["http://10.5.0.1:5000"]}, "insecure": ["10.5.0.1:5000"], "disk": "/dev/sda"},
    {"mirrors": {"docker.io": ["http://a", "http://b"], "ghcr.io": ["https://c"]}, "prism": 7445, "comments": True},
    {"sans": ["10.0.0.2", "api.example"], "sysctls": {"net.core.somaxconn": "65535"}, "prism": 0},
)


def without_secrets(text: str) -> str:
    """What Talos generated with the same secrets every time, for the same seed to make the same inputs."""
    text = _PEM.sub(r"\1\n\2eA==\n\2\3", text)
    return _TOKEN.sub("abcdef.0123456789abcdef", _LONG.sub("eHk=", text))


_PEM = re.compile(r"(-----BEGIN [A-Z ]+-----)\n( *).*?(-----END [A-Z ]+-----)", re.DOTALL)
_LONG = re.compile(r"[A-Za-z0-9+/_-]{40,}={0,2}")
_TOKEN = re.compile(r"\b[a-z0-9]{6}\.[a-z0-9]{16}\b")


# Documents


class Shapes(NamedTuple):
    """What was recorded of a release, as it stands in the file."""

    kinds: dict[str, Row]
    types: dict[str, Row]

    @classmethod
    def of(cls, talos_version: str) -> Shapes:
        """The recording of a release line."""
        data = json.loads(path_of(talos_version).read_bytes())
        return cls(data["kinds"], data["types"])


V1ALPHA1 = "v1alpha1"
IDENTITY = frozenset({"apiVersion", "kind", "name", "version"})
_STRINGS = ("a", "b", "eth0", "node-1", "10.0.0.1", "10.0.0.0/8", "0123", "'yes'", "x y", "/var/x", "registry.k8s.io/a:v1", '""', "null", "1e3", "é", "http://a", '"a\\nb"', "'#'", "2001-01-01")  # fmt: skip
_NUMBERS = ("0", "1", "7", "42", "200", "0x10", "0o17", "1_0", "-1", "70000", "1.0", "1e1", "'1'", "4294967296", "1.5")
_NUMBER_WEIGHTS = (9, 18, 12, 12, 9, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
_CERTIFICATES = ("LS0tLS1CRUdJTg==", "eA==", '""', "eHk=")
_VALUES: dict[str, tuple[str, ...]] = {
    "string": _STRINGS,
    "bool": ("true", "true", "false", "false", "yes", "off", "'true'", "True"),
    "time.Duration": ("1h", "30s", "1m30s", "0s", "10", "0", "1.5h", "-1s", "5x", "100ms", "'1h'"),
    "cel.Expression": ("disk.size > 10u * GiB", "'true'", "system_disk", "disk.transport == 'nvme'", "'disk.'", '""'),
    "meta.URL": ("https://a", "http://a:50/b?c=d", '""', "https://u:p@a/", "'http://a b'", "a"),
    "v1alpha1.Endpoint": ("https://10.0.0.1:6443", "https://a", '"a"'),
    "block.ByteSize": ("10GiB", "1GB", "100", "1.5TiB", "0", '""', "x", "-1GB"),
    "block.Size": ("10GiB", "50%", "100", "0", "101%", "x"),
    "v1alpha1.DiskSize": ("10GB", "100", "1.5 GB", "0", "x", "1000000"),
    "v1alpha1.InstallDiskSizeMatcher": ("'>= 10GB'", "10GB", "'< x'", "'== 1TB'"),
    "nethelpers.HardwareAddr": ("00:1a:2b:3c:4d:5e", "'aa:BB:cc:dd:ee:ff'", "'001a'", "x", '""'),
    "v1alpha1.Base64Bytes": _CERTIFICATES,
    "interface {}": ("a", "1", "true", "null", "1.50", "0x1F", "'x'", "2001-01-01", "~"),
    "v1alpha1.FileMode": ("0o644", "0644", "420", "'0o600'", "x"),
    "runtime.EtcFileMode": ("0o644", "0644", "420", "'0o600'", "x"),
    "network.PortRange": ("80", "80-90", "'50-40'", "a", "10250", "70000"),
}
_BY_NAME: dict[str, tuple[str, ...]] = {
    "Addr": ("10.0.0.1", "fd00::1", "'::1'", "FD00::0001", '""', "10.0.0", "10.0.0.1/8"),
    "AddrPort": ("10.0.0.1:53", "'[fd00::1]:53'", '""', "10.0.0.1", "a:53"),
    "Prefix": ("10.0.0.0/8", "10.1.2.3/24", "fd00::/64", '""', "10.0.0.0", "10.0.0.0/99"),
}
_NAMES = ("a", "a", "a", "b", "eth0")
_MAP_KEYS = ("a", "b", "docker.io", "net.core.x", "a10", "a9", "1", "'yes'", "é")
_X509 = {"Certificate": ("crt",), "CertificateAndKey": ("crt", "key"), "Key": ("key",)}
_MOST_DEPTH = 7


class Maker:
    """Makes documents by shape."""

    def __init__(self, random: Random, shapes: Shapes) -> None:
        self.random = random
        self.shapes = shapes

    def document(self, kind: str, name: str | None = None) -> Pairs:
        """A document of a kind that Talos nearly always takes."""
        row = self.shapes.kinds[kind]
        body = self._struct(row["type"], 0)
        own = [(key, value) for key, value in body if key not in IDENTITY]
        if kind == V1ALPHA1:
            return Pairs([("version", V1ALPHA1), *own])
        named = [("name", name or self.random.choice(_NAMES))] if row.get("named") else []
        return Pairs([("apiVersion", V1ALPHA1), ("kind", kind), *named, *own])

    def value(self, go: str, depth: int) -> Tree:
        """A value of a Go type."""
        go = go.removeprefix("*")
        if go.startswith("[]") and go != "[]uint8":
            return [self.value(go[2:], depth + 1) for _ in range(self._size(depth))]
        if go.startswith("map["):
            keys = self.random.sample(_MAP_KEYS, self._size(depth))
            return Pairs([(key, self.value(go.partition("]")[2], depth + 1)) for key in keys])
        return self._named(go, depth)

    def _named(self, go: str, depth: int) -> Tree:
        row = self.shapes.types.get(go, {})
        package, _, name = go.rpartition(".")
        if package == "x509":
            keys = _X509[name.removeprefix("PEMEncoded")]
            return Pairs([(key, self.random.choice(_CERTIFICATES)) for key in keys])
        if "fields" in row:
            return self._struct(go, depth)
        if "words" in row:
            return self._word(row["words"])
        if name == "ArgValue":
            return self.random.choice(("a", ["a", "b"], '""', "1", []))
        pool = _VALUES.get(go) or _BY_NAME.get(name)
        if pool is not None:
            return self._mostly_first(pool)
        return self._plain(row.get("is", go), depth)

    def _plain(self, go: str, depth: int) -> Tree:
        if go in _VALUES:
            return self.random.choice(_VALUES[go])
        if re.fullmatch(r"u?int\d*|float\d+", go):
            return self.random.choices(_NUMBERS, _NUMBER_WEIGHTS)[0]
        return self.value(go, depth)

    def _mostly_first(self, pool: Sequence[str]) -> str:
        return self.random.choice(pool[:3] if self.random.random() < 0.93 else pool)

    def _word(self, words: Sequence[str]) -> str:
        word = self.random.choice(words) or '""'
        if self.random.random() < 0.05:
            return self.random.choice((word.upper(), f"'{word}'", "x", '""', "1"))
        return f"'{word}'" if word in {"on", "off"} else word

    def _size(self, depth: int) -> int:
        return self.random.choice((0, 1, 1, 2, 3) if depth < _MOST_DEPTH else (0, 0, 1))

    def _struct(self, go: str, depth: int) -> Pairs:
        fields = self.fields(go)
        keys = list(fields)
        if not keys:
            return Pairs()
        wanted = self.random.choice((1, 2, 2, 3, 4, 6)) if depth < _MOST_DEPTH else 1
        chosen = set(self.random.sample(keys, min(wanted, len(keys))))
        return Pairs([(key, self.value(fields[key], depth + 1)) for key in keys if key in chosen])

    def fields(self, go: str) -> dict[str, str]:
        """The keys of a struct with their types, those of inlined structs among them."""
        found: dict[str, str] = {}
        for key, _, typ, flags in self.shapes.types.get(go.removeprefix("*"), {}).get("fields", ()):
            if "inline" not in flags.split():
                found[key] = typ
            elif not typ.startswith("map["):
                found |= self.fields(typ)
        return found

    def type_of_item(self, go: str) -> str | None:
        """The type of the items of a list, or the entries of a map."""
        go = go.removeprefix("*")
        go = self.shapes.types.get(go, {}).get("is", go).removeprefix("*")
        if go.startswith("[]"):
            return go[2:]
        return go.partition("]")[2] if go.startswith("map[") else None


# Mutations of a tree


def _places(tree: Tree) -> Iterator[tuple[Any, int]]:
    """Every member of every collection: what holds it, and at which index."""
    if isinstance(tree, list):
        for at, member in enumerate(tree):
            yield tree, at
            yield from _places(member[1] if isinstance(tree, Pairs) else member)


def _replace(holder: Any, at: int, value: Tree) -> None:
    holder[at] = (holder[at][0], value) if isinstance(holder, Pairs) else value


def _member(holder: Any, at: int) -> Tree:
    member: Tree = holder[at][1] if isinstance(holder, Pairs) else holder[at]
    return member


def _wrong_value(random: Random, holder: Any, at: int) -> None:
    _replace(holder, at, random.choice(STRINGS))


def _wrong_form(random: Random, holder: Any, at: int) -> None:
    forms: tuple[Tree, ...] = ([], ["a"], Pairs(), Pairs([("a", "b")]), "x", "1", "true", '""', [["a"]])
    _replace(holder, at, random.choice(forms))


def _null(random: Random, holder: Any, at: int) -> None:
    _replace(holder, at, random.choice(("null", "~", "")))


def _misspell(random: Random, holder: Any, at: int) -> None:
    if isinstance(holder, Pairs):
        key, value = holder[at]
        spelt = random.choice((key[:-1] or "x", f"{key}s", key.upper(), key.capitalize(), f"{key[1:]}{key[:1]}"))
        holder[at] = (spelt, value)


def _repeat(random: Random, holder: Any, at: int) -> None:
    holder.insert(random.randrange(len(holder) + 1), holder[at])


def _unknown(random: Random, holder: Any, at: int) -> None:
    if isinstance(holder, Pairs):
        values: tuple[Tree, ...] = ("x", "'y'", "1", Pairs([("a", "b")]), ["a", Pairs([("c", "null")])], "null", "")
        holder.insert(at, (random.choice(("foo", "'bar'", "<<x", "1", "yes", "Name", "a b")), random.choice(values)))


def _anchor(random: Random, holder: Any, at: int) -> None:
    value = _member(holder, at)
    if isinstance(value, str) and value and value[0] not in "&*!|>":
        _replace(holder, at, f"&x {value}")
        follower = random.randrange(at, len(holder))
        if follower > at:
            _replace(holder, follower, "*x")


def _merge(random: Random, holder: Any, at: int) -> None:
    if isinstance(holder, Pairs):
        inner = Pairs(random.sample(holder, min(len(holder), 2)))
        holder.insert(at, ("<<", random.choice((inner, [inner], "x", ""))))


_TREE_MUTATIONS: tuple[Callable[[Random, Any, int], None], ...] = (
    _wrong_value, _wrong_value, _wrong_form, _wrong_form, _null, _misspell, _misspell, _repeat, _unknown, _anchor, _merge,
)  # fmt: skip


def _mutate(random: Random, tree: Tree) -> None:
    places = list(_places(tree))
    if places:
        random.choice(_TREE_MUTATIONS)(random, *random.choice(places))


def _copy(tree: Tree) -> Tree:
    if isinstance(tree, Pairs):
        return Pairs([(key, _copy(value)) for key, value in tree])
    return [_copy(item) for item in tree] if isinstance(tree, list) else tree


# Configs


def tree_of(text: str) -> list[Pairs]:
    """The documents of what Talos generated."""
    return [_tree(root) for root in yaml.compose_all(text, Loader=yaml.SafeLoader)]  # type: ignore[misc]  # mappings


def _tree(node: Any) -> Tree:
    if isinstance(node, yaml.MappingNode):
        return Pairs([(_token(key), _tree(value)) for key, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return [_tree(item) for item in node.value]
    return _token(node)


def _token(node: Any) -> str:
    text: str = node.value
    return text if node.style is None and text else json.dumps(text, ensure_ascii=False)


class Configs:
    """Makes configs: those of Talos and made ones, of one document or more."""

    def __init__(self, random: Random, talos_version: str, bases: Sequence[str]) -> None:
        self.random = random
        self.maker = Maker(random, Shapes.of(talos_version))
        self.bases = [tree_of(text) for text in bases]
        self.texts = bases
        self.kinds = sorted(self.maker.shapes.kinds)

    def made(self) -> list[Pairs]:
        """Documents, no two of one kind and name."""
        found: dict[tuple[str, str], Pairs] = {}
        for _ in range(self.random.choice((1, 1, 1, 2, 3))):
            document = self.document()
            found[identity(document)] = document
        return list(found.values())

    def document(self) -> Pairs:
        """A document of any kind, of the v1alpha1 kind most often."""
        return self.maker.document(V1ALPHA1 if self.random.random() < 0.35 else self.random.choice(self.kinds))

    def any(self) -> list[Pairs]:
        """Documents, made or Talos' own."""
        if self.random.random() < 0.15:
            return [_copy(one) for one in self.random.choice(self.bases)]  # type: ignore[misc]  # copies are likewise
        return self.made()

    def text(self, documents: Sequence[Tree]) -> str:
        """Documents in one of many layouts."""
        return "---\n".join(written(self.random, one) for one in documents)


def identity(document: Pairs) -> tuple[str, str]:
    """The kind and name of a document."""
    members = {key: value for key, value in document if isinstance(value, str)}
    return members.get("kind", V1ALPHA1), members.get("name", "")


def loads(seed: int, talos_version: str, bases: Sequence[str]) -> Iterator[Row]:
    """Endless ``whole-load`` requests; ``bases`` are whole configs of Talos."""
    random = seeded(seed)
    configs = Configs(random, talos_version, bases)
    for number in count():
        if random.random() < 0.03:
            text = random.choice(bases)
        else:
            documents = configs.any()
            for _ in range(random.choice((0, 0, 0, 1, 1, 2))):
                _mutate(random, documents)
            text = configs.text(documents)
        if random.random() < 0.06:
            text = random.choice(MUTATIONS)(random, text)
        yield {"id": f"whole-load-{seed}-{number}", "op": "whole-load", "in": text}


# Patches


def patches(seed: int, talos_version: str, bases: Sequence[str]) -> Iterator[Row]:
    """Endless ``whole-patch`` requests, whose patches mostly meet what is there."""
    random = seeded(seed)
    configs = Configs(random, talos_version, bases)
    aimed = Aimed(configs)
    for number in count():
        documents = configs.any()
        texts = [aimed.patch(documents) for _ in range(random.choice((1, 1, 1, 2, 3)))]
        yield {
            "id": f"whole-patch-{seed}-{number}",
            "op": "whole-patch",
            "in": configs.text(documents),
            "patch": texts,
        }


_DELETE = Pairs([("$patch", "delete")])


class Aimed:
    """Makes patches for a config."""

    def __init__(self, configs: Configs) -> None:
        self.configs = configs
        self.random = configs.random
        self.maker = configs.maker

    def patch(self, documents: Sequence[Pairs]) -> str:
        """A strategic patch or a JSON Patch."""
        if self.random.random() < (0.25 if len(documents) == 1 else 0.02):
            return self._json_patch(self.random.choice(documents))
        parts = [_copy(self._strategic(self.random.choice(documents))) for _ in range(self.random.choice((1, 1, 1, 2)))]
        if self.random.random() < 0.06:
            _mutate(self.random, parts)
        text = self.configs.text(parts)
        return text if "\n" in text or " " in text else f"{text}\n"

    def _strategic(self, document: Pairs) -> Tree:
        if self.random.random() < 0.2:
            return self.configs.document()
        kind, name = identity(document)
        if kind not in self.maker.shapes.kinds:
            return self.configs.document()
        if self.random.random() < 0.4:
            return self.maker.document(kind, name or None)
        kept = [pair for pair in document if pair[0] in IDENTITY - {"version"}]
        if kind != V1ALPHA1 and self.random.random() < 0.04:
            return Pairs([*kept, ("$patch", "delete")])
        own = Pairs([pair for pair in document if pair not in kept])
        changed = self._changed(own, self.maker.shapes.kinds[kind]["type"], 0)
        return Pairs([*kept, *changed]) if isinstance(changed, Pairs) else document

    def _changed(self, tree: Tree, go: str, depth: int) -> Tree:
        """Something for what stands there: a part of it, changed, or a deletion."""
        chance = self.random.random()
        if depth and chance < 0.12:
            return _DELETE
        if depth and chance < 0.3:
            return self.maker.value(go, depth)
        if isinstance(tree, Pairs):
            return self._changed_members(tree, go, depth)
        item = self.maker.type_of_item(go)
        if isinstance(tree, list) and tree and item:
            return self._changed_items(tree, item, depth)
        return tree

    def _changed_members(self, tree: Pairs, go: str, depth: int) -> Tree:
        fields, item = self.maker.fields(go), self.maker.type_of_item(go)
        chosen = self.random.sample(tree, min(len(tree), self.random.choice((1, 1, 2, 3))))
        changed = [(key, self._changed(value, fields.get(key) or item or "string", depth + 1)) for key, value in chosen]
        others = [key for key in fields if key not in {key for key, _ in tree} | IDENTITY]
        if others and self.random.random() < 0.25:
            key = self.random.choice(others)
            changed.append((key, self.maker.value(fields[key], depth + 1)))
        if depth and self.random.random() < 0.02:
            changed.append(("$patch", "delete"))
        return Pairs(changed)

    def _changed_items(self, tree: list[Any], item: str, depth: int) -> Tree:
        found: list[Any] = []
        for _ in range(self.random.choice((1, 1, 2))):
            one = self.random.choice(tree)
            chance = self.random.random()
            if isinstance(one, Pairs) and one and chance < 0.45:
                found.append(self._selector(one))
            elif isinstance(one, Pairs) and chance < 0.7:
                found.append(self._changed_members(one, item, depth + 1))
            else:
                found.append(self.maker.value(item, depth + 1) if chance < 0.9 else one)
        return found

    def _selector(self, item: Pairs) -> Pairs:
        """A deletion of the items that agree in one field."""
        key, value = self.random.choice(item)
        if self.random.random() < 0.1:
            value = "nope"
        return Pairs(self.random.sample([("$patch", "delete"), (key, value)], 2))

    def _json_patch(self, document: Pairs) -> str:
        operations = [self._operation(document) for _ in range(self.random.choice((1, 1, 2, 3)))]
        if self.random.random() < 0.5:
            return json.dumps(operations) + "\n"
        return yaml.safe_dump(operations, sort_keys=False)

    def _operation(self, document: Pairs) -> Row:
        path = self._path(document)
        operation: Row = {
            "op": self.random.choice(("add", "add", "remove", "replace", "replace", "test", "move", "copy")),
            "path": path,
        }
        if operation["op"] in {"move", "copy"}:
            operation["from"] = self._path(document)
        elif operation["op"] != "remove":
            operation["value"] = self.random.choice(_JSON_VALUES)
        return operation

    def _path(self, document: Pairs) -> str:
        steps: list[str] = []
        tree: Tree = document
        while isinstance(tree, list) and tree and (not steps or self.random.random() < 0.75):
            at = self.random.randrange(len(tree))
            steps.append(tree[at][0].strip("'\"") if isinstance(tree, Pairs) else str(at))
            tree = _member(tree, at)
        if self.random.random() < 0.2:
            steps.append(self.random.choice(("-", "0", "nope", "9")))
        return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in steps)


_JSON_VALUES: tuple[Any, ...] = (
    "v", "http://a", 1, 0, True, False, None, [], {}, ["a"], {"a": "b"}, "10.0.0.1", "1h", "yes", "0123", 1.5, [{"name": "a"}], "<<",
)  # fmt: skip
