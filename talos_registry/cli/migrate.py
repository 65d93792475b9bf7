"""``talos-registry migrate``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.streams import complain, print_config, print_findings
from talos_registry.cli.targets import warn_of_newer
from talos_registry.cli.together import read_one
from talos_registry.cli.writing import encoded_like, write_back
from talos_registry.diagnostic import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.loading import MachineConfig
    from talos_registry.migration.outcome import Migration

__all__ = ["command"]


@click.command("migrate")
@click.argument("file", metavar="FILE")
@click.option(
    "--to",
    "to",
    type=click.Choice(["documents", "legacy"]),
    default="documents",
    show_default=True,
    help="What to write the registry settings as; legacy is for Talos before 1.12.",
)
@click.option("--diff", is_flag=True, help="Print what changes, with secrets masked.")
@click.option("--in-place", is_flag=True, help="Write the file back.")
@click.option("--patch", is_flag=True, help="Print a patch that does the same to a running node.")
@talos_version_option
def command(file: str, to: str, talos_version: str | None, **forms: bool) -> None:
    """Write the legacy machine.registries section of FILE as documents; the rest of the file stays as it is.

    Comments go along. What Talos would refuse as a document stays where it is and is named; the exit code is then 1.
    """
    form = _form(forms)
    if form == "in_place" and file == "-":
        raise click.UsageError("--in-place needs a file, not standard input")
    if form == "patch" and to == "legacy":
        raise click.UsageError("--patch goes with --to documents only")
    subject = read_one(file, talos_version)
    config, before = subject.config, subject.data
    warn_of_newer([config.talos_version])
    migration = _migrated(_direction(to, form), config)
    if form == "in_place":
        if migration.text != config.text:
            write_back(file, before, encoded_like(migration.text, before))
    elif form == "diff":
        from talos_registry.cli.difference import show_changes

        show_changes(config, migration.text)
    else:
        print_config(migration.text)
    print_findings((*migration.stays, *migration.notes))
    if migration.text == ("" if form == "patch" else config.text):
        complain("nothing is migrated", file)
    sys.exit(Exit.FINDINGS if migration.stays else Exit.CLEAN)


def _form(forms: dict[str, bool]) -> str | None:
    """The one form that is asked for."""
    chosen = [form for form, is_chosen in forms.items() if is_chosen]
    if len(chosen) > 1:
        options = " and ".join(f"--{form.replace('_', '-')}" for form in chosen)
        raise click.UsageError(f"{options} exclude each other")
    return chosen[0] if chosen else None


def _direction(to: str, form: str | None) -> Callable[[MachineConfig], Migration]:
    if form == "patch":
        from talos_registry.migration.to_patch import to_patch

        return to_patch
    if to == "legacy":
        from talos_registry.migration.to_legacy import to_legacy

        return to_legacy
    from talos_registry.migration.to_documents import to_documents

    return to_documents


def _migrated(migrate: Callable[[MachineConfig], Migration], config: MachineConfig) -> Migration:
    try:
        return migrate(config)
    except MigrateError as error:
        complain(str(error), config.filename)
        sys.exit(Exit.FINDINGS)
