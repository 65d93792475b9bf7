"""``talos-registry fmt``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from talos_registry.cli.difference import show_changes
from talos_registry.cli.exits import Exit
from talos_registry.cli.files import read_files
from talos_registry.cli.options import talos_version_option
from talos_registry.cli.streams import complain, print_findings, say
from talos_registry.cli.unrendered import reason_to_skip
from talos_registry.cli.writing import WriteError, encoded_like, write_back
from talos_registry.diagnostic import InvalidConfigError, TalosRegistryError
from talos_registry.formatting import formatted
from talos_registry.loading import parse

if TYPE_CHECKING:
    from talos_registry.cli.files import File
    from talos_registry.loading import MachineConfig

__all__ = ["command"]


@click.command("fmt")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("--check", is_flag=True, help="Write nothing; exit with 1 if a file would change.")
@click.option(
    "--diff", is_flag=True, help="Write nothing; show what would change, with secrets masked. Implies --check."
)
@talos_version_option
def command(files: tuple[str, ...], check: bool, diff: bool, talos_version: str) -> None:
    """Rewrite FILES in the form in which Talos writes them; comments, blank lines and anchors stay.

    The kind-less v1alpha1 document and documents of other kinds stay as they are. A file that Talos refuses is left
    alone. - is read from standard input and written to standard output.
    """
    worst = Exit.CLEAN
    for file in read_files(files):
        worst = max(worst, _format(file, talos_version, check=check or diff, diff=diff))
    sys.exit(worst)


def _format(file: File, talos_version: str, *, check: bool, diff: bool) -> Exit:
    if file.data is None:
        return Exit.USAGE
    reason = reason_to_skip(file.name, file.data)
    if reason is not None:
        complain(f"skipped: {reason}", file.name)
        return Exit.CLEAN
    config = parse(file.data, filename=file.name, talos_version=talos_version)
    text = _formatted(config)
    if text is None:
        return Exit.FINDINGS
    if diff and text != config.text:
        show_changes(config, text)
    after = encoded_like(text, file.data)
    if check:
        return _reported_as_not_canonical(file.name) if after != file.data else Exit.CLEAN
    return _written(file.name, file.data, after)


def _formatted(config: MachineConfig) -> str | None:
    """The text in canonical form; None where there is none, which is reported."""
    try:
        return formatted(config)
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
    say(f"{name}: formatted")
    return Exit.CLEAN
