"""RFC 6902 as the library behind Talos applies it, its error texts and its liberties included.

Values are those of ``go_json``; ``NOTHING`` is a ``value`` of null in a JSON text, which is less than a null in YAML.

Source: evanphx/json-patch v5.9.11+incompatible, patch.go.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, TypeVar

from talos_registry.go.json import Json, string_of
from talos_registry.go.url import go_quote
from talos_registry.limits import MAX_DEPTH, MAX_NODES

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["NOTHING", "JsonPatchError", "Operation", "go_kind", "patched", "pointer"]

Operation: TypeAlias = dict[str, Json]
Container: TypeAlias = "dict[str, Json] | list[Json]"

NOTHING = ""
"""The absence of a value."""

_MISSING = "missing value"
T = TypeVar("T")


class JsonPatchError(Exception):
    """An operation that cannot be applied; ``str()`` is the library's text, ``index`` the place of the operation."""

    def __init__(self, text: str, index: int = 0) -> None:
        super().__init__(text)
        self.index = index


def patched(document: dict[str, Json], operations: tuple[Operation, ...]) -> Json:
    """The document after all operations; the one passed in is changed on the way.

    Raises:
        JsonPatchError: for the first operation that fails.
    """
    holder = _Holder(document)
    for index, operation in enumerate(operations):
        kind = _text(operation.get("op"), "unknown", "unknown")
        try:
            _apply(kind, holder, operation)
        except JsonPatchError as error:
            raise JsonPatchError(str(error), index) from None
    return None if isinstance(holder.root, _NilMap) else holder.root


class _NilMap(dict[str, Json]):
    """What a null of YAML is as an object: nothing can be put into it, and Talos crashes when one tries."""

    def __setitem__(self, key: str, value: Json) -> None:
        raise JsonPatchError("assignment to entry in nil map")


class _Holder:
    """The document, which can be replaced as a whole, and how many values have been copied."""

    def __init__(self, root: Json) -> None:
        self.root = root
        self.copied = 0


def _apply(kind: str, holder: _Holder, operation: Operation) -> None:
    if kind not in _KINDS:
        raise JsonPatchError(f"Unexpected kind: {kind}")
    _KINDS[kind](holder, operation)


# The kinds of operations


def _add(holder: _Holder, operation: Operation) -> None:
    path = _path(operation, "add")
    container, key = _find(holder, path, f'add operation does not apply: doc is missing path: "{path}"')
    _within(f"error in add for path: '{path}'", lambda: _put(container, key, operation.get("value")))


def _remove(holder: _Holder, operation: Operation) -> None:
    path = _path(operation, "remove")
    container, key = _find(holder, path, f'remove operation does not apply: doc is missing path: "{path}"')
    _within(f"error in remove for path: '{path}'", lambda: _take(container, key))


def _replace(holder: _Holder, operation: Operation) -> None:
    path = _path(operation, "replace")
    if path == "":
        value = operation.get("value")
        if not isinstance(value, dict | list) and value != "null":
            raise JsonPatchError("replace operation value must be object or array: %!w(<nil>)")
        holder.root = _NilMap() if value == "null" else value
        return
    container, key = _find(holder, path, f"replace operation does not apply: doc is missing path: {path}")
    try:
        _get(container, key)
    except JsonPatchError:
        raise JsonPatchError(f"replace operation does not apply: doc is missing key: {path}: {_MISSING}") from None
    if isinstance(container, dict):
        container[key] = operation.get("value")
    else:
        container[_index(key)] = operation.get("value")


def _move(holder: _Holder, operation: Operation) -> None:
    source = _from(operation, "move")
    container, key = _find(holder, source, f"move operation does not apply: doc is missing from path: {source}")
    where = f"error in move for path: '{key}'"
    value = _within(where, lambda: _get(container, key))
    _within(where, lambda: _take(container, key))
    path = _path(operation, "move")
    target, name = _find(holder, path, f"move operation does not apply: doc is missing destination path: {path}")
    _within(f"error in move for path: '{path}'", lambda: _put(target, name, value))


def _copy(holder: _Holder, operation: Operation) -> None:
    source = _from(operation, "copy")
    container, key = _find(holder, source, f"copy operation does not apply: doc is missing from path: {source}")
    value = _within(f"error in copy for from: '{source}'", lambda: _get(container, key))
    path = _path(operation, "copy")
    target, name = _find(holder, path, f"copy operation does not apply: doc is missing destination path: {path}")
    holder.copied += _size(value)
    if holder.copied > MAX_NODES:
        raise JsonPatchError(f"the copies are larger than the {MAX_NODES} nodes this tool reads")
    _within("error while adding value during copy", lambda: _put(target, name, _deep_copy(value)))


def _test(holder: _Holder, operation: Operation) -> None:
    path = _path(operation, "test")
    failed = JsonPatchError(f"testing value {path} failed: test failed")
    wanted = operation.get("value")
    if path == "":
        if not _equal(holder.root, wanted):
            raise failed
        return
    container, key = _find(holder, path, f"test operation does not apply: is missing path: {path}")
    value = _within(f"error in test for path: '{path}'", lambda: _get(container, key))
    if value is None or wanted is None:
        if value is not None or wanted not in (None, NOTHING):
            raise failed
    elif not _equal(value, wanted):
        raise failed


_KINDS: dict[str, Callable[[_Holder, Operation], None]] = {
    "add": _add,
    "remove": _remove,
    "replace": _replace,
    "move": _move,
    "test": _test,
    "copy": _copy,
}


# What an operation says


_TERSE = frozenset({"add", "remove", "copy"})
"""The operations that do not say what is wrong with their path."""


def _path(operation: Operation, kind: str) -> str:
    try:
        return _text(operation.get("path"), "operation missing path field: missing value")
    except JsonPatchError as error:
        reason = _MISSING if kind in _TERSE else error
        raise JsonPatchError(f"{kind} operation failed to decode path: {reason}") from None


def _from(operation: Operation, kind: str) -> str:
    return _within(
        f"{kind} operation failed to decode from",
        lambda: _text(operation.get("from"), "operation, missing from field: missing value"),
    )


def _text(value: Json, missing: str, otherwise: str | None = None) -> str:
    """The string that a member is; ``otherwise`` stands for what is none."""
    if value is None or value == NOTHING:
        if otherwise is None:
            raise JsonPatchError(missing)
        return otherwise
    if value == "null":
        return ""
    if isinstance(value, str) and value.startswith('"'):
        return string_of(value)
    if otherwise is None:
        raise JsonPatchError(f"json: cannot unmarshal {go_kind(value)} into Go value of type string")
    return otherwise


def go_kind(value: Json) -> str:
    """What Go calls a JSON value that does not fit."""
    if isinstance(value, dict):
        return "object"
    if isinstance(value, list):
        return "array"
    if value is None or value in ("true", "false"):
        return "bool"
    return "string" if value.startswith('"') else "number"


def _within(prefix: str, step: Callable[[], T]) -> T:
    try:
        return step()
    except JsonPatchError as error:
        raise JsonPatchError(f"{prefix}: {error}") from None


# Where it points


def _find(holder: _Holder, path: str, missing: str) -> tuple[Container, str]:
    """The object or list that the last step of a path is a part of, and that step."""
    steps = _steps(path)
    if len(steps) > MAX_DEPTH:
        raise JsonPatchError(f"the path has more than the {MAX_DEPTH} steps this tool follows")
    place: Json = holder.root
    for step in steps[1:-1]:
        place = _inner(place, step)
    if len(steps) == 1 or not isinstance(place, dict | list):
        raise JsonPatchError(f"{missing}: {_MISSING}")
    return place, steps[-1]


def _steps(path: str) -> list[str]:
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")]


def pointer(value: Json) -> list[str] | None:
    """The steps of a JSON pointer, None if the value is none."""
    return _steps(string_of(value))[1:] if isinstance(value, str) and value.startswith('"') else None


def _inner(place: Json, step: str) -> Json:
    if not isinstance(place, dict | list):
        return None
    try:
        value = _get(place, step)
    except JsonPatchError:
        return None
    return _NilMap() if value == "null" else value


_NUMBER = re.compile(r"[-+]?[0-9]+", re.ASCII)


def _index(step: str) -> int:
    if not _NUMBER.fullmatch(step):
        raise JsonPatchError(f"strconv.Atoi: parsing {go_quote(step)}: invalid syntax")
    return int(step)


def _checked_index(step: str, length: int) -> int:
    index = _index(step)
    if not -length <= index < length:
        raise JsonPatchError(f"Unable to access invalid index: {index}: invalid index referenced")
    return index


def _get(container: Container, step: str) -> Json:
    if isinstance(container, dict):
        return container.get(step)
    return container[_checked_index(step, len(container))]


def _put(container: Container, step: str, value: Json) -> None:
    if isinstance(container, dict):
        container[step] = value
        return
    if step == "-":
        container.append(value)
        return
    try:
        _index(step)
    except JsonPatchError as error:
        raise JsonPatchError(f"value was not a proper array index: '{step}': {error}") from None
    length = len(container) + 1
    container.insert(_checked_index(step, length) % length, value)


def _take(container: Container, step: str) -> None:
    if isinstance(container, list):
        del container[_checked_index(step, len(container))]
    elif step in container:
        del container[step]
    else:
        raise JsonPatchError(f"Unable to remove nonexistent key: {step}: {_MISSING}")


def _deep_copy(value: Json) -> Json:
    if isinstance(value, dict):
        return {key: _deep_copy(item) for key, item in value.items()}
    return [_deep_copy(item) for item in value] if isinstance(value, list) else value


def _size(value: Json) -> int:
    """How many values there are in a value, itself included."""
    if isinstance(value, dict):
        return 1 + sum(map(_size, value.values()))
    return 1 + sum(map(_size, value)) if isinstance(value, list) else 1


def _equal(left: Json, right: Json) -> bool:
    """Whether two values are the same, scalars to the letter; a null of YAML is as good as an empty collection."""
    if left == "null" or right == "null":
        return left in ("null", {}, []) and right in ("null", {}, [])
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and left.keys() == right.keys()
            and all(_equal(value, right[key]) for key, value in left.items())
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(_equal, left, right))
    return left == right
