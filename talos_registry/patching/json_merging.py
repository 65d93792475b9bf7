"""A JSON Patch applied to a document, by way of the YAML that Talos writes and reads again.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/json6902.go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents import legacy
from talos_registry.documents.encoder import encoded
from talos_registry.documents.shapes import Struct
from talos_registry.go.json import to_json, to_plain
from talos_registry.goyaml import Source, write
from talos_registry.goyaml.emitter import Text
from talos_registry.goyaml.representer import from_value, natural_key
from talos_registry.loading.verdict import judge
from talos_registry.patching.documents import Draft, document_key, foreign_part, struct_of
from talos_registry.patching.json_patch import JsonPatchError, patched, pointer
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.patching.json_patch import Operation
    from talos_registry.versions import Release

__all__ = ["PlacedOperation", "is_foreign", "with_operations"]


class PlacedOperation(NamedTuple):
    """An operation, the index of its patch, and its place there."""

    operation: Operation
    patch_index: int
    line: int
    column: int


def with_operations(draft: Draft, steps: Sequence[PlacedOperation], release: Release) -> Draft:
    """The document after all operations.

    Raises:
        PatchError: with Talos' text if an operation fails or the result is no document any more.
    """
    struct = struct_of(draft.kind)
    if struct is None or draft.values is None:
        raise PatchError(
            f"this tool cannot patch {draft.key}: it does not read documents of that kind",
            patch_index=steps[0].patch_index,
        )
    if struct is legacy.CONFIG:
        _check_reach(steps)
    document = to_json(encoded(struct, draft.values))
    assert isinstance(document, dict)
    try:
        result = patched(document, tuple(step.operation for step in steps))
        text = write(from_value(_sorted(to_plain(result)), _YAML_V2))
    except JsonPatchError as error:
        error_text = f"failure applying rfc6902 patches to talos machine config: {error}"
        raise _error(error_text, steps[error.index]) from None
    except RecursionError:
        raise _error("the operations nest values deeper than this tool follows", steps[-1]) from None
    return _read_again(draft, text, steps, release)


def _error(text: str, step: PlacedOperation) -> PatchError:
    return PatchError(text, patch_index=step.patch_index, line=step.line, column=step.column)


def _read_again(draft: Draft, text: str, steps: Sequence[PlacedOperation], release: Release) -> Draft:
    judged = judge(Source.of_decoded(text), "", release)
    if not judged.loads:
        raise _error(judged.talos_error or judged.diagnostics[0].message, steps[-1])
    (entry,) = judged.entries
    key = document_key(entry.kind, entry.identity, entry.values)
    if entry.kind == draft.kind:
        return replace(draft, key=key, values=entry.values)
    return Draft(key, entry.kind, text, entry.values, entry.values, draft.origin)


_YAML_V2 = release_of("1.12")
"""The release whose words need the quotes that they get here in every release, from a YAML library of its own."""


def _sorted(value: Any) -> Any:
    """The data with the keys of mappings in the order Talos writes those of a map, and ``<<`` without quotes."""
    if value == "<<":
        return Text("<<")
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=natural_key)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value


def is_foreign(draft: Draft, step: PlacedOperation) -> bool:
    """Whether an operation reaches into what is not decoded."""
    return struct_of(draft.kind) is None or (draft.kind == legacy.KIND and _foreign_path(step) is not None)


def _check_reach(steps: Sequence[PlacedOperation]) -> None:
    """Refuse operations on what is not decoded."""
    for step in steps:
        path = _foreign_path(step)
        if path is not None:
            error = foreign_part(tuple(path), step.line, step.column)
            error.patch_index = step.patch_index
            raise error


def _foreign_path(step: PlacedOperation) -> Sequence[str] | None:
    paths = (pointer(step.operation.get(name)) for name in ("path", "from"))
    return next((path for path in paths if path is not None and _is_foreign(path)), None)


def _is_foreign(path: Sequence[str]) -> bool:
    """Whether a path leads to what is not decoded, or to a whole of which that is a part."""
    if not path:
        return True
    shape: Any = legacy.CONFIG
    for step in path:
        if not isinstance(shape, Struct):
            return False
        if step not in shape.fields:
            return shape.undecoded is None and shape.lets_pass(step)
        shape = shape.fields[step]
    return isinstance(shape, Struct) and shape.undecoded is None
