"""``talos-registry migrate``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, NoReturn, TypedDict

import click

from talos_registry.cli.exits import Exit
from talos_registry.cli.help import Command
from talos_registry.cli.intake import Skipped
from talos_registry.cli.options import IntakeOptions, intake_options
from talos_registry.cli.streams import complain, note, print_config, print_findings
from talos_registry.cli.taking import Taken
from talos_registry.cli.targets import warn_of_newer
from talos_registry.cli.together import read_one
from talos_registry.cli.writing import WriteError, encoded_like, write_back
from talos_registry.diagnostic import MigrateError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from talos_registry.loading import MachineConfig
    from talos_registry.migration.outcome import Migration

__all__ = ["command"]


class _Forms(TypedDict):
    """What becomes of a migrated file: one of these, or it is printed."""

    diff: bool
    in_place: bool
    patch: bool


@click.command("migrate", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILES...", type=click.Path(allow_dash=True))
@click.option(
    "--to",
    "to",
    type=click.Choice(["documents", "legacy"]),
    default="documents",
    show_default=True,
    help="What to write the registry settings as; legacy is for Talos before 1.12.",
)
@click.option("--diff", is_flag=True, help="Print what changes, with secrets masked.")
@click.option("--in-place", is_flag=True, help="Write the files back.")
@click.option("--patch", is_flag=True, help="Print a patch that does the same to a running node.")
@intake_options
def command(
    files: tuple[str, ...], to: str, diff: bool, in_place: bool, patch: bool, **options: Unpack[IntakeOptions]
) -> None:
    """Write the legacy machine.registries section of FILES as documents; the rest of the files stays as it is.

    Comments go along. What Talos would refuse as a document stays where it is and is named; the exit code is then 1.
    Several files need --in-place or --diff; patches, and files that carry some, are left alone then.
    """
    form = _form({"diff": diff, "in_place": in_place, "patch": patch})
    if form == "in_place" and "-" in files:
        raise click.UsageError("--in-place needs files, not standard input")
    if form == "patch" and to == "legacy":
        raise click.UsageError("--patch goes with --to documents only")
    if form in {"in_place", "diff"} and not _is_one(files):
        _migrate_all(files, to, form, options)
    file, *others = files
    if others:
        raise click.UsageError("several files are migrated with --in-place or --diff")
    subject = read_one(file, options["talos_version"])
    config = subject.config()
    warn_of_newer([config.talos_version])
    sys.exit(_migrate(config, subject.data, to, form))


def _is_one(files: tuple[str, ...]) -> bool:
    return len(files) == 1 and (files[0] == "-" or os.path.isfile(files[0]))


def _migrate_all(files: tuple[str, ...], to: str, form: str, options: IntakeOptions) -> NoReturn:
    taken = Taken(files, options)
    for subject in taken.subjects():
        if isinstance(subject, Skipped):
            taken.skip(subject)
        elif subject.form != "config":
            note(f"not migrated: this is {subject.what or 'a patch'}", subject.name)
        else:
            taken.reach(_migrate(taken.config(subject), subject.data, to, form))
    sys.exit(taken.worst)


def _migrate(config: MachineConfig, before: bytes, to: str, form: str | None) -> Exit:
    try:
        migration = _direction(to, form)(config)
    except MigrateError as error:
        complain(str(error), config.filename)
        return Exit.FINDINGS
    try:
        _deliver(migration, config, before, form)
    except WriteError as error:
        error.show()
        return Exit.USAGE
    print_findings((*migration.stays, *migration.notes))
    if migration.text == ("" if form == "patch" else config.text):
        note("nothing is migrated", config.filename)
    return Exit.FINDINGS if migration.stays else Exit.CLEAN


def _deliver(migration: Migration, config: MachineConfig, before: bytes, form: str | None) -> None:
    """Print the migrated config or what changes in it, or write it back."""
    if form == "in_place":
        if migration.text != config.text:
            write_back(config.filename, before, encoded_like(migration.text, before))
    elif form == "diff":
        from talos_registry.cli.difference import show_changes

        show_changes(config, migration.text)
    else:
        print_config(migration.text)


def _form(forms: _Forms) -> str | None:
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
