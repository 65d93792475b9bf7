"""The operations of a JSON Patch, read from JSON, or from a list in YAML.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/load.go.
"""

from __future__ import annotations

from math import isfinite, isnan
from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.go.json import JsonError, read_json, to_json
from talos_registry.go.strings import text_bytes
from talos_registry.goyaml import Broken, Source, Tree, documents
from talos_registry.goyaml.composer import is_read_ahead, place
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.plain import Plain, TooMuchError, plain_scalar
from talos_registry.goyaml.scalars import resolve_plain
from talos_registry.goyaml.tags import is_merge, is_null, resolved, scalar_tag
from talos_registry.loading.mismatch import GaveUp, binary_text, check_tag
from talos_registry.patching.json_patch import NOTHING, go_kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.go.json import Json
    from talos_registry.goyaml.nodes import Node
    from talos_registry.patching.json_patch import Operation
    from talos_registry.versions import Release

__all__ = ["JsonPatch", "read_operations"]


class JsonPatch(NamedTuple):
    """A JSON Patch: its operations, and the 1-based place of each."""

    operations: tuple[Operation, ...]
    places: tuple[tuple[int, int], ...]


def read_operations(source: Source, release: Release, refused: PatchError, *, looks_like_json: bool) -> JsonPatch:
    """The JSON Patch in a text; ``refused`` is why it is no strategic merge patch.

    Raises:
        PatchError: ``refused``, or with what Go says about JSON if the text looks like that.
    """
    first = next(documents(source, release), None)
    try:
        return _placed(_from_json(read_json(source.data)), first)
    except JsonError as error:
        operations = _from_yaml(first, source, release)
        if operations is not None:
            return _placed(operations, first)
        if not looks_like_json:
            raise refused from None
        line, column = place(source.text, len(source.data[: error.offset].decode("utf-8", "replace")))
        raise PatchError(str(error), line=line, column=column) from None


def _placed(operations: tuple[Operation, ...], first: Tree | Broken | None) -> JsonPatch:
    items = first.root.content if isinstance(first, Tree) and isinstance(first.root, Sequence) else ()
    return JsonPatch(operations, tuple(map(_place, items)))


def _from_json(value: Json) -> tuple[Operation, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise JsonError(f"json: cannot unmarshal {go_kind(value)} into Go value of type jsonpatch.Patch")
    for item in value:
        if item is not None and not isinstance(item, dict):
            raise JsonError(f"json: cannot unmarshal {go_kind(item)} into Go value of type jsonpatch.Operation")
    return tuple(
        {key: NOTHING if member is None else member for key, member in item.items()} if isinstance(item, dict) else {}
        for item in value
    )


def _from_yaml(first: Tree | Broken | None, source: Source, release: Release) -> tuple[Operation, ...] | None:
    """The operations of a list in YAML, None if the text begins with none; no text at all is no operations."""
    if first is None:
        return ()
    if isinstance(first, Broken) or is_read_ahead(source, first.end, release):
        return None
    if isinstance(first.root, Scalar):
        return () if _is_nothing(first.root, release) else None
    if not isinstance(first.root, Sequence):
        return None
    plain = Plain(lambda node: _scalar(node, release))
    try:
        operations = tuple(_operation(item, plain, release) for item in first.root.content)
    except (TooMuchError, GaveUp, _NoOperationError):
        return None
    _check_writable(first.root)
    return operations


def _is_nothing(root: Scalar, release: Release) -> bool:
    """Whether go-yaml reads a scalar as no list at all, not as a wrong one."""
    if is_merge(root):
        return release.merge_makes_empty
    return is_null(root) and resolve_plain(root.value) == "!!null"


def _check_writable(root: Sequence) -> None:
    """Refuse what Go cannot write as JSON: the first such value of the operations, keys in order."""
    for operation in root.content:
        for key, value in _sorted_pairs(resolved(operation)):
            unwritable = next(_unwritable(value), None)
            if unwritable:
                line, column = _place(key)
                raise PatchError(f"json: unsupported {unwritable}", line=line, column=column)


def _unwritable(node: Node) -> Iterator[str]:
    """The types and values within a node that JSON does not have, in Go's words."""
    target = resolved(node)
    if isinstance(target, Sequence):
        for item in target.content:
            yield from _unwritable(item)
    elif isinstance(target, Mapping):
        if not all(_is_string(resolved(key)) for key, _ in pairs(target)):
            yield "type: map[interface {}]interface {}"
        for _, value in _sorted_pairs(target):
            yield from _unwritable(value)
    elif scalar_tag(target) == "!!float" and not isfinite(number := float(plain_scalar(target) or 0)):
        yield "value: NaN" if isnan(number) else f"value: {'+' if number > 0 else '-'}Inf"


def _sorted_pairs(node: Node) -> list[tuple[Node, Node]]:
    return sorted(pairs(node), key=lambda pair: text_bytes(pair[0].value)) if isinstance(node, Mapping) else []


def _is_string(key: Node) -> bool:
    return isinstance(key, Scalar) and scalar_tag(key) in {"!!str", "!!merge", "!"}


class _NoOperationError(Exception):
    pass


def _operation(node: Node, plain: Plain, release: Release) -> Operation:
    target = resolved(node)
    if is_null(node):
        return {}
    if not isinstance(target, Mapping) or _has_bad_key(target):
        raise _NoOperationError
    if not all(_is_text(resolved(key), release) for key in target.content[::2]):
        raise _NoOperationError
    members: dict[str, Json] = to_json(plain.value(node))  # type: ignore[assignment]  # a mapping makes a dict
    empty = {key.value for key, value in pairs(target) if release.merge_makes_empty and is_merge(resolved(value))}
    return {key: NOTHING if key in empty else "null" if member is None else member for key, member in members.items()}


def _is_text(key: Node, release: Release) -> bool:
    """Whether a key can be one of a Go map of strings."""
    if not isinstance(key, Scalar) or is_merge(key):
        return False
    return release.dates_are_text or scalar_tag(key) != "!!timestamp"


def _scalar(node: Scalar, release: Release) -> str | bool | float | None:
    """The value of a scalar as Go writes it in JSON."""
    tag = scalar_tag(node)
    check_tag(node, tag, (), release)
    if tag == "!!binary":
        return binary_text(node, (), release)
    if tag == "!!timestamp" and len(node.value) == len("2006-01-02"):
        return f"{node.value}T00:00:00Z"
    return plain_scalar(node)


def _has_bad_key(node: Node) -> bool:
    """Whether a mapping repeats a key, or has one that is no scalar, here or further down."""
    if not isinstance(node, Mapping):
        return isinstance(node, Sequence) and any(map(_has_bad_key, node.content))
    keys = [resolved(key) for key, _ in pairs(node)]
    is_bad = len({key.value for key in keys}) < len(keys) or any(isinstance(key, Mapping | Sequence) for key in keys)
    return is_bad or any(_has_bad_key(value) for _, value in pairs(node))


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1
