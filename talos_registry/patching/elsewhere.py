"""The undecoded parts of the kind-less document, as plain data to be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.shapes import Struct
from talos_registry.goyaml import Tree, documents
from talos_registry.goyaml.nodes import Mapping
from talos_registry.goyaml.plain import Plain, TooMuchError

if TYPE_CHECKING:
    from talos_registry.documents.shapes import Values
    from talos_registry.patching.documents import Draft
    from talos_registry.versions import Release

__all__ = ["elsewhere", "is_same_elsewhere"]


def is_same_elsewhere(old: Draft, new: Draft, release: Release) -> bool:
    """Whether two documents agree in what this library does not decode.

    Raises:
        PatchError: if there is too much of it.
    """
    return old.kind != legacy.KIND or old.text == new.text or elsewhere(old, release) == elsewhere(new, release)


def elsewhere(draft: Draft, release: Release) -> Values:
    """What a kind-less document holds that this library does not decode, below the same keys.

    Raises:
        PatchError: if that is too much.
    """
    roots = [item.root for item in documents(draft.text, release) if isinstance(item, Tree)]
    root = next((root for root in roots if isinstance(root, Mapping)), None)
    try:
        return {} if root is None else _foreign(legacy.CONFIG, Plain().value(root))
    except TooMuchError as error:
        raise PatchError(str(error)) from None


def _foreign(struct: Struct, data: Any) -> Values:
    """The members that are no fields of the struct or of one in it."""
    members: Values = {}
    for key, value in data.items() if isinstance(data, dict) else ():
        shape = struct.fields.get(key)
        left = _foreign(shape, value) if isinstance(shape, Struct) else value if shape is None else None
        if left not in (None, {}):
            members[key] = left
    return members
