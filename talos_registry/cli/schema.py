"""``talos-registry schema``, and the schema check of ``validate``."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, NoReturn

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_file
from talos_registry.cli.help import Command
from talos_registry.cli.streams import complain
from talos_registry.documents import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command", "schema_check"]


@click.command("schema", cls=Command)
@click.argument("kind", required=False, type=click.Choice(list(KINDS)), metavar="[KIND]")
def command(kind: str | None) -> None:
    """Print the JSON Schema (2020-12) of a document KIND; without one, that of any document of a stream, for editors."""
    from talos_registry.schema import json_schema

    click.echo(json.dumps(json_schema(kind), indent=2))


def schema_check(path: str) -> Callable[[MachineConfig], tuple[Diagnostic, ...]]:
    """A check of configs against the Talos JSON Schema at ``path``; ends the process when that cannot be used."""
    from talos_registry.schema import (
        InvalidSchemaError,
        TalosSchema,
        check_schema,
    )

    data = read_file(path)
    if data is None:
        sys.exit(Exit.USAGE)

    def check(config: MachineConfig) -> tuple[Diagnostic, ...]:
        try:
            return check_schema(config, schema)
        except InvalidSchemaError as error:
            _refuse(path, error)

    try:
        schema = TalosSchema.of(json.loads(data))
    except (ValueError, RecursionError) as error:
        _refuse(path, error)
    return check


def _refuse(path: str, error: Exception) -> NoReturn:
    reason = "it is no JSON" if isinstance(error, json.JSONDecodeError | RecursionError | UnicodeDecodeError) else error
    complain(f"not a JSON Schema that can be used: {reason}", path)
    sys.exit(Exit.USAGE)
