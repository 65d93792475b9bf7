"""Values that do not fit their Go type: what go-yaml says, and what this tool says.

Source: yaml/go-yaml v4, internal/libyaml/constructor.go (tagError and its siblings).
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import Path, Problem
from talos_registry.documents.shapes import Leaf, ListOf, MapOf, Shape, Struct, go_name, go_type
from talos_registry.goyaml.errors import gave_up
from talos_registry.goyaml.nodes import Mapping, Sequence
from talos_registry.goyaml.scalars import base64_error, resolve_plain
from talos_registry.goyaml.tags import scalar_tag, short_tag
from talos_registry.masking import PUBLIC_KEYS, may_be_secret
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from talos_registry.goyaml.nodes import Node, Scalar, Target
    from talos_registry.versions import Release

__all__ = [
    "GaveUp",
    "ProblemAt",
    "base64_problem",
    "binary_text",
    "check_tag",
    "no_alias",
    "no_text",
    "not_read",
    "wrong_type",
]

_RESOLVABLE = frozenset({"!!bool", "!!int", "!!float", "!!null", "!!timestamp"})
_COLLECTION_TAGS = frozenset({"!!map", "!!seq"})
_WANTED = {
    "string": "text",
    "bool": "true or false",
    "url": "a URL",
    "base64": "base64 text",
    "int": "a number",
    "uint": "a number",
    "octal": "a number",
    "float": "a number",
    "duration": "a duration such as 10s",
    "ports": "a port or a range of ports",
    Struct: "a mapping",
    MapOf: "a mapping",
    ListOf: "a list",
}
_SHOWN_BYTES, _LONGEST_SHOWN = 7, 10


class ProblemAt(NamedTuple):
    """A problem of a document, and the node to point at."""

    problem: Problem
    node: Node


class GaveUp(Exception):  # noqa: N818 - the way out of a document Talos gives up on
    """Talos refuses the document, or this tool reads no further.

    ``text`` is what Talos says, empty at a limit of this tool; ``problems`` is what is not yet on record.
    """

    def __init__(self, text: str, *problems: ProblemAt) -> None:
        super().__init__(text)
        self.text = text
        self.problems = problems

    @classmethod
    def at(cls, node: Node, code: str, text: str, message: str, path: Path = ()) -> GaveUp:
        """Give up because of one problem at ``node``."""
        return cls(text, ProblemAt(Problem(code, path, text, message), node))

    def within(self, prefix: str) -> GaveUp:
        """The same as a part of something larger."""
        return GaveUp(prefix + self.text if self.text else "", *self.problems)


def wrong_type(node: Target, shape: Shape, path: Path) -> Problem:
    """The problem of a value that is not what ``shape`` wants."""
    tag = short_tag(node.tag) if node.tag else _implicit_tag(node)
    shown = node.value if tag in _COLLECTION_TAGS else f" `{_shortened(node.value)}`"
    error_text = f"cannot construct {tag}{shown} into {go_name(shape)}"
    message = f"{_where(path)} must be {_wanted(shape)}, not {_what(shape, node, path)}{_advice(shape, node)}."
    return Problem("wrong-type", path, error_text, message)


def no_text(node: Mapping | Sequence, shape: Leaf, path: Path, release: Release) -> Problem:
    """The problem of a collection where a type wants to read a text."""
    tag = short_tag(node.tag) if node.tag else _implicit_tag(node)
    go = go_type(shape) if release.shows_pointers else go_name(shape)
    error_text = f"cannot construct {tag} into {go} (TextUnmarshaler)"
    return Problem(
        "wrong-type", path, error_text, f"{_where(path)} must be {_wanted(shape)}, not {_what(shape, node, path)}."
    )


def no_alias(shape: Leaf, path: Path) -> Problem:
    """The problem of an alias where a type wants to read a text: early releases do not look behind it."""
    error_text = f"cannot construct  into {go_type(shape)} (TextUnmarshaler)"
    return Problem("wrong-type", path, error_text, f"{_where(path)} must be {_wanted(shape)}, not an alias.")


def not_read(shape: Leaf, text: str, path: Path, error_text: str) -> Problem:
    """The problem of a text that a type does not take."""
    shown = "this value" if _is_secret(path) else quoted(text)
    return Problem("wrong-type", path, error_text, f"{_where(path)} must be {_wanted(shape)}, not {shown}.")


def _wanted(shape: Shape) -> str:
    if not isinstance(shape, Leaf):
        return _WANTED[type(shape)]
    return shape.text.wants if shape.text else _WANTED[shape.form]


def _where(path: Path) -> str:
    """The last key of a path, and the list indices after it."""
    indices = ""
    for step in reversed(path):
        if isinstance(step, str):
            return (step if step.isidentifier() else quoted(step)) + indices
        indices = f"[{step}]{indices}"
    return "the document"


def _implicit_tag(node: Target) -> str:
    if isinstance(node, Mapping | Sequence):
        return "!!map" if isinstance(node, Mapping) else "!!seq"
    return scalar_tag(node)


def _what(shape: Shape, node: Target, path: Path) -> str:
    if isinstance(node, Mapping | Sequence):
        return "a mapping" if isinstance(node, Mapping) else "a list"
    if scalar_tag(node) == "!!timestamp":
        return "a date"
    if "\n" in node.value:
        return "text of several lines"
    if not isinstance(shape, Leaf) and _last_key(path) not in PUBLIC_KEYS:
        return "a number" if scalar_tag(node) in {"!!int", "!!float"} else "text"
    return "this value" if _is_secret(path) else quoted(node.value)


def _last_key(path: Path) -> str:
    return next((step for step in reversed(path) if isinstance(step, str)), "")


def _is_secret(path: Path) -> bool:
    return any(isinstance(step, str) and may_be_secret(step) for step in path)


def _advice(shape: Shape, node: Target) -> str:
    if isinstance(node, Mapping) and any(key.value == "$patch" for key in node.content[::2]):
        return "; $patch is for patches (see patch check, and lint --merge)"
    if isinstance(node, Mapping | Sequence):
        return ""
    if scalar_tag(node) == "!!timestamp":
        return "; put it in quotes"
    return "; remove the quotes" if go_name(shape) == "bool" and node.style and node.value in {"true", "false"} else ""


def _shortened(text: str) -> str:
    data = text.encode("utf-8", "surrogateescape")
    if len(data) <= _LONGEST_SHOWN:
        return text
    return data[:_SHOWN_BYTES].decode("utf-8", "surrogateescape") + "..."


def check_tag(node: Scalar, tag: str, path: Path, release: Release) -> None:
    """Give up on a scalar that is not what its explicit tag says."""
    if node.tag is None or tag not in _RESOLVABLE:
        return
    meant = resolve_plain(node.value, dates=tag == "!!timestamp")
    if meant == "!!merge" and release.merge_is_text:
        meant = "!!str"
    if meant == tag or (tag == "!!float" and meant == "!!int"):
        return
    error_text = gave_up("resolver", f"cannot construct {meant} `{node.value}` as a {tag}", None, release)
    raise GaveUp.at(node, "wrong-type", error_text, f"The value is tagged {tag} and is not one.", path)


def binary_text(node: Scalar, path: Path, release: Release) -> str:
    """The text of a ``!!binary`` scalar; bytes that are not UTF-8 become surrogate escapes."""
    if base64_error(node.value) is not None:
        error_text = gave_up("constructor", "!!binary value contains invalid base64 data", node, release)
        raise GaveUp.at(node, "invalid-base64", error_text, "The value is tagged !!binary and is not base64.", path)
    return base64.b64decode(node.value).decode("utf-8", "surrogateescape")


def base64_problem(text: str, path: Path) -> Problem | None:
    """What is wrong with base64 text of the legacy section."""
    offset = base64_error(text)
    if offset is None:
        return None
    error_text = f"illegal base64 data at input byte {offset}"
    if "-----BEGIN" not in text:
        message = f"{path[-1]} is not base64: it stops being so at byte {offset}."
        return Problem("invalid-base64", path, error_text, message)
    message = (
        f"{path[-1]} is PEM text; the legacy section takes base64 of it, a RegistryTLSConfig document the text itself."
    )
    return Problem("wrong-pem-encoding", path, error_text, message)
