"""The documents of a patch as far as they can be judged without the config that it is for.

A strategic merge patch holds documents with statements; of a JSON Patch each operation with a value is a document that
holds this value at its path.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from yaml.events import ScalarEvent

from talos_registry.documents import legacy
from talos_registry.documents.kinds import struct_of
from talos_registry.documents.shapes import ListOf, MapOf, Struct
from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.nodes import Collection, Mapping, Scalar, Sequence, pairs
from talos_registry.goyaml.paths import members
from talos_registry.goyaml.tags import is_null, resolved
from talos_registry.loading.statements import is_deleted_item, take_deletions
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.documents.shapes import Shape
    from talos_registry.goyaml import Broken, Source
    from talos_registry.goyaml.nodes import Node, Target
    from talos_registry.versions import Release

__all__ = ["Operation", "is_skipped_item", "patch_documents", "without_statements"]

_Made = TypeVar("_Made", bound=Collection)
_ROOT_KEYS = legacy.MARKS | {"version"}
_MAX_STEPS = 32
"""Values at paths of this length or more are not judged; no setting of Talos lies so deep."""


def patch_documents(source: Source, release: Release) -> Iterator[Tree | Broken]:
    """The documents of a patch, nulls included; of a JSON Patch what its operations hold."""
    index = 0
    for item in documents(source, release):
        parts = _operations(item, release) if isinstance(item, Tree) and isinstance(item.root, Sequence) else [item]
        for part in parts:
            yield part._replace(index=index)
            index += not (isinstance(part, Tree) and part.is_null)


def is_skipped_item(item: Node) -> bool:
    """Whether an item of a list counts for nothing when what a patch adds is decoded."""
    return is_null(item) or is_deleted_item(item)


# Strategic merge


def without_statements(tree: Tree) -> tuple[Mapping | None, bool]:
    """What a document of a patch adds, None if that is nothing, and whether it deletes something.

    Raises:
        PatchError: with Talos' text for a statement where there can be none.
    """
    root = _copied(tree.root)
    selectors, is_left = take_deletions(root, lambda: tree.root.start_mark.line + 1)
    return (root if is_left and isinstance(root, Mapping) else None), bool(selectors)


def _copied(node: Node) -> Node:
    """The same scalars in collections of their own; without recursion, because texts are deep."""
    root = _shallow(node)
    waiting = [root]
    while waiting:
        parent = waiting.pop()
        if isinstance(parent, Collection):
            parent.content = [_shallow(child) for child in parent.content]
            waiting.extend(parent.content)
    return root


def _shallow(node: Node) -> Node:
    if not isinstance(node, Collection):
        return node
    copy: Mapping | Sequence = node.__class__.__new__(node.__class__)
    copy.anchor, copy.tag, copy.flow, copy.content = node.anchor, node.tag, node.flow, node.content
    copy.start_mark, copy.end_mark = node.start_mark, node.end_mark
    return copy


# JSON Patch


class Operation(Mapping):
    """The root of a document that stands for an operation of a JSON Patch: its value at its path, or all the rest of it."""

    __slots__ = ("fault", "op")

    op: Target | None
    fault: tuple[str, Node] | None
    """Why no config takes it, and where that is to be seen."""

    @property
    def adds(self) -> bool:
        """Whether a config holds the value afterwards."""
        return self.op is not None and self.op.value in {"add", "replace"}


def _operations(tree: Tree, release: Release) -> Iterator[Tree]:
    assert isinstance(tree.root, Sequence)
    shape = struct_of(legacy.KIND, release)
    for item in map(resolved, tree.root.content):
        keys = members(item)
        path = keys.get("path")
        first, *steps = _steps(path)
        is_known = "value" in keys and first in _ROOT_KEYS and len(steps) < _MAX_STEPS
        if isinstance(path, Scalar) and is_known:
            root = _around(keys["value"], path, [first, *steps], shape)
            root.op, root.fault = keys.get("op"), None
            yield tree._replace(root=root)
        yield tree._replace(root=_rest(item, is_known=is_known))


def _rest(item: Target, *, is_known: bool) -> Operation:
    """An operation without the value that another document holds; what is in it may have to be hidden."""
    parts = pairs(item) if isinstance(item, Mapping) else [(item, item)]
    kept = [pair for pair in parts if not is_known or resolved(pair[0]).value != "value"]
    root = _made(Operation, item, [node for pair in kept for node in pair])
    root.op, root.fault = None, _fault(item)
    return root


_KINDS = ("add", "remove", "replace", "move", "copy", "test")


def _fault(item: Target) -> tuple[str, Node] | None:
    keys = members(item)
    op = keys.get("op")
    if not isinstance(item, Mapping) or op is None or not isinstance(keys.get("path"), Scalar):
        return "an operation of a JSON Patch has op and path", item
    if op.value not in _KINDS:
        return f"there is no operation {quoted(op.value)}; there are {', '.join(_KINDS)}", op
    return (
        ("it says not from where, which is its from", op)
        if op.value in {"move", "copy"} and "from" not in keys
        else None
    )


def _steps(path: Target | None) -> list[str]:
    """The steps of a JSON pointer; an empty one if it is none."""
    before, *steps = path.value.split("/") if isinstance(path, Scalar) else [""]
    return [step.replace("~1", "/").replace("~0", "~") for step in steps] if steps and not before else [""]


def _around(value: Target, path: Scalar, steps: list[str], shape: Shape | None) -> Operation:
    """A document that holds a value at a path and nothing else; all that is made up stands where the path does."""
    shapes = [shape]
    for step in steps:
        shapes.append(_inner(shapes[-1], step))
    node: Target = value
    for step, holder in zip(reversed(steps), reversed(shapes[:-1]), strict=True):
        if _is_list(holder, step):
            node = _made(Sequence, path, [node])
        else:
            node = _made(Operation, path, [_key(step, path), node])
    assert isinstance(node, Operation)
    return node


def _inner(shape: Shape | None, step: str) -> Shape | None:
    if isinstance(shape, Struct):
        return shape.fields.get(step)
    return shape.item if isinstance(shape, MapOf | ListOf) else None


def _is_list(shape: Shape | None, step: str) -> bool:
    return isinstance(shape, ListOf) or (not isinstance(shape, MapOf | Struct) and (step == "-" or step.isdecimal()))


def _made(kind: type[_Made], path: Target, content: list[Node]) -> _Made:
    node = kind.__new__(kind)
    node.anchor = node.tag = None
    node.flow = True
    node.start_mark, node.end_mark = path.start_mark, path.end_mark
    node.content = content
    return node


def _key(step: str, path: Scalar) -> Scalar:
    event: Any = ScalarEvent  # which is what scalars are
    key: Scalar = event(None, None, (True, False), step, path.start_mark, path.end_mark, style='"')
    return key
