"""JSON Schemas: those of this library, and checks against that of Talos."""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.faces import face

if TYPE_CHECKING:
    from talos_registry.schema.conformity import InvalidSchemaError, TalosSchema, check_schema
    from talos_registry.schema.generation import json_schema

__all__ = ["InvalidSchemaError", "TalosSchema", "check_schema", "json_schema"]

__getattr__ = face(
    __name__, {"conformity": ("InvalidSchemaError", "TalosSchema", "check_schema"), "generation": ("json_schema",)}
)
