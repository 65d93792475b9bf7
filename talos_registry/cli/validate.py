"""``talos-registry validate``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from talos_registry.cli.checking import Judge, check_files
from talos_registry.cli.help import Command
from talos_registry.cli.options import intake_options
from talos_registry.cli.reporting import finish, format_option

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from talos_registry.cli.options import IntakeOptions
    from talos_registry.diagnostic import Diagnostic
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.command("validate", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILES...", type=click.Path(allow_dash=True))
@click.option(
    "--schema",
    "schema_file",
    type=click.Path(),
    metavar="FILE",
    help="Also check every document against this Talos JSON Schema.",
)
@intake_options
@format_option
def command(files: tuple[str, ...], schema_file: str | None, output: str, **options: Unpack[IntakeOptions]) -> None:
    """Check what Talos refuses in FILES, each judged alone.

    Every document is decoded as Talos does; what its values mean is judged for registries and the image cache.
    """
    check_schema = _schema_check(schema_file)

    def judged(config: MachineConfig) -> tuple[Diagnostic, ...]:
        return config.diagnostics if config.is_patch else _merged(config.diagnostics, check_schema(config))

    finish(check_files(files, Judge(judged, output=output), options, alone="report"), output)


def _merged(judged: tuple[Diagnostic, ...], by_schema: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    """All findings in file order; where Talos' own verdict stands, the schema has nothing to add."""
    places = {(diagnostic.line, diagnostic.column) for diagnostic in judged}
    added = [diagnostic for diagnostic in by_schema if (diagnostic.line, diagnostic.column) not in places]
    return tuple(sorted([*judged, *added], key=_place))


def _place(diagnostic: Diagnostic) -> tuple[int, int]:
    return diagnostic.line or 0, diagnostic.column or 0


def _schema_check(schema_file: str | None) -> Callable[[MachineConfig], tuple[Diagnostic, ...]]:
    if schema_file is None:
        return lambda config: ()  # noqa: ARG005 - nothing to check
    from talos_registry.cli.schema import schema_check

    return schema_check(schema_file)
