"""``$patch: delete`` in the documents of a patch: what is to be deleted, and the document without such statements.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/delete.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.goyaml.nodes import Node

__all__ = ["Selector", "is_deleted_item", "take_deletions"]


class Selector(NamedTuple):
    """One deletion: of the document ``key``, of the value at ``path`` in it, or of the list item with ``item``.

    ``item`` is a key of the item and its text; ``line`` and ``column`` are the place of the statement.
    """

    api_version: str
    kind: str
    name: str
    path: tuple[str, ...]
    item: tuple[str, str]
    line: int
    column: int

    @property
    def key(self) -> str:
        """What Talos finds the document by."""
        return f"{self.api_version}/{self.kind}" + (f"/{self.name}" if self.name else "")


class _Refusal(Exception):  # noqa: N818 - the way out of what Talos refuses
    pass


def take_deletions(root: Node, line: Callable[[], int]) -> tuple[tuple[Selector, ...], bool]:
    """Takes the statements out of a document, in place: the deletions, and whether anything else is left.

    ``line`` finds out where the document begins, its ``---`` included.

    Raises:
        PatchError: with Talos' text for a statement where there can be none.
    """
    search = _Search(root)
    try:
        gone = search.process(None, root, ())
    except _Refusal as refusal:
        error_text = f"error processing patch delete statements at line {line()}: {refusal}"
        raise PatchError(error_text, line=search.place[0], column=search.place[1]) from None
    return tuple(search.selectors), not gone and not _is_empty(root)


class _Search:
    """Walks a document as Talos does, depth first, and takes out each statement when it is met."""

    def __init__(self, root: Node) -> None:
        self.selectors: list[Selector] = []
        self.place = _place(root)
        self._root = root

    def process(self, parent: Node | None, node: Node, path: tuple[str, ...]) -> bool:
        """Whether nothing is left of the node."""
        if isinstance(node, Mapping):
            return self._mapping(parent, node, path)
        if not isinstance(node, Sequence):
            return False
        at = 0
        while at < len(node.content):
            if not self.process(node, node.content[at], (*path, f"[{at}]")):
                at += 1
                continue
            del node.content[at]
            if not node.content:
                return True
        return False

    def _mapping(self, parent: Node | None, node: Mapping, path: tuple[str, ...]) -> bool:
        at = 0
        while at < len(node.content) - 1:
            key, value = node.content[at : at + 2]
            if _is_statement(key, value):
                self.place = _place(key)
                self.selectors.append(self._selector(parent, node, path))
                return True
            if not self.process(node, value, (*path, key.value)):
                at += 2
                continue
            del node.content[at : at + 2]
            if not node.content:
                return True
        return False

    def _selector(self, parent: Node | None, node: Mapping, path: tuple[str, ...]) -> Selector:
        if isinstance(parent, Sequence):
            item = _item(node, path)
        else:
            _check_no_list(path)
            item = ("", "")
        return Selector(*self._document(path), path, item, *self.place)

    def _document(self, path: tuple[str, ...]) -> tuple[str, str, str]:
        """The document to delete from: its apiVersion, kind and name."""
        api_version, kind = (self._text(key, required=not path) for key in ("apiVersion", "kind"))
        if bool(api_version) != bool(kind):
            raise _Refusal(f"kind and apiVersion must be both set for path {'.'.join(path)}")
        return api_version, kind or legacy.KIND, self._text("name")

    def _text(self, key: str, *, required: bool = False) -> str:
        if not isinstance(self._root, Mapping):
            raise _Refusal("expected a mapping node")
        for name, value in pairs(self._root):
            if name.value == key and type(name) is Scalar:
                return value.value
        if required:
            raise _Refusal(f"missing {key} in document for which $patch: delete is used")
        return ""


def _is_statement(key: Node, value: Node) -> bool:
    return type(value) is Scalar and key.value == "$patch" and value.value == "delete"


def _item(node: Mapping, path: tuple[str, ...]) -> tuple[str, str]:
    """What the item to delete has: the first key beside the statement."""
    for key, value in pairs(node):
        if not _is_statement(key, value):
            return key.value, value.value
    raise _Refusal(f"no key:val found in sequence node for path {'.'.join(path)}")


def _check_no_list(path: tuple[str, ...]) -> None:
    """Refuse a path through a list; an empty step makes Talos stumble."""
    for step in path:
        if not step:
            raise _Refusal("runtime error: index out of range [0] with length 0")
        if step[0] == "[":
            raise _Refusal(f"cannot delete an inner key in '{'.'.join(path)}'")


_IDLE_KEYS = frozenset({"version", "kind", "name"})


def _is_empty(root: Node) -> bool:
    """Whether a document says so little that Talos drops it from a patch."""
    return isinstance(root, Mapping) and all(
        type(key) is Scalar and type(value) is Scalar and key.value in _IDLE_KEYS for key, value in pairs(root)
    )


def _place(node: Node) -> tuple[int, int]:
    return node.start_mark.line + 1, node.start_mark.column + 1


def is_deleted_item(item: Node) -> bool:
    """Whether an item of a list says which one is to be deleted."""
    return isinstance(item, Mapping) and any(_is_statement(key, value) for key, value in pairs(item))
