"""A Talos JSON Schema taken apart by document kind, so that a document is checked against its own branch only.

Source: siderolabs/talos, pkg/machinery/config/schemas/config.schema.json (the shape: ``oneOf`` over one definition per kind).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from jsonschema.validators import extend, validator_for
from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]
from referencing import Resource
from referencing.exceptions import Unresolvable
from referencing.jsonschema import DRAFT202012

from talos_registry.diagnostic import TalosRegistryError, dotted
from talos_registry.documents import legacy
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from jsonschema.protocols import Validator

__all__ = ["InvalidSchemaError", "TalosSchema"]

_Schema: TypeAlias = "Mapping[str, Any]"


class InvalidSchemaError(TalosRegistryError):
    """A schema that cannot be used; ``str()`` is one sentence that says why."""


@dataclass(frozen=True, slots=True)
class TalosSchema:
    """A JSON Schema, ready to check documents.

    Attributes:
        by_kind: a validator for each kind the schema tells apart, empty for a schema of another shape.
        whole: one for the schema as it is.
    """

    by_kind: Mapping[str, Validator]
    whole: Validator

    @classmethod
    def of(cls, schema: Any) -> TalosSchema:
        """The schema, taken apart; worth keeping for several files, since it is the slow part.

        Nothing is fetched: a schema has to be complete in itself.

        Args:
            schema: plain values, as ``json.loads`` gives them.

        Raises:
            InvalidSchemaError: if ``schema`` is not a JSON Schema, or refers to what it does not contain.
        """
        if not isinstance(schema, Mapping):
            raise InvalidSchemaError("The schema is not a JSON object.")
        base = validator_for(schema, default=Draft202012Validator)
        _check(base, schema)
        whole = _patient(base)(schema, registry=REGISTRY)
        return cls({kind: whole.evolve(schema=branch) for kind, branch in _branches(schema).items()}, whole)

    def errors(self, kind: str, data: Any) -> Iterator[ValidationError]:
        """What is wrong with a document of a ``kind`` that the schema knows.

        Args:
            kind: that of the document.
            data: the document as plain values.

        Raises:
            InvalidSchemaError: if the schema turns out to be unusable only now.
            RecursionError: if document and schema nest too deeply.
        """
        validator = self.by_kind.get(kind, self.whole)
        try:
            yield from validator.iter_errors(data)
        except (AttributeError, TypeError, re.error, Unresolvable) as error:
            raise InvalidSchemaError(f"The schema cannot be used for {kind}: {error}.") from None


def _check(base: type[Validator], schema: _Schema) -> None:
    try:
        base.check_schema(dict(schema))
        references = set(_references(schema))
    except SchemaError as error:
        where = dotted(tuple(error.absolute_path)) or "its root"
        raise InvalidSchemaError(f"The schema is wrong at {where}: {_shortened(error.message)}.") from None
    except RecursionError:
        raise InvalidSchemaError("The schema is nested too deeply.") from None
    resolver = _resolver(schema)
    for reference in sorted(references):
        try:
            resolver.lookup(reference)
        except Unresolvable:
            raise InvalidSchemaError(f"The schema refers to {quoted(reference)}, which it does not contain.") from None


_LONGEST = 100


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."


def _resolver(schema: _Schema) -> Any:
    resource = Resource.from_contents(schema, default_specification=DRAFT202012)
    return REGISTRY.resolver_with_root(resource)


def _references(schema: object, *, is_root: bool = True) -> Iterator[str]:
    """Every reference, except below a further ``$id``: what is local there is known only in use."""
    if isinstance(schema, Mapping) and (is_root or not isinstance(schema.get("$id"), str)):
        reference = schema.get("$ref")
        if isinstance(reference, str):
            yield reference
        for value in schema.values():
            yield from _references(value, is_root=False)
    elif isinstance(schema, list):
        for value in schema:
            yield from _references(value, is_root=False)


# One branch per kind


def _branches(schema: _Schema) -> dict[str, _Schema]:
    branches: dict[str, list[_Schema]] = {}
    for branch in schema.get("oneOf") or schema.get("anyOf") or ():
        branches.setdefault(_kind(_target(schema, branch)), []).append(branch)
    if not branches.keys() - {legacy.KIND}:
        return {}
    return {kind: same[0] if len(same) == 1 else {"anyOf": same} for kind, same in branches.items()}


def _target(schema: _Schema, branch: Any) -> Any:
    seen = set()
    while isinstance(branch, Mapping) and isinstance(branch.get("$ref"), str) and branch["$ref"] not in seen:
        seen.add(branch["$ref"])
        branch = _resolver(schema).lookup(branch["$ref"]).contents
    return branch


def _kind(branch: Any) -> str:
    properties = branch.get("properties", {}) if isinstance(branch, Mapping) else {}
    kind = properties.get("kind", {})
    if not isinstance(kind, Mapping):
        return legacy.KIND
    words = kind.get("enum", [kind.get("const")])
    return words[0] if len(words) == 1 and isinstance(words[0], str) else legacy.KIND


# Patterns: those of Talos' durations take Python's backtracking engine ages on some texts.

_REPEATED_GROUP = re.compile(r"\)[+*{]")
_LONGEST_TRIED = 40


def _pattern(validator: Validator, pattern: str, instance: object, schema: _Schema) -> Iterator[ValidationError]:  # noqa: ARG001 - the signature jsonschema calls
    """As jsonschema does, except that a pattern with a repeated group is tried on short texts only; long ones pass."""
    if not isinstance(instance, str) or (len(instance) > _LONGEST_TRIED and _REPEATED_GROUP.search(pattern)):
        return
    if not re.search(pattern, instance):
        yield ValidationError("does not match")


@cache
def _patient(base: type[Validator]) -> type[Validator]:
    patient: type[Validator] = extend(base, {"pattern": _pattern})  # type: ignore[no-untyped-call]
    return patient
