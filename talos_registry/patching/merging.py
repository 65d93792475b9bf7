"""Two sets of values made one, as Talos merges a patch document into a document.

Source: siderolabs/talos, pkg/machinery/config/merge/merge.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.documents.shapes import ListOf, MapOf, ScalarType, Struct

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Shape

__all__ = ["merged"]


def merged(shape: Shape, left: Any, right: Any) -> Any:
    """``left`` with what ``right`` sets: lists grow, empty text changes nothing, flags and base64 data are replaced.

    >>> merged(ListOf(ScalarType.STRING), ["a"], ["a", "b"])
    ['a', 'a', 'b']
    """
    if right is None or left is None:
        return left if right is None else right
    if isinstance(shape, ListOf):
        return [*left, *right]
    if isinstance(shape, MapOf):
        return {**left, **{key: merged(shape.item, left.get(key), value) for key, value in right.items()}}
    if isinstance(shape, Struct) and not shape.base64:
        return {**left, **{key: merged(shape.fields[key], left.get(key), value) for key, value in right.items()}}
    if shape is ScalarType.STRING:
        return right or left
    return right
