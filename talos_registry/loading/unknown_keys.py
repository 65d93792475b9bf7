"""Keys that no Go struct knows: what Talos prints about them, and what this tool says.

Source: siderolabs/gen, xyaml/xyaml.go (CheckUnknownKeys).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.legacy import MISPLACED
from talos_registry.documents.shapes import STRING, Leaf, ListOf, MapOf, Shape, Struct
from talos_registry.go.url import go_quote
from talos_registry.goyaml import write
from talos_registry.goyaml.nodes import Alias, Mapping, Sequence, pairs
from talos_registry.goyaml.representer import from_node, from_value, natural_key
from talos_registry.goyaml.tags import resolved
from talos_registry.loading.mismatch import GaveUp, ProblemAt
from talos_registry.messages import did_you_mean, nearest_word, quoted

if TYPE_CHECKING:
    from talos_registry.goyaml.nodes import Node
    from talos_registry.versions import Release

__all__ = ["meant_key", "unknown_keys"]

_MOST_PROBLEMS = 1_000
_MOST_PARTS = 1_000_000


def unknown_keys(struct: Struct, root: Mapping, text: str, release: Release, *, fits: bool) -> GaveUp | None:
    """What Talos says about the keys that ``struct`` does not know; ``text`` is the source the document was read from.

    ``fits``: the values of the document are of their types. Otherwise Talos does not come to look at keys.
    """
    search = _UnknownParts(text, release, fits=fits)
    try:
        unknown = search.within(struct, root, ())
    except GaveUp as refusal:
        return refusal
    if unknown is None:
        return None
    error_text = f"unknown keys found during decoding:\n{write(from_value(unknown, release))}"
    return GaveUp(error_text, *search.problems)


class _UnknownParts:
    """Collects the unknown parts of a tree, as the nested data that Talos prints."""

    def __init__(self, text: str, release: Release, *, fits: bool) -> None:
        self.problems: list[ProblemAt] = []
        self._text = text
        self._release = release
        self._fits = fits
        self._around: set[int] = set()
        self._reported: set[int] = set()
        self._left = _MOST_PARTS

    def within(self, shape: Shape, node: Node, path: Path) -> Any:
        """The unknown part of a node, None when there is none."""
        if not self._release.follows_aliases:
            return self._inside(shape, node, path)
        target = resolved(node)
        if id(target) in self._around:
            error_text = f"anchor {go_quote(target.anchor or '')} value contains itself"
            raise GaveUp.at(
                node, "yaml-syntax", error_text, f"The anchor {quoted(target.anchor or '')} contains itself.", path
            )
        self._around.add(id(target))
        part = self._inside(shape, target, path)
        self._around.discard(id(target))
        return part

    def _inside(self, shape: Shape, node: Node, path: Path) -> Any:
        if isinstance(node, Mapping | Sequence):
            self._spend(node, path)
        if isinstance(shape, Leaf) and shape.form == "args" and isinstance(node, Mapping):
            shape = _ARGS
        if isinstance(node, Mapping) and isinstance(shape, Leaf) and self._is_bare(shape):
            shape = Struct(shape.go, {})
        if isinstance(node, Mapping) and isinstance(shape, Struct | MapOf):
            parts = {key.value: self._part(shape, key, value, path) for key, value in pairs(node)}
            return {key: parts[key] for key in sorted(parts, key=natural_key) if parts[key] is not None} or None
        if isinstance(node, Sequence) and isinstance(shape, ListOf):
            items = (self.within(shape.item, item, (*path, at)) for at, item in enumerate(node.content))
            return [item for item in items if item is not None] or None
        return None

    def _is_bare(self, shape: Leaf) -> bool:
        """Whether a type that reads a text is to this release a struct without keys."""
        return shape.text is not None and shape.text.is_struct and not self._release.texts_are_scalars

    def _check_collection(self, inner: Shape, key: Node, value: Node, path: Path) -> None:
        """Give up where what is merged into a map is looked at as one of its values."""
        node = resolved(value) if self._release.follows_aliases else value
        is_odd = isinstance(node, Mapping | Sequence) and not _fits_in(node, inner) and not self._may_read(inner)
        if is_odd and self._fits:
            raise _unexpected(inner, key, node, path)

    def _may_read(self, shape: Shape) -> bool:
        """Whether a shape can take a collection that it is not itself."""
        if isinstance(shape, Struct):
            return bool(shape.base64)
        if not isinstance(shape, Leaf):
            return False
        return shape.form == "any" or self._is_bare(shape) or (self._release.lossless_numbers and shape.reads_yaml)

    def _part(self, shape: Struct | MapOf, key: Node, value: Node, path: Path) -> Any:
        if isinstance(key, Alias | Mapping | Sequence):
            raise GaveUp.at(key, "wrong-type", "unexpected mapping key type", "A key must be plain text.", path)
        inner = shape.item if isinstance(shape, MapOf) else shape.fields.get(key.value)
        if inner is not None:
            self._check_collection(inner, key, value, path)
            return self.within(inner, value, (*path, key.value))
        if isinstance(shape, Struct) and not shape.is_open:
            self._report(shape, key, path)
            return from_node(value, self._text, self._release)
        return None

    def _spend(self, node: Mapping | Sequence, path: Path) -> None:
        self._left -= len(node.content)
        if self._left < 0:
            message = f"There are more than {_MOST_PARTS} keys and values to look at; this tool stops here."
            raise GaveUp.at(node, "limit-exceeded", "", message, path)

    def _report(self, struct: Struct, key: Node, path: Path) -> None:
        if id(key) in self._reported:
            return
        self._reported.add(id(key))
        if len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(ProblemAt(_unknown_key(struct, key.value, path), key))
        elif len(self.problems) == _MOST_PROBLEMS:
            message = f"More than {_MOST_PROBLEMS} keys of this document are unknown; this tool lists no more."
            self.problems.append(ProblemAt(Problem("limit-exceeded", path, "", message), key))


_ARGS = Struct("meta.ArgValue", {"listvalue": ListOf(STRING), "strvalue": STRING})
"""An argument as Talos looks for unknown keys in it."""


def _fits_in(node: Mapping | Sequence, shape: Shape) -> bool:
    if isinstance(node, Sequence):
        return isinstance(shape, ListOf)
    return isinstance(shape, Struct | MapOf) or (isinstance(shape, Leaf) and shape.form == "args")


def _unexpected(shape: Shape, key: Node, node: Node, path: Path) -> GaveUp:
    """What Talos says about a collection that was merged into a map, when it looks at it as a value of the map."""
    what = "mapping" if isinstance(node, Mapping) else "sequence"
    error_text = f"unexpected type for yaml {what}: {shape.go}"
    return GaveUp.at(key, "wrong-type", error_text, "Talos does not take a YAML merge key here; write it out.", path)


def _unknown_key(struct: Struct, key: str, path: Path) -> Problem:
    word, colon, _ = key.partition(":")
    here = (*path, word)
    if colon:  # what follows can be a secret
        return Problem(
            "unknown-key", here, "", f"The key begins with {quoted(word + colon)}; put a space after the colon."
        )
    home = MISPLACED.get(struct.go, {}).get(key)
    if home:
        return Problem("misplaced-section", here, "", f"{quoted(key)} does not belong here; it belongs under {home}.")
    if {key, *struct.fields} == {"crt", "cert", "key"}:
        right = "cert" if key == "crt" else "crt"
        encoding = "PEM text" if right == "cert" else "base64 of the PEM text"
        return Problem(
            "wrong-pem-encoding",
            here,
            "",
            f"{quoted(key)} is the other spelling of {right}; here it is {right}, with {encoding}.",
        )
    if key == "<<":
        return Problem("unknown-key", here, "", "Talos does not take YAML merge keys; write the keys out.")
    home = _home(struct, key)
    if home:
        return Problem("unknown-key", here, "", f"Unknown key {quoted(key)}; it belongs {home}.")
    of_k3s = _OF_K3S.get(struct.go, {}).get(key)
    if of_k3s:
        return Problem("unknown-key", here, "", f"{quoted(key)} is a key of k3s' registries.yaml; {of_k3s}.")
    known = f"; the keys here are {', '.join(struct.fields)}."
    return Problem(
        "unknown-key", here, "", f"Unknown key {quoted(key)}{did_you_mean(key, struct.fields, otherwise=known)}"
    )


def meant_key(struct: Struct, key: str) -> str | None:
    """The field of a struct that an unknown key is meant to be, None if that cannot be told."""
    return None if _home(struct, key) else nearest_word(key, struct.fields)


_OF_K3S = {
    "v1alpha1.RegistriesConfig": {"configs": "Talos calls it config"},
    "v1alpha1.RegistryMirrorConfig": {
        "endpoint": "Talos calls it endpoints",
        "rewrite": "neither Talos nor containerd can ask an endpoint for another repository",
    },
}
"""What people paste from k3s, by the Go type of the place."""


def _home(struct: Struct, key: str) -> str | None:
    """The field of a struct under which a key belongs, one level below."""
    for name, shape in struct.fields.items():
        inner = shape.item if isinstance(shape, ListOf) else shape
        if isinstance(inner, Struct) and key in inner.fields:
            return f"to an item of {name}" if inner is not shape else f"under {name}"
    return None
