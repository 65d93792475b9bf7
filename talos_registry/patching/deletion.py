"""``$patch: delete``: the statements in a patch document, and what they take out of a document.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/{delete,selector}.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.shapes import ANY, Leaf, ListOf, MapOf, Struct, go_type, is_pointer, zero
from talos_registry.goyaml.nodes import Mapping, Scalar, Sequence, pairs

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.goyaml.nodes import Node

__all__ = ["Selector", "take_deletions"]


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

    def applied(self, struct: Struct, values: Values) -> Values | None:
        """The values without what is selected; None if that is all of them.

        Raises:
            PatchError: with Talos' text if there is nothing at the path, or if Talos does not delete there.
        """
        try:
            self._check(struct, values)
            return _without(struct, values, self.path, self) if self.path else None
        except _Crash:
            raise PatchError(_NO_URL, line=self.line, column=self.column) from None
        except _Refusal as refusal:
            raise PatchError(self._error_text(struct, values, refusal), line=self.line, column=self.column) from None

    def _check(self, struct: Struct, values: Values) -> None:
        """Refuse a document that deletions have made another one."""
        name = values.get("name", "")
        if self.name and name != self.name:
            raise _Refusal(f"name mismatch, expected {self.name}, got {name}")
        if _document(struct, values) != f"{self.api_version}/{self.kind}":
            raise _Refusal(f"incorrect document type for {self.api_version}/{self.kind}")

    def _error_text(self, struct: Struct, values: Values, refusal: _Refusal) -> str:
        path, document = ".".join(self.path), _document(struct, values)
        reason = f"failed to delete path '{path}': {refusal}" if isinstance(refusal, _Lookup) else str(refusal)
        if self.name:
            return f"named patch delete: document {document}: {reason}"
        return f"patch delete: path '{path}' in document '{document}': {reason}"


def _document(struct: Struct, values: Values) -> str:
    """The document as Talos prints it: apiVersion and kind."""
    return f"/{legacy.KIND}" if struct.go == legacy.GO else f"{values.get('apiVersion', '')}/{values.get('kind', '')}"


class _Refusal(Exception):  # noqa: N818 - the way out of what Talos refuses
    pass


class _Lookup(_Refusal):
    """Nothing is found at the path."""


class _Crash(Exception):  # noqa: N818 - the way out of what makes Talos crash
    pass


_NO_URL = "runtime error: invalid memory address or nil pointer dereference"
"""What Talos dies of when it compares a URL that is missing."""


# Finding the statements


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


# Taking out


_FAILED = "lookup failed"


def _without(shape: Shape, value: Any, path: tuple[str, ...], selector: Selector) -> Any:
    if isinstance(shape, Struct):
        return _without_member(shape, value, path, selector)
    if isinstance(shape, MapOf):
        return _without_entry(shape, value, path, selector)
    if isinstance(shape, ListOf):
        return _without_item(shape, value or [], path, selector.item)
    if shape is ANY and isinstance(value, dict | list):
        return _without(MapOf(ANY) if isinstance(value, dict) else ListOf(ANY), value, path, selector)
    raise _Lookup(_FAILED)


def _without_member(struct: Struct, values: Values | None, path: tuple[str, ...], selector: Selector) -> Values | None:
    step, *rest = path
    if (values is None and struct.is_pointer) or struct.base64:
        raise _Lookup(_FAILED)
    if step not in struct.fields:
        if struct.is_open:
            return _without_entry(MapOf(ANY), values, path, selector)
        raise _Lookup(_FAILED)
    return _replaced(struct.fields[step], values, step, tuple(rest), selector)


def _without_entry(shape: MapOf, entries: Values | None, path: tuple[str, ...], selector: Selector) -> Values | None:
    step, *rest = path
    if step not in (entries or {}):
        raise _Lookup(_FAILED)
    return _replaced(shape.item, entries, step, tuple(rest), selector)


def _replaced(
    shape: Shape, values: Values | None, step: str, rest: tuple[str, ...], selector: Selector
) -> Values | None:
    """The mapping without the member ``step``, or with what is left of it."""
    others = {key: value for key, value in (values or {}).items() if key != step}
    if not rest:
        return None if values is None else others
    left = _without(shape, (values or {}).get(step), rest, selector)
    if left is None:
        return None if values is None else others
    return {**(values or {}), step: left}


def _without_item(shape: ListOf, items: list[Any], path: tuple[str, ...], item: tuple[str, str]) -> list[Any]:
    step, *rest = path
    if rest:
        raise _Lookup("searching for complex paths in slices is not supported")
    if not step:
        raise _Lookup("searching for '' in a slice is not supported")
    if step[0] != "[":
        raise _Lookup("searching for non-integer keys in slices is not supported")
    for at, candidate in enumerate(items):
        if (
            isinstance(shape.item, Struct)
            and not shape.item.base64
            and item[0] in shape.item.fields
            and _go_text(shape.item, candidate, item[0]) == item[1]
        ):
            return [*items[:at], *items[at + 1 :]]
    raise _Lookup(_FAILED)


def _go_text(struct: Struct, values: Values, key: str) -> str:
    """A member as Go prints it when it is compared."""
    shape, value = struct.fields[key], values.get(key)
    if not isinstance(shape, Leaf):
        return f"<{go_type(shape)} Value>"
    if shape.form == "url":
        if not value:
            raise _Crash
        return str(value)
    if shape.form == "string" and not is_pointer(shape):
        return value or ""
    if shape.form in _PRINTED or (shape.text is not None and not is_pointer(shape)):
        printed = str(zero(shape) if value is None else value)
        return printed or (shape.text.unset if shape.text else "")
    return f"<{go_type(shape)} Value>"


_PRINTED = frozenset({"duration", "octal"})
"""The types that say what they hold."""
