"""JSON Schemas of the documents, for editors: generated from the models and from the shapes of the legacy section.

A schema teaches the plain spelling, so it differs from Talos on purpose.

- Stricter: Talos also takes ``yes`` and ``on`` for booleans, numbers and booleans for text, null or a plain ``<<`` for
  a key that is not set, upper-case URL schemes, ``http:`` without a host, and no ``apiVersion`` beside some values.
- Laxer: a schema cannot tell whether a URL or a certificate can be parsed, whether plain text is a date, whether a key
  or a document occurs twice, whether the legacy section repeats ``ImageCacheConfig``, whether a key is misspelt where
  other keys are open, or whether a value is the word ``kind`` or ``apiVersion``, which Talos takes for the key.
"""

from __future__ import annotations

import re
from copy import deepcopy
from types import UnionType
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias, Union, get_args, get_origin

from pydantic import BaseModel

from talos_registry.arguments import wrong_type
from talos_registry.documents import (
    TYPED,
    ClientIdentity,
    ImageCacheConfig,
    LocalImageCache,
    RegistryAuthConfig,
    RegistryEndpoint,
    RegistryMirrorConfig,
    RegistryTLSConfig,
    legacy,
)
from talos_registry.documents.shapes import BASE64, BOOL, Leaf, ListOf, MapOf, Shape, Struct
from talos_registry.messages import did_you_mean, quoted
from talos_registry.versions import LATEST, release_of

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

__all__ = ["json_schema"]

JSONSchema: TypeAlias = "dict[str, Any]"
Part: TypeAlias = "dict[str, Part | None]"
"""Keys, and which parts of their values; None for the whole."""


def json_schema(kind: str | None = None) -> JSONSchema:
    """The JSON Schema (draft 2020-12) of a document kind; without one, of any document of a stream.

    The schema of a stream picks the kind by ``kind``, describes the registry sections of the kind-less v1alpha1
    document, and lets every other kind pass.

    Args:
        kind: one of the four typed kinds, such as ``RegistryMirrorConfig``.

    Raises:
        ValueError: if ``kind`` is not one of the typed kinds.
        TypeError: for what is no text.
    """
    if kind is None:
        return deepcopy(_head("stream") | _stream())
    if not isinstance(kind, str):
        raise wrong_type("json_schema", "a kind as text", kind)
    if kind not in TYPED:
        known = f"; there is {', '.join(TYPED)}"
        raise ValueError(f"no schema for the kind {quoted(kind)}{did_you_mean(kind, TYPED, otherwise=known)}")
    return deepcopy(_head(kind) | _document(TYPED[kind]))


def _head(name: str) -> JSONSchema:
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": f"urn:talos-registry:schema:{name}"}


# Models: types and texts are theirs; what Talos refuses beyond types is below.

_PEM = "Paste the PEM text itself, from the -----BEGIN line on."
_VALUES: dict[str, JSONSchema] = {
    "apiVersion": {"const": "v1alpha1"},
    "name": {"minLength": 1},
    "url": {
        "pattern": "^https?://.+",
        "patternErrorMessage": "Write the scheme too: http://HOST[:PORT] or https://HOST[:PORT].",
    },
    "cert": {"pattern": "(^|\\n)-----BEGIN CERTIFICATE-----", "patternErrorMessage": _PEM},
    "key": {"pattern": "(^|\\n)-----BEGIN ", "patternErrorMessage": _PEM},
    "ca": {"pattern": "^$|(^|\\n)-----BEGIN CERTIFICATE-----", "patternErrorMessage": _PEM},
}
"""What a value must be, by its key, wherever the key occurs."""

_REQUIRED = frozenset({"apiVersion", "kind", "name", "url", "cert", "key"})
"""The keys that may not be missing where they belong."""


def _document(model: type[BaseModel]) -> JSONSchema:
    exclusive = {"allOf": _EXCLUSIVE} if model is RegistryAuthConfig else {}
    return _of_model(model) | exclusive


def _of_model(model: type[BaseModel]) -> JSONSchema:
    fields = {str(field.serialization_alias): field for field in model.model_fields.values()}
    required = [key for key in fields if key in _REQUIRED]
    return {
        **_texts(model.__name__, _summary(model)),
        "type": "object",
        "properties": {key: _property(key, field) for key, field in fields.items()},
        **({"required": required} if required else {}),
        "additionalProperties": False,
    }


def _property(key: str, field: FieldInfo) -> JSONSchema:
    texts = _field_texts(key, field)
    return texts | _of_type(field.annotation) | _VALUES.get(key, {}) | texts


def _of_type(annotation: Any) -> JSONSchema:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in {Annotated, Union, UnionType}:
        return _of_type(arguments[0])
    if origin is Literal:
        return {"type": "string", "const": arguments[0]}
    if origin is tuple:
        return {"type": "array", "items": _of_type(arguments[0])}
    if issubclass(annotation, BaseModel):
        return _of_model(annotation)
    return {"type": "boolean" if annotation is bool else "string"}


def _without(given: str, *others: str) -> JSONSchema:
    message = "Keep one of username and password, auth, or identityToken."
    empty = {"pattern": "^$", "patternErrorMessage": message}
    return {
        "if": {"required": [given], "properties": {given: {"minLength": 1}}},
        "then": {"properties": dict.fromkeys(others, empty)},
    }


_EXCLUSIVE = [_without("username", "auth", "identityToken"), _without("auth", "identityToken")]


# Texts


def _summary(model: type[BaseModel]) -> str:
    return (model.__doc__ or "").partition("\n")[0]


def _field_texts(key: str, field: FieldInfo) -> JSONSchema:
    examples = {"examples": field.examples} if field.examples else {}
    return _texts(key, field.description or "") | examples


def _texts(title: str, description: str) -> JSONSchema:
    marked = _CODE.sub(r"`\g<0>`", description)
    return {"title": title, "description": description, "markdownDescription": marked}


_CODE = re.compile(r"(?<!\S)(?=\S*[/*]|\S*\w[.:]\w)\S+?(?=[.,;:]?(?:\s|$))")
"""The words of a description that are not prose: URLs, paths, hosts, ``*``."""


# The legacy section: structure from its shapes; texts from the models where they have one.

_FIELDS: dict[str, FieldInfo] = {
    **{str(field.serialization_alias): field for model in TYPED.values() for field in model.model_fields.values()},
    "overridePath": RegistryEndpoint.model_fields["override_path"],
    "crt": ClientIdentity.model_fields["cert"],
    "key": ClientIdentity.model_fields["key"],
    "localEnabled": LocalImageCache.model_fields["enabled"],
}

_LEGACY_TEXTS: dict[str, str] = {
    "version": "Version of the machine config.",
    "debug": "Log everything to the console.",
    "persist": "Keep the machine config across reboots.",
    "cluster": "Settings of the cluster.",
    "machine": "Settings of the machine; only what concerns registries is described here.",
    "registries": "Registry settings, the legacy way: RegistryMirrorConfig, RegistryAuthConfig and RegistryTLSConfig documents take their place.",
    "mirrors": f"{_summary(RegistryMirrorConfig)} The keys are the registry hosts; * stands for every host without a mirror of its own.",
    "config": "Credentials and TLS settings; the keys are the endpoint hosts.",
    "tls": _summary(RegistryTLSConfig),
    "auth": _summary(RegistryAuthConfig),
    "features": "Features of the machine; only the image cache is described here.",
    "imageCache": f"{_summary(ImageCacheConfig)} The legacy way: an ImageCacheConfig document takes its place.",
}
_DEPRECATED = frozenset({"registries", "imageCache"})


def _stream() -> JSONSchema:
    kinds = ", ".join(TYPED)
    return {
        **_texts(
            "Talos document", f"A document of a Talos machine config; {kinds} and the legacy section are described."
        ),
        "type": "object",
        "properties": {
            "kind": {
                **_texts("kind", "Kind of the document; the v1alpha1 machine config has none."),
                "anyOf": [{"enum": list(TYPED)}, {"type": "string", "minLength": 1}],
            }
        },
        "allOf": [*map(_choice, TYPED), _KINDLESS],
        "$defs": {
            **{kind: _document(model) for kind, model in TYPED.items()},
            legacy.KIND: _texts("v1alpha1", "The machine config, which has no kind.")
            | _of_part(legacy.config(release_of(LATEST)), _LEGACY),
        },
    }


def _choice(kind: str) -> JSONSchema:
    return {
        "if": {"required": ["kind"], "properties": {"kind": {"const": kind}}},
        "then": {"$ref": f"#/$defs/{kind}"},
    }


_KINDLESS: JSONSchema = {
    "if": {
        "not": {"required": ["kind"]},
        "anyOf": [{"required": [key]} for key in sorted(legacy.MARKS)],
    },
    "then": {"$ref": f"#/$defs/{legacy.KIND}"},
    "else": {"required": ["kind"]},
}


def _of_shape(shape: Shape) -> JSONSchema:
    if isinstance(shape, Struct):
        return _of_struct(shape)
    if isinstance(shape, ListOf):
        return {"type": "array", "items": _of_shape(shape.item)}
    if isinstance(shape, MapOf):
        return {"type": "object", "additionalProperties": _of_shape(shape.item)}
    return {"type": "boolean" if shape is BOOL else "string"}


_LEGACY: Part = {
    **dict.fromkeys(("version", "debug", "persist")),
    "machine": {"registries": None, "features": {"imageCache": None}},
    "cluster": {},
}
"""The part of the v1alpha1 document that is described."""


def _of_part(struct: Struct, part: Part) -> JSONSchema:
    """A struct of which only some keys are described; where that is not all of them, it takes others."""
    described = {key: _part_property(struct, key, inner) for key, inner in part.items()}
    if part.keys() == struct.fields.keys():
        return {"type": "object", "properties": described, "additionalProperties": False}
    elsewhere = dict.fromkeys(legacy.MISPLACED[struct.go], False)
    return {"type": "object", "properties": described | elsewhere}


def _part_property(struct: Struct, key: str, part: Part | None) -> JSONSchema:
    shape = struct.fields[key]
    if part is None or not isinstance(shape, Struct):
        return _legacy_property(struct, key, shape)
    return _legacy_texts(key, shape) | _of_part(shape, part)


def _of_struct(struct: Struct) -> JSONSchema:
    described = {key: _legacy_property(struct, key, shape) for key, shape in struct.fields.items()}
    return {"type": "object", "properties": described, "additionalProperties": False}


def _legacy_property(struct: Struct, key: str, shape: Shape) -> JSONSchema:
    is_base64 = shape is BASE64 or key in struct.base64
    texts = _legacy_texts(key, shape)
    if not is_base64:
        return texts | _of_shape(shape)
    texts = _texts(key, f"{texts['description']} Written as base64 of that text.")
    return texts | _base64(struct.raw.get(key))


def _legacy_texts(key: str, shape: Shape) -> JSONSchema:
    is_field = key in _FIELDS and (isinstance(shape, Leaf) or key not in _LEGACY_TEXTS)
    if is_field:
        return _field_texts(key, _FIELDS[key])
    deprecated = {"deprecated": True} if key in _DEPRECATED else {}
    return _texts(key, _LEGACY_TEXTS[key]) | deprecated


def _base64(raw: str | None = None) -> JSONSchema:
    """Base64 with padding, line breaks anywhere; or the one ``raw`` text that is taken as it is."""
    digit = "[A-Za-z0-9+/][\\r\\n]*"
    last = f"(?:{digit}){{2}}=[\\r\\n]*=[\\r\\n]*|(?:{digit}){{3}}=[\\r\\n]*"
    pattern = f"[\\r\\n]*(?:(?:{digit}){{4}})*(?:{last})?"
    either = f"{re.escape(raw)}|" if raw else ""
    return {
        "type": "string",
        "contentEncoding": "base64",
        "pattern": f"^(?:{either}{pattern})$",
        "patternErrorMessage": "The legacy section takes base64 of the PEM text, not the text itself.",
    }
