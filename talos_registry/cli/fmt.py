"""``talos-registry fmt``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.difference import show_changes
from talos_registry.cli.exits import Exit
from talos_registry.cli.help import Command
from talos_registry.cli.intake import Skipped
from talos_registry.cli.options import intake_options
from talos_registry.cli.streams import complain, print_findings, remark, say
from talos_registry.cli.taking import Taken
from talos_registry.cli.writing import WriteError, encoded_like, write_back
from talos_registry.diagnostic import InvalidConfigError, TalosRegistryError
from talos_registry.formatting import format_config

if TYPE_CHECKING:
    from typing import Unpack

    from talos_registry.cli.options import IntakeOptions
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.command("fmt", cls=Command)
@click.argument("files", nargs=-1, required=True, metavar="FILES...", type=click.Path(allow_dash=True))
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change, with secrets masked. Implies --check."
)
@intake_options
def command(files: tuple[str, ...], check: bool, diff: bool, **options: Unpack[IntakeOptions]) -> None:
    """Rewrite FILES in the form in which Talos writes them; comments, blank lines and anchors stay.

    The kind-less v1alpha1 document, documents of other kinds, those of a patch that delete something, and files of other
    tools stay as they are. A file that Talos refuses is left alone. - is read from standard input and written to standard
    output.
    """
    taken = Taken(files, options)
    for subject in taken.subjects():
        if isinstance(subject, Skipped):
            taken.skip(subject)
        if isinstance(subject, Skipped) or subject.form == "carrier":
            _pass_on(subject.name, subject.data, check=check or diff)
        else:
            taken.reach(_format(taken.config(subject), subject.data, check=check or diff, diff=diff))
    sys.exit(taken.worst)


def _pass_on(name: str, data: bytes, *, check: bool) -> None:
    """Leave a file as it is, which means to write it where it is read from standard input."""
    if name == "-" and not check:
        click.echo(data, nl=False)


def _format(config: MachineConfig, data: bytes, *, check: bool, diff: bool) -> Exit:
    text = _formatted(config)
    if text is None:
        return Exit.FINDINGS
    if diff and text != config.text:
        show_changes(config, text)
    after = encoded_like(text, data)
    if check:
        return _reported_as_not_canonical(config.filename) if after != data else Exit.CLEAN
    return _written(config.filename, data, after)


def _formatted(config: MachineConfig) -> str | None:
    """The text in canonical form; None where there is none, which is reported."""
    try:
        return format_config(config)
    except InvalidConfigError as error:
        print_findings(error.diagnostics)
    except TalosRegistryError as error:
        complain(str(error))
    return None


def _reported_as_not_canonical(name: str) -> Exit:
    say(f"{name}: not in canonical form")
    return Exit.FINDINGS


def _written(name: str, before: bytes, after: bytes) -> Exit:
    if name == "-":
        click.echo(after, nl=False)
        return Exit.CLEAN
    if after == before:
        return Exit.CLEAN
    try:
        write_back(name, before, after)
    except WriteError as error:
        error.show()
        return Exit.USAGE
    remark(f"{name}: formatted")
    return Exit.CLEAN
