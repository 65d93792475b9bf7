"""``talos-registry validate``."""

from __future__ import annotations

import gc
import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_files
from talos_registry.cli.options import talos_version_option
from talos_registry.config import parse
from talos_registry.diagnostic import Severity

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.diagnostic import Diagnostic

__all__ = ["command"]

Check = "Callable[[bytes, str], tuple[Diagnostic, ...]]"


@click.command("validate")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@talos_version_option
@click.option(
    "--schema",
    "schema_file",
    type=click.Path(),
    metavar="FILE",
    help="Also check every document against this Talos JSON Schema.",
)
@click.option(
    "--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True, help="Output format."
)
def command(files: tuple[str, ...], talos_version: str, schema_file: str | None, output: str) -> None:
    """Check what Talos refuses in FILES, each judged alone.

    Of the kind-less v1alpha1 document only machine.registries and machine.features.imageCache are judged.
    """
    check_schema = _schema_check(schema_file)
    found: list[Diagnostic] = []
    count = documents = 0
    unreadable = False
    gc.disable()  # trees are dropped as soon as they are judged, and nothing in them goes round in circles
    for file in read_files(files):
        if file.data is None:
            unreadable = True
            continue
        config = parse(file.data, filename=file.name, talos_version=talos_version)
        found.extend(_merged(config.diagnostics, check_schema(file.data, file.name)))
        count += 1
        documents += sum(entry.identity.kind != "" for entry in config.entries)
    _report(found, count, documents, output)
    has_errors = any(one.severity is Severity.ERROR for one in found)
    sys.exit(Exit.USAGE if unreadable else Exit.FINDINGS if has_errors else Exit.CLEAN)


def _merged(judged: tuple[Diagnostic, ...], by_schema: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    """All findings in file order; where Talos' own verdict stands, the schema has nothing to add."""
    places = {(one.line, one.column) for one in judged}
    added = [one for one in by_schema if (one.line, one.column) not in places]
    return sorted([*judged, *added], key=lambda one: (one.line or 0, one.column or 0))


def _schema_check(schema_file: str | None) -> Callable[[bytes, str], tuple[Diagnostic, ...]]:
    if schema_file is None:
        return lambda data, name: ()  # noqa: ARG005 - nothing to check
    from talos_registry.cli.schema import schema_check  # noqa: PLC0415 - jsonschema is slow to import

    return schema_check(schema_file)


def _report(found: list[Diagnostic], count: int, documents: int, output: str) -> None:
    if output == "json":
        from talos_registry.report.as_json import render  # noqa: PLC0415 - the other formats do without

        click.echo(render(found, files=count, documents=documents))
        return
    from talos_registry.report.as_text import render_finding, render_summary  # noqa: PLC0415 - likewise

    for one in found:
        click.echo(render_finding(one))
    if count:
        click.echo(render_summary(found, files=count, documents=documents), err=True)
