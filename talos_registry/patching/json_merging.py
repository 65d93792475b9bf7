"""A JSON Patch applied to a document, by way of the YAML that Talos writes and reads again.

Source: siderolabs/talos, pkg/machinery/config/configpatcher/json6902.go.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

from talos_registry.diagnostic import PatchError
from talos_registry.documents.encoder import encoded
from talos_registry.go.json import to_json, to_plain
from talos_registry.goyaml import Source, documents, write
from talos_registry.goyaml.emitter import Text
from talos_registry.goyaml.representer import from_value, natural_key
from talos_registry.loading.verdict import judge_documents
from talos_registry.patching.documents import drafted
from talos_registry.patching.json_patch import JsonPatchError, patched
from talos_registry.versions import release_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from talos_registry.patching.documents import Draft
    from talos_registry.patching.json_patch import Operation
    from talos_registry.versions import Release

__all__ = ["PlacedOperation", "with_operations"]


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
    if draft.struct is None or draft.values is None:
        raise PatchError(
            f"this tool cannot patch {draft.key}: it does not read documents of that kind",
            patch_index=steps[0].patch_index,
        )
    document = to_json(encoded(draft.struct, draft.values))
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
    source = Source.of_decoded(text)
    judged = judge_documents(documents(source, release), source, "", release)
    if not judged.loads:
        raise _error(judged.talos_error or judged.diagnostics[0].message, steps[-1])
    (entry,) = judged.entries
    new = drafted(entry.kind, entry.identity, text, entry.values, release, draft.origin)
    return replace(draft, key=new.key, values=new.values) if entry.kind == draft.kind else new


_YAML_V2 = release_of("1.12")
"""The release whose words need the quotes that they get here in every release, from a YAML library of its own."""


def _sorted(value: Any) -> Any:
    """The data with the keys of mappings in the order Talos writes those of a map, and ``<<`` without quotes."""
    if value == "<<":
        return Text("<<")
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=natural_key)}
    return [_sorted(item) for item in value] if isinstance(value, list) else value
