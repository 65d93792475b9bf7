"""What a JSON Schema finds wrong with a document, in the user's words: one finding per leaf, and no secret among them."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from talos_registry.diagnostic import Path, dotted
from talos_registry.goyaml.scalars import BOOL_WORDS, resolve_plain
from talos_registry.masking import mask_path, may_be_secret
from talos_registry.messages import did_you_mean, printable, quoted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["SchemaFinding", "findings"]

_Error: TypeAlias = Any
"""A ``jsonschema.ValidationError``; to its type every field may be unset, which in an error found none is."""


class SchemaFinding(NamedTuple):
    """One thing the schema refuses; ``is_key``: the key at ``path`` is unknown, whatever its value."""

    path: Path
    message: str
    is_key: bool = False


def findings(errors: Iterable[_Error]) -> Iterator[SchemaFinding]:
    """The findings that jsonschema's errors come down to, each once; what Talos takes all the same is none."""
    told: set[SchemaFinding] = set()
    leaves = (leaf for error in errors for leaf in _leaves(error) if not _is_taken(leaf))
    for finding in (finding for leaf in leaves for finding in _findings(leaf)):
        if finding not in told:
            told.add(finding)
            yield finding


def _leaves(error: _Error) -> Iterator[_Error]:
    """The error itself, or those of the alternative that the value comes nearest to."""
    alternatives: dict[Any, list[_Error]] = defaultdict(list)
    for inner in error.context or ():
        alternatives[next(iter(inner.relative_schema_path), None)].append(inner)
    near = [errors for errors in alternatives.values() if not any(map(_is_of_another_type, errors))]
    if not near:
        yield error
        return
    for inner in min(near, key=len):
        yield from _leaves(inner)


def _is_of_another_type(error: _Error) -> bool:
    return error.validator == "type" and not error.relative_path and not _is_taken(error)


def _is_taken(error: _Error) -> bool:
    """Whether Talos takes the value in any document: null as not set, numbers as text, ``yes`` as a boolean.

    Source: yaml/go-yaml v4, internal/libyaml/constructor.go (scalar).
    """
    given = error.instance
    if given is None or error.validator != "type":
        return given is None
    if "boolean" in _types(error) and isinstance(given, str):
        return given in BOOL_WORDS
    return _is_plain_text(error) and re.search(error.schema.get("pattern", ""), _text(given)) is not None


def _is_plain_text(error: _Error) -> bool:
    """Whether a number or boolean stands where text is wanted."""
    return "string" in _types(error) and isinstance(error.instance, bool | int | float)


def _text(given: bool | float) -> str:
    return str(given).lower()


def _findings(error: _Error) -> Iterator[SchemaFinding]:
    path = tuple(error.absolute_path)
    if error.validator == "additionalProperties":
        yield from (_unknown_key(path, key, error.schema.get("properties", {})) for key in _extra_keys(error))
    elif error.validator == "required" and isinstance(error.validator_value, list):
        yield from (_missing_key(path, key) for key in error.validator_value if key not in error.instance)
    elif error.validator is None:
        yield SchemaFinding(path, f"{_where(path)} holds what the schema forbids.")  # jsonschema does not say where
    else:
        yield SchemaFinding(path, f"{_where(path)} {_requirement(error, path)}")


# Keys


def _extra_keys(error: _Error) -> Iterator[str]:
    known, patterns = error.schema.get("properties", {}), error.schema.get("patternProperties", {})
    for key in error.instance:
        if key not in known and not any(re.search(pattern, key) for pattern in patterns):
            yield key


_MOST_LISTED = 10


def _unknown_key(path: Path, key: str, known: Mapping[str, Any]) -> SchemaFinding:
    if key == "<<":
        return SchemaFinding((*path, key), "Talos does not take YAML merge keys; write the keys out.", is_key=True)
    listed = f"; known here: {', '.join(known)}." if 0 < len(known) <= _MOST_LISTED else "."
    message = f"Unknown key {quoted(key)}{did_you_mean(key, known, otherwise=listed)}"
    return SchemaFinding((*path, key), message, is_key=True)


def _missing_key(path: Path, key: str) -> SchemaFinding:
    return SchemaFinding(path, f"{_where(path)} lacks the key {quoted(key)}.")


# Values

_WANTED = {
    "object": "a mapping",
    "array": "a list",
    "string": "text",
    "boolean": "true or false",
    "integer": "a whole number",
    "number": "a number",
    "null": "empty",
}
_GIVEN = {dict: "a mapping", list: "a list", str: "text", bool: "true or false", int: "a number", float: "a fraction"}
_PLAIN_TAGS = {"boolean": {"!!bool"}, "integer": {"!!int"}, "number": {"!!int", "!!float"}}
_LIMITS = {
    "minimum": "must be at least {}.",
    "exclusiveMinimum": "must be more than {}.",
    "maximum": "must be at most {}.",
    "exclusiveMaximum": "must be less than {}.",
    "multipleOf": "must be a multiple of {}.",
    "minLength": "must have at least {} characters.",
    "maxLength": "must have at most {} characters.",
    "minItems": "must have at least {} items.",
    "maxItems": "must have at most {} items.",
    "minProperties": "must have at least {} keys.",
    "maxProperties": "must have at most {} keys.",
    "unevaluatedProperties": "has a key that the schema does not know.",
}


def _requirement(error: _Error, path: Path) -> str:
    match error.validator:
        case "type" if _is_plain_text(error):
            return f"must match {error.schema['pattern']}, {_not_this(_text(error.instance), path)}."
        case "type":
            return _wrong_type([error], error.instance)
        case "oneOf" | "anyOf" if error.context:
            return _wrong_type([inner for inner in error.context if _is_of_another_type(inner)], error.instance)
        case "oneOf":
            return "fits more than one of the forms it may have."
        case "enum" | "const":
            words = error.validator_value if error.validator == "enum" else [error.validator_value]
            return _wrong_word(words, error.instance, path)
        case "pattern":
            return f"must match {error.validator_value}, {_not_this(error.instance, path)}."
        case "uniqueItems":
            return "has the same item twice."
    template = _LIMITS.get(str(error.validator), f"does not meet the {error.validator} of the schema.")
    return template.format(error.validator_value)


def _types(error: _Error) -> list[str]:
    types = error.validator_value
    return [types] if isinstance(types, str) else list(types)


def _wrong_type(errors: list[_Error], given: object) -> str:
    wanted = [word for error in errors for word in _types(error)]
    words = dict.fromkeys(_WANTED.get(word, word) for word in wanted)
    could_be = resolve_plain(given) if isinstance(given, str) else ""
    advice = "; remove the quotes" if any(could_be in _PLAIN_TAGS.get(word, ()) for word in wanted) else ""
    return f"must be {_either(words)}, not {_GIVEN[type(given)]}{advice}."


def _wrong_word(words: list[Any], given: object, path: Path) -> str:
    known = [word for word in words if isinstance(word, str)]
    shown = _either([quoted(word) if isinstance(word, str) else str(word) for word in words])
    if isinstance(given, str):
        advice = did_you_mean(given, known) if len(words) > 1 else "."
    else:
        advice = "; put it in quotes." if known and isinstance(given, bool | int | float) else "."
    return f"must be {shown}, {_not_this(given, path)}{advice}"


def _either(words: Iterable[str]) -> str:
    *others, last = words
    return f"{', '.join(others)} or {last}" if others else last


_AFTER_PATH = re.compile("[?#]")


def _not_this(given: object, path: Path) -> str:
    """The value, unless it can be a secret: by the name of a key above it, or in the query of a URL."""
    if not isinstance(given, str):
        return f"not {_GIVEN[type(given)]}"
    is_secret = any(isinstance(step, str) and may_be_secret(step) for step in path)
    return "not this value" if is_secret else f"not {quoted(_AFTER_PATH.split(given)[0])}"


def _where(path: Path) -> str:
    """The last key of a path and the indices after it."""
    last = max((at for at, step in enumerate(path) if isinstance(step, str)), default=0)
    return printable(dotted(mask_path(path[last:]))) or "The document"
