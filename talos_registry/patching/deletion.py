"""What ``$patch: delete`` takes out of a document.

Source: siderolabs/talos, pkg/machinery/config/configloader/internal/decoder/selector.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.shapes import ANY, Leaf, ListOf, MapOf, Struct, go_type, is_pointer, zero

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Shape, Values
    from talos_registry.loading.statements import Selector

__all__ = ["Copies", "without_selected"]


class Copies:
    """The mappings that a patch has copied: what it deletes next from one of them costs no further copy."""

    def __init__(self) -> None:
        self._own: dict[int, Values] = {}

    def of(self, values: Values) -> Values:
        """The mapping itself if it is a copy, else a copy of it."""
        if id(values) not in self._own:
            values = dict(values)
            self._own[id(values)] = values
        return values


def without_selected(selector: Selector, struct: Struct, values: Values, copies: Copies) -> Values | None:
    """The values of a document without what is selected; None if that is all of them.

    Only ``copies`` are changed.

    Raises:
        PatchError: with Talos' text if there is nothing at the path, or if Talos does not delete there.
    """
    try:
        _check(selector, struct, values)
        return _without(struct, values, selector.path, _Deletion(selector.item, copies)) if selector.path else None
    except _Crash:
        raise PatchError(_NO_URL, line=selector.line, column=selector.column) from None
    except _Refusal as refusal:
        error_text = _error_text(selector, struct, values, refusal)
        raise PatchError(error_text, line=selector.line, column=selector.column) from None


def _check(selector: Selector, struct: Struct, values: Values) -> None:
    """Refuse a document that deletions have made another one."""
    name = values.get("name", "")
    if selector.name and name != selector.name:
        raise _Refusal(f"name mismatch, expected {selector.name}, got {name}")
    wanted = f"{selector.api_version}/{selector.kind}"
    if _document(struct, values) != wanted:
        raise _Refusal(f"incorrect document type for {wanted}")


def _error_text(selector: Selector, struct: Struct, values: Values, refusal: _Refusal) -> str:
    path, document = ".".join(selector.path), _document(struct, values)
    reason = f"failed to delete path '{path}': {refusal}" if isinstance(refusal, _Lookup) else str(refusal)
    if selector.name:
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


_FAILED = "lookup failed"


class _Deletion(NamedTuple):
    """The item that is meant where the path ends in a list, and what may be changed."""

    item: tuple[str, str]
    copies: Copies


def _without(shape: Shape, value: Any, path: tuple[str, ...], deletion: _Deletion) -> Any:
    if isinstance(shape, Struct):
        return _without_member(shape, value, path, deletion)
    if isinstance(shape, MapOf):
        return _without_entry(shape, value, path, deletion)
    if isinstance(shape, ListOf):
        return _without_item(shape, value or [], path, deletion.item)
    if shape is ANY and isinstance(value, dict | list):
        return _without(MapOf(ANY) if isinstance(value, dict) else ListOf(ANY), value, path, deletion)
    raise _Lookup(_FAILED)


def _without_member(struct: Struct, values: Values | None, path: tuple[str, ...], deletion: _Deletion) -> Values | None:
    step, *rest = path
    if (values is None and struct.is_pointer) or struct.base64:
        raise _Lookup(_FAILED)
    if step not in struct.fields:
        if struct.is_open:
            return _without_entry(MapOf(ANY), values, path, deletion)
        raise _Lookup(_FAILED)
    return _replaced(struct.fields[step], values, step, tuple(rest), deletion)


def _without_entry(shape: MapOf, entries: Values | None, path: tuple[str, ...], deletion: _Deletion) -> Values | None:
    step, *rest = path
    if step not in (entries or {}):
        raise _Lookup(_FAILED)
    return _replaced(shape.item, entries, step, tuple(rest), deletion)


def _replaced(
    shape: Shape, values: Values | None, step: str, rest: tuple[str, ...], deletion: _Deletion
) -> Values | None:
    """The mapping without the member ``step``, or with what is left of it."""
    left = _without(shape, (values or {}).get(step), rest, deletion) if rest else None
    if values is None and left is None:
        return None
    copied = deletion.copies.of(values or {})
    if left is None:
        copied.pop(step, None)
    else:
        copied[step] = left
    return copied


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
