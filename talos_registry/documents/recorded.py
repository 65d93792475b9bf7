"""The shapes of every kind, as they were recorded from Talos' own packages: one file for each release line.

``tests/oracle/shapes.py`` records them, by reflection on the types that Talos registers.
"""

from __future__ import annotations

import json
import re
from functools import cached_property, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import InstallationError
from talos_registry.documents.shapes import (
    ANY,
    BASE64,
    BOOL,
    FLAG,
    REDACTED_KEY,
    STRING,
    URL,
    Leaf,
    ListOf,
    MapOf,
    Shape,
    Struct,
)
from talos_registry.documents.texts import LEFT_TRIMMED, TEXTS, words_type

if TYPE_CHECKING:
    from collections.abc import Mapping

    from talos_registry.documents.shapes import Form
    from talos_registry.versions import Release

__all__ = ["RecordedKind", "Recording", "path_of", "recording_of"]

_LINES = ((1, 12), (1, 13), (1, 14))


def path_of(line: str) -> Path:
    """The file of a release line such as ``1.14``."""
    return Path(__file__).with_name(f"shapes-{line}.json")


def recording_of(release: Release) -> Recording:
    """What was recorded of a release, or of the nearest one that was.

    Raises:
        InstallationError: if the file is missing or damaged.
    """
    number = min(max(release.number, _LINES[0]), _LINES[-1])
    return _recording(".".join(map(str, number)))


@lru_cache(maxsize=len(_LINES))
def _recording(line: str) -> Recording:
    path = path_of(line)
    try:
        data = json.loads(path.read_bytes())
        return Recording(data["kinds"], data["types"])
    except (OSError, ValueError, KeyError, TypeError):
        raise InstallationError(f"talos-registry is not installed whole: {path.name} is missing or damaged") from None


class RecordedKind:
    """A kind of document: its shape, and how its documents are told apart.

    ``conflicts``: the kinds that exclude it under the same name. ``is_link``: it sets up a network link, as no other
    document may. ``redacted``: the paths of what Talos takes for secret, ``*`` for each key and ``[]`` for each item.
    """

    def __init__(self, row: Mapping[str, Any], recording: Recording) -> None:
        self.go: str = row["type"]
        self.named: bool = row.get("named", False)
        self.conflicts: tuple[str, ...] = tuple(row.get("conflicts", ()))
        self.is_link: bool = row.get("link", False)
        self.redacted: tuple[tuple[str, ...], ...] = tuple(tuple(path.split(".")) for path in row.get("redacted", ()))
        self._recording = recording

    @cached_property
    def struct(self) -> Struct:
        """The shape of its documents."""
        shape = self._recording.shape(self.go)
        assert isinstance(shape, Struct)
        return shape


class Recording:
    """The kinds of a release; shapes are made when they are first asked for."""

    def __init__(self, kinds: Mapping[str, Any], types: Mapping[str, Any]) -> None:
        self.kinds = {name: RecordedKind(row, self) for name, row in kinds.items()}
        self._types = types
        self._shapes: dict[str, Shape] = {}

    def shape(self, go: str) -> Shape:
        """The shape of a Go type, as Go prints it."""
        known = self._shapes.get(go)
        if known is None:
            known = self._shapes[go] = self._made(go)
        return known

    def _made(self, go: str) -> Shape:
        if go in _PLAIN:
            return _PLAIN[go]
        if go.startswith("*"):
            return _pointer_to(self.shape(go[1:]))
        if go.startswith("[]"):
            return ListOf(self.shape(go[2:]))
        item = _MAP.match(go)
        if item is not None:
            return MapOf(self.shape(go[item.end() :]))
        row = self._types[go]
        return self._struct(go, row["fields"]) if "fields" in row else self._named(go, row)

    def _named(self, go: str, row: Mapping[str, Any]) -> Shape:
        """A type with a name that is no struct of fields, or reads itself."""
        if go in _KNOWN:
            return _KNOWN[go]
        name = go.rpartition(".")[2]
        if "words" in row:
            zero = row["words"][0] if row.get("zero") else f"{name}(0)"
            return Leaf(go, "text", text=words_type(row["words"], row["error"], zero, _ALSO.get(name)))
        if name in _FORMS:
            return Leaf(go, _FORMS[name], bits=32)
        if name == "ClusterInlineManifests":
            return self._manifests(row["is"])
        if go in TEXTS:
            return Leaf(go, "text", text=TEXTS[go])
        made_of = self.shape(row["is"])
        return made_of._replace(name=go) if isinstance(made_of, ListOf | MapOf) else made_of._replace(go=go)

    def _counts_when_empty(self, shape: Shape) -> bool:
        """Whether a list without items is something else than none: its type says so itself."""
        return isinstance(shape, ListOf) and "IsZero" in self._types.get(shape.name, {}).get("methods", ())

    def _manifests(self, go: str) -> Shape:
        """Manifests, whose texts lose the space that they begin with."""
        shape = self.shape(go)
        assert isinstance(shape, ListOf)
        assert isinstance(shape.item, Struct)
        contents = Leaf("string", "text", text=LEFT_TRIMMED)
        return ListOf(shape.item._replace(fields={**shape.item.fields, "contents": contents}))

    def _struct(self, go: str, rows: list[list[str]]) -> Struct:
        fields: dict[str, Shape] = {}
        flags: dict[str, list[str]] = {}
        names: dict[str, str] = {}
        is_open = False
        for key, name, typ, words in rows:
            inner = self.shape(typ)
            if "inline" not in words.split():
                fields[key], flags[key], names[key] = inner, words.split(), name
            elif isinstance(inner, Struct):
                fields |= inner.fields
                flags |= {key: [] if key in inner.always else ["omitempty"] for key in inner.fields}
                names |= dict.fromkeys(inner.fields, name)
            else:
                is_open = True
        return Struct(
            go,
            fields,
            frozenset(key for key, words in flags.items() if "omitempty" not in words),
            unless_nil=frozenset(key for key, shape in fields.items() if self._counts_when_empty(shape)),
            replaces=frozenset(key for key, words in flags.items() if "replace" in words),
            is_open=is_open,
            names=MappingProxyType(names),
        )


def _pointer_to(shape: Shape) -> Shape:
    if shape == FLAG:
        return BOOL
    assert isinstance(shape, Leaf | Struct)
    return shape._replace(is_pointer=True)


_MAP = re.compile(r"map\[[\w.]+\]")
_NUMBERS: dict[str, tuple[Form, int]] = {
    **{f"int{bits or ''}": ("int", bits or 64) for bits in (0, 8, 16, 32, 64)},
    **{f"uint{bits or ''}": ("uint", bits or 64) for bits in (0, 8, 16, 32, 64)},
    "float32": ("float", 32),
    "float64": ("float", 64),
}
_PLAIN: dict[str, Shape] = {
    "string": STRING,
    "bool": FLAG,
    "interface {}": ANY,
    **{go: Leaf(go, form, bits) for go, (form, bits) in _NUMBERS.items()},
}


def _keys(go: str, *names: str) -> Struct:
    """A certificate or key, which reads itself as a struct without a name.

    Source: siderolabs/crypto, x509/{certificate,certificate_key,key}.go.
    """
    members = "; ".join(f'{name.title()} string "yaml:\\"{name}\\""' for name in names)
    raw = {"key": REDACTED_KEY} if "key" in names else {}
    fields = dict.fromkeys(names, STRING)
    return Struct(go, fields, frozenset(names), base64=names, raw=raw, read_as=f"struct {{ {members} }}")


_KNOWN: dict[str, Shape] = {
    "meta.URL": URL,
    "time.Duration": Leaf("time.Duration", "duration"),
    "v1alpha1.Base64Bytes": BASE64,
    "v1alpha1.Endpoint": Leaf("v1alpha1.Endpoint", "url"),
    **{
        go: _keys(go, *names)
        for go, names in {
            "x509.PEMEncodedCertificate": ("crt",),
            "x509.PEMEncodedCertificateAndKey": ("crt", "key"),
            "x509.PEMEncodedKey": ("key",),
        }.items()
    },
}
"""The types with methods of their own that are more than a text."""

_FORMS: dict[str, Form] = {"ArgValue": "args", "PortRange": "ports", "FileMode": "octal", "EtcFileMode": "octal"}
"""The same by the last word of their names, whose packages change."""

_ALSO = {"FailOverMAC": {"": "none", "0": "none", "1": "active", "2": "follow"}}
"""What a type of words takes besides them."""
